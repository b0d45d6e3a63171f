/** Input that another thread, or the caller, can change while it is verified. */
import { parseTrustedRoot, PubpinError, verifyBundle, verifyProvenance } from "@pubpin/shared";
import { beforeAll, expect, test } from "vitest";
import { FILE, IDENTITY, MESSAGE, PUBLISHER, root, sigstore } from "../support/instance.ts";

/** A copy in memory of a kind that web interfaces often refuse. */
type Copy = (bytes: Uint8Array) => Uint8Array;

/** Shared memory, which pages can have without being isolated. */
const shared: Copy = (bytes) => {
  const pages = Math.ceil((bytes.length + 8) / 65_536);
  const { buffer } = new WebAssembly.Memory({ shared: true, initial: pages, maximum: pages });
  const copy = new Uint8Array(buffer, 8, bytes.length);
  copy.set(bytes);
  return copy;
};

/** The constructor as ES2024 has it. */
const ResizableBuffer = ArrayBuffer as unknown as new (
  length: number,
  options: { readonly maxByteLength: number },
) => ArrayBuffer;

const resizable: Copy = (bytes) => {
  const buffer = new ResizableBuffer(bytes.length, { maxByteLength: bytes.length + 64 });
  const copy = new Uint8Array(buffer);
  copy.set(bytes);
  return copy;
};

const plain: Copy = (bytes) => new Uint8Array(bytes);

const minted: { envelope: Uint8Array; message: Uint8Array; provenance: Uint8Array } = {
  envelope: MESSAGE,
  message: MESSAGE,
  provenance: MESSAGE,
};

beforeAll(async () => {
  const subject = [{ name: "artifact.txt", digest: { sha256: FILE.sha256 } }];
  const type = "https://in-toto.io/Statement/v1";
  const statement = { _type: type, subject, predicateType: "https://example.org/p/v1" };
  minted.envelope = (await sigstore.sign({ statement })).bytes;
  minted.message = (await sigstore.sign({ message: MESSAGE, log: "rekor2" })).bytes;
  const bundles = [{ publisher: PUBLISHER }];
  minted.provenance = (await sigstore.provenance(FILE, { bundles })).bytes;
});

test.each([
  ["shared", shared],
  ["resizable", resizable],
  ["plain", plain],
])("input in %s memory is read once, before the call returns", async (_, copy) => {
  const inputs: Uint8Array[] = [];
  const input = (bytes: Uint8Array): Uint8Array => {
    const made = copy(bytes);
    inputs.push(made);
    return made;
  };
  const trust = parseTrustedRoot(input(await sigstore.trustedRootJson()));
  const running = [
    verifyBundle(input(minted.envelope), { bytes: input(MESSAGE) }, IDENTITY, root),
    verifyBundle(input(minted.message), { bytes: input(MESSAGE) }, IDENTITY, root),
    verifyProvenance(input(minted.provenance), FILE, root),
    trust,
  ];
  for (const bytes of inputs) bytes.fill(0);
  await expect(Promise.all(running)).resolves.toHaveLength(4);
  await expect(
    verifyBundle(copy(minted.message), { bytes: copy(MESSAGE) }, IDENTITY, await trust),
  ).resolves.toMatchObject({ payload: null });
});

/** Starts both verifications with what is expected, which changes once they run. */
async function verifyAndChange(expected: Expected, later: Expected): Promise<readonly unknown[]> {
  const identity = { ...expected.identity };
  const [artifact, file] = [{ sha256: expected.file.sha256 }, { ...expected.file }];
  const running = [
    verifyBundle(minted.envelope, artifact, identity, root),
    verifyProvenance(minted.provenance, file, root),
  ];
  Object.assign(identity, later.identity);
  Object.assign(artifact, { sha256: later.file.sha256 });
  Object.assign(file, later.file);
  return Promise.all(running.map((each) => each.then(() => "accepted", codeOfError)));
}

interface Expected {
  readonly identity: typeof IDENTITY;
  readonly file: typeof FILE;
}

function codeOfError(error: unknown): unknown {
  return error instanceof PubpinError ? error.code : error;
}

const RIGHT: Expected = { identity: IDENTITY, file: FILE };
const OTHER_SHA256 = "5a".repeat(32);

test.each([
  ["identity", { ...RIGHT, identity: { ...IDENTITY, subject: "https://github.com/o/other" } }, 0],
  ["digest", { ...RIGHT, file: { ...FILE, sha256: OTHER_SHA256 } }, 0],
  ["file's digest", { ...RIGHT, file: { ...FILE, sha256: OTHER_SHA256 } }, 1],
  ["file's name", { ...RIGHT, file: { ...FILE, filename: "other-1.0-py3-none-any.whl" } }, 1],
])("the %s that is expected is read once, before the call returns", async (_, wrong, call) => {
  expect((await verifyAndChange(RIGHT, wrong))[call]).toBe("accepted");
  expect((await verifyAndChange(wrong, RIGHT))[call]).toMatch(/_MISMATCH$/);
});

test("what is returned does not change with the input", async () => {
  const input = shared(minted.envelope);
  const { payload } = await verifyBundle(input, { bytes: MESSAGE }, IDENTITY, root);
  const before = payload?.slice();
  input.fill(0);
  expect(payload).toEqual(before);
  expect(payload?.buffer).toBeInstanceOf(ArrayBuffer);
});
