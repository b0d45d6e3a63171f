/** What is remembered of a signing certificate, and what is judged anew for every signature. */
import { parseTrustedRoot, type TrustedRoot, verifyBundle } from "@pubpin/shared";
import {
  DEFAULT_TIME,
  flipBit,
  type Leaf,
  later,
  mintSct,
  put,
  type SignOptions,
} from "@pubpin/test-kit";
import { afterEach, expect, test, vi } from "vitest";
import { MAX_CACHED_LEAVES } from "../../../packages/shared/src/limits.ts";
import { checkLeaf } from "../../../packages/shared/src/sigstore/leaf.ts";
import {
  IDENTITY,
  MESSAGE,
  ours,
  PUBLISHER,
  sigstore,
  STATEMENT,
  theirs,
} from "../support/instance.ts";
import { codeOf } from "../support/refusal.ts";

/** A trust root that has seen nothing yet. */
async function freshRoot(): Promise<TrustedRoot> {
  return parseTrustedRoot(await sigstore.trustedRootJson());
}

async function mint(leaf: Leaf, options: Partial<SignOptions> = {}): Promise<Uint8Array> {
  return (await sigstore.sign({ statement: STATEMENT, leaf, ...options })).bytes;
}

function verify(bytes: Uint8Array, root: TrustedRoot): Promise<unknown> {
  return verifyBundle(bytes, { bytes: MESSAGE }, IDENTITY, root);
}

/** How many signatures of each curve were checked while something ran. */
async function checksOf(run: () => Promise<unknown>): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const spy = vi.spyOn(crypto.subtle, "verify");
  const before = spy.mock.calls.length;
  await run();
  for (const [, key] of spy.mock.calls.slice(before)) {
    const { name, namedCurve = name } = key.algorithm as { name: string; namedCurve?: string };
    counts[namedCurve] = (counts[namedCurve] ?? 0) + 1;
  }
  return counts;
}

afterEach(() => {
  vi.restoreAllMocks();
});

/** The issuer's key is on P-384; the envelope's, the promise's, the checkpoint's and the SCT's are not. */
const FRESH = { "P-384": 1, "P-256": 4 };
const KNOWN = { "P-256": 3 };

test("a signing certificate is checked once for many signatures", async () => {
  const [root, leaf] = [await freshRoot(), await sigstore.issue(PUBLISHER)];
  const bundles = await Promise.all([mint(leaf), mint(leaf), mint(leaf)]);
  for (const [index, bytes] of bundles.entries()) {
    expect(await checksOf(() => verify(bytes, root))).toEqual(index === 0 ? FRESH : KNOWN);
  }
});

test("a signing certificate is checked once for signatures that are verified at once", async () => {
  const [root, leaf] = [await freshRoot(), await sigstore.issue(PUBLISHER)];
  const bundles = await Promise.all([mint(leaf), mint(leaf), mint(leaf)]);
  const checks = checksOf(() => Promise.all(bundles.map((bytes) => verify(bytes, root))));
  expect(await checks).toEqual({ "P-384": 1, "P-256": 1 + 3 * 3 });
});

test("another trust root does not know what one has checked", async () => {
  const leaf = await sigstore.issue(PUBLISHER);
  const bytes = await mint(leaf);
  for (const root of [await freshRoot(), await freshRoot()]) {
    expect(await checksOf(() => verify(bytes, root))).toEqual(FRESH);
  }
});

test("a certificate that one trust root has accepted is refused under a stricter one", async () => {
  const bytes = await mint(await sigstore.issue(PUBLISHER));
  const lenient = await freshRoot();
  await verify(bytes, lenient);
  const strict = await parseTrustedRoot(
    await sigstore.trustedRootJson(put("ctlogs.0.publicKey.validFor.end", "2026-01-01T00:00:00Z")),
  );
  expect(await codeOf(() => verify(bytes, strict))).toBe("SCT_INVALID");
  await verify(bytes, lenient);
});

