/** Input that another thread, or the caller, can change while it is verified. */
import { parseTrustedRoot, verifyBundle, verifyProvenance } from "@pubpin/shared";
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

test("what is returned does not change with the input", async () => {
  const input = shared(minted.envelope);
  const { payload } = await verifyBundle(input, { bytes: MESSAGE }, IDENTITY, root);
  const before = payload?.slice();
  input.fill(0);
  expect(payload).toEqual(before);
  expect(payload?.buffer).toBeInstanceOf(ArrayBuffer);
});
