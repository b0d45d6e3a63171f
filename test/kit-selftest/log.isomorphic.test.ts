import { expect, test } from "vitest";
import {
  type SignChanges,
  createSigstore,
  createWitness,
  drop,
  flipBit,
  hex,
  include,
  jsonBytes,
  put,
  sha256,
  statementOf,
  utf8,
} from "@pubpin/test-kit";
import { type EntryFindings, type EntryShape, examineEntry, rootOf } from "./checks.ts";

const sigstore = await createSigstore();
const leaf = await sigstore.issue({ kind: "GitHub", repository: "octo/example" });
const statement = statementOf([{ name: "a-1.0.tar.gz", sha256: "ab".repeat(32) }]);
const SOUND: EntryFindings = {
  promise: true,
  proof: true,
  checkpoint: true,
  checkpointSignature: true,
};

test("every leaf of every small tree has a proof that leads to its root", async () => {
  for (let size = 1; size <= 20; size += 1) {
    for (let index = 0; index < size; index += 1) {
      const entry = await sha256(utf8(`${index} of ${size}`));
      const { hashes, rootHash } = await include(entry, index, size);
      expect(hex(await rootOf(entry, BigInt(index), BigInt(size), hashes))).toBe(hex(rootHash));
    }
  }
});

test("proofs in huge trees lead to their roots and are as long as they must be", async () => {
  const entry = await sha256(utf8("entry"));
  for (const [index, size] of [
    [0, 2 ** 40],
    [2 ** 40, 2 ** 40 + 1],
    [28_041_512, 28_041_513],
  ] as const) {
    const { hashes, rootHash } = await include(entry, index, size);
    expect(hex(await rootOf(entry, BigInt(index), BigInt(size), hashes))).toBe(hex(rootHash));
  }
  await expect(include(entry, 3, 3)).rejects.toThrow("no leaf 3 in a tree of 3");
});

test("other leaves of one tree are other entries", async () => {
  const { hashes } = await include(await sha256(utf8("entry")), 5, 16);
  expect(new Set(hashes.map(hex)).size).toBe(4);
});

const LOGS = ["rekor1", "rekor2"] as const;

async function findings(
  log: (typeof LOGS)[number],
  change: SignChanges,
  entry?: "dsse" | "hashedrekord",
): Promise<{ found: EntryFindings; shape: EntryShape }> {
  const { entries } = await sigstore.sign({ statement, leaf, log, entry, change });
  const shape = entries[0] as unknown as EntryShape;
  return { found: await examineEntry(shape, sigstore.authorities[log].signer), shape };
}

test.each(LOGS)("entries of %s hold in all their parts", async (log) => {
  const { found } = await findings(log, {});
  expect(found).toEqual({ ...SOUND, promise: log === "rekor1" ? true : null });
});

test("what is changed before the body is recorded leaves all of the entry sound", async () => {
  const changes: readonly SignChanges[] = [
    { statement: put("_type", "other") },
    { payload: () => jsonBytes("not a statement") },
    { payloadType: () => "text/plain" },
    { pae: flipBit },
    { signature: flipBit },
    { envelope: put("signatures", []) },
    { body: put("kind", "other") },
    { bodyBytes: () => utf8("not JSON") },
    { logId: flipBit },
  ];
  for (const change of changes) expect((await findings("rekor1", change)).found).toEqual(SOUND);
});

test.each<{ what: string; change: SignChanges; unsound: Partial<EntryFindings> }>([
  { what: "the leaf hash", change: { leafHash: flipBit }, unsound: { proof: false } },
  { what: "the size, signed", change: { tree: put("size", 1) }, unsound: { proof: false } },
  {
    what: "the root, signed",
    change: { tree: put("rootHash", new Uint8Array(32)) },
    unsound: { proof: false },
  },
  {
    what: "the size, shown",
    change: { proof: put("size", 2 ** 30) },
    unsound: { proof: false, checkpoint: false },
  },
  {
    what: "the root, shown",
    change: { proof: put("rootHash", new Uint8Array(32)) },
    unsound: { proof: false, checkpoint: false },
  },
  { what: "the index, shown", change: { proof: put("index", 1) }, unsound: { proof: false } },
  {
    what: "the checkpoint's text",
    change: { checkpointText: (text) => text.replace("\n", "\n1") },
    unsound: { checkpoint: false },
  },
  {
    what: "the checkpoint's signature",
    change: { checkpointSignature: flipBit },
    unsound: { checkpointSignature: false },
  },
  {
    what: "the whole checkpoint",
    change: { checkpoint: (note) => note.replace("rekor", "r") },
    unsound: { checkpointSignature: false },
  },
  { what: "the promise", change: { promise: put("logIndex", 1) }, unsound: { promise: false } },
  { what: "the promise's bytes", change: { promiseBytes: flipBit }, unsound: { promise: false } },
  {
    what: "the promise's signature",
    change: { promiseSignature: flipBit },
    unsound: { promise: false },
  },
])("a change of $what makes nothing else unsound", async ({ change, unsound }) => {
  expect((await findings("rekor1", change)).found).toEqual({ ...SOUND, ...unsound });
});

test("a body can say anything, and kind and version follow it", async () => {
  const { shape } = await findings("rekor1", { body: put("apiVersion", "9.9.9") });
  expect(shape.kindVersion).toEqual({ kind: "dsse", version: "9.9.9" });
  expect(JSON.parse(atob(shape.canonicalizedBody))).toMatchObject({ apiVersion: "9.9.9" });
});

test("parts of an entry can be left out", async () => {
  const options = { statement, leaf, inclusionPromise: false, inclusionProof: false };
  const { entries } = await sigstore.sign({
    ...options,
    change: { entry: drop("integratedTime") },
  });
  expect(Object.keys(entries[0] ?? {})).toEqual([
    "logIndex",
    "logId",
    "kindVersion",
    "canonicalizedBody",
  ]);
});

test("every entry of a log has an index of its own", async () => {
  const all = await Promise.all([1, 2, 3].map(() => sigstore.sign({ statement, leaf })));
  expect(new Set(all.map(({ entries }) => entries[0]?.["logIndex"])).size).toBe(3);
});

test("witnesses sign after the log, and their signatures are not the log's", async () => {
  const witnesses = [await createWitness("witness.example/1")];
  const { entries } = await sigstore.sign({ statement, leaf, witnesses, log: "rekor2" });
  const shape = entries[0] as unknown as EntryShape;
  const lines = shape.inclusionProof.checkpoint.envelope.split("\n").slice(4, -1);
  expect(lines.map((line) => line.split(" ")[1])).toEqual([
    "log2026-1.rekor.sigstore.example",
    "witness.example/1",
  ]);
  expect(atob(lines[1]?.split(" ")[2] ?? "").length).toBe(4 + 8 + 64);
});