test("whether a known certificate was valid is judged at each signature's own time", async () => {
  const [root, leaf] = [await freshRoot(), await sigstore.issue(PUBLISHER)];
  const late = await mint(leaf, { integratedTime: later(DEFAULT_TIME, 601) });
  const early = await mint(leaf, { integratedTime: later(DEFAULT_TIME, -1) });
  await verify(await mint(leaf), root);
  expect(await codeOf(() => verify(late, root))).toBe("CERTIFICATE_EXPIRED");
  expect(await codeOf(() => verify(early, root))).toBe("CERTIFICATE_EXPIRED");
  await verify(await mint(leaf, { integratedTime: later(DEFAULT_TIME, 600) }), root);
});

test("who signed is judged for each signature, known certificate or not", async () => {
  const [root, leaf] = [await freshRoot(), await sigstore.issue(PUBLISHER)];
  const bytes = await mint(leaf);
  await verify(bytes, root);
  const another = { ...IDENTITY, subject: "https://github.com/octo/other" };
  const attempt = (): Promise<unknown> => verifyBundle(bytes, { bytes: MESSAGE }, another, root);
  expect(await codeOf(attempt)).toBe("IDENTITY_MISMATCH");
});

test("a certificate that was refused is not remembered", async () => {
  const root = await freshRoot();
  const leaf = await sigstore.issue(PUBLISHER, { change: { sctSignature: flipBit } });
  const bytes = await mint(leaf);
  for (let time = 0; time < 2; time++) {
    const attempt = codeOf.bind(null, () => verify(bytes, root));
    expect(await checksOf(attempt)).toEqual(FRESH);
    expect(await attempt()).toBe("SCT_INVALID");
  }
});

test("one refusal of a certificate does not spoil another with the same key and serial", async () => {
  const root = await freshRoot();
  const { signer } = await sigstore.issue(PUBLISHER);
  const good = await sigstore.issue(PUBLISHER, { leafKey: signer });
  const bad = await sigstore.issue(PUBLISHER, {
    leafKey: signer,
    change: { leafWithSct: put("notAfter", later(DEFAULT_TIME, 6000)) },
  });
  expect(bad.certificate.slice(20, 40)).toEqual(good.certificate.slice(20, 40));
  await verify(await mint(good), root);
  expect(await codeOf(async () => verify(await mint(bad), root))).toBe("SCT_INVALID");
  await verify(await mint(good), root);
});

test("a certificate is known by all its bytes, not by its key, serial or signed part", async () => {
  const root = await freshRoot();
  const leaf = await sigstore.issue(PUBLISHER);
  const resigned = await sigstore.issue(PUBLISHER, {
    leafKey: leaf.signer,
    change: {
      scts: async (_, precertificate) => [await mintSct(ours.ctLog, precertificate)],
      leafSignature: (_, tbs) => theirs.ca.signer.sign(tbs),
    },
  });
  await verify(await mint(leaf), root);
  const forged = async (): Promise<unknown> => verify(await mint(resigned), root);
  expect(await codeOf(forged)).toBe("CERTIFICATE_CHAIN_INVALID");
});

/** The certificate with other last bytes of its signature, as many as there are numbers. */
function variants({ certificate }: Leaf, count: number): readonly Uint8Array<ArrayBuffer>[] {
  return Array.from({ length: count }, (_, index) => {
    const copy = new Uint8Array(certificate);
    copy.set([index >>> 8, index & 0xff], copy.length - 2);
    return copy;
  });
}

test("no more certificates are remembered than the bound, the oldest going first", async () => {
  vi.spyOn(crypto.subtle, "verify").mockResolvedValue(true);
  const root = await freshRoot();
  const encodings = variants(await sigstore.issue(PUBLISHER), MAX_CACHED_LEAVES + 1);
  const [first, second] = encodings
    .slice(0, MAX_CACHED_LEAVES)
    .map((each) => checkLeaf(each, root));
  const again = (index: number): unknown => checkLeaf(encodings[index] ?? new Uint8Array(), root);
  expect(again(0)).toBe(first);
  await checkLeaf(encodings.at(-1) ?? new Uint8Array(), root).issued;
  expect(again(1)).toBe(second);
  expect(again(0)).not.toBe(first);
});
