import { expect, test } from "vitest";
import {
  type AuthorityKeys,
  type KeyKind,
  type Publisher,
  type SignOptions,
  base64,
  contentOf,
  createSigstore,
  createWitness,
  derAt,
  fromBase64,
  put,
  statementOf,
  utf8,
} from "@pubpin/test-kit";
import { verdict } from "./oracle.ts";

const sigstore = await createSigstore();
const root = await sigstore.trustedRootJson();
const statement = statementOf([{ name: "a-1.0.tar.gz", sha256: "ab".repeat(32) }]);
const message = utf8("a message");

const FORMATS: readonly SignOptions[] = [
  { log: "rekor1", entry: "dsse" },
  { log: "rekor1", entry: "intoto" },
  { log: "rekor1", entry: "hashedrekord" },
  { log: "rekor1", entry: "dsse", bundleVersion: "0.1" },
  { log: "rekor1", entry: "intoto", bundleVersion: "0.1" },
  { log: "rekor1", entry: "dsse", bundleVersion: "0.1", inclusionProof: false },
  { log: "rekor1", entry: "dsse", bundleVersion: "0.2" },
  { log: "rekor1", entry: "dsse", timestamps: [{}] },
  { log: "rekor1", entry: "dsse", inclusionPromise: false, timestamps: [{}] },
  { log: "rekor2", entry: "dsse" },
  { log: "rekor2", entry: "hashedrekord" },
  { log: "rekor2", entry: "dsse", bundleVersion: "0.2" },
  { log: "rekor2", timestamps: [{ embedCertificate: true }] },
  { log: "rekor2", timestamps: [{ imprintHash: "SHA-512", digestHash: "SHA-384" }] },
  { log: "rekor2", timestamps: [{}, { genTime: "2026-01-02T03:06:00Z" }] },
];

test.each(FORMATS)(
  "sigstore-js accepts an envelope recorded as $log $entry $bundleVersion",
  async (options) => {
    const signed = await sigstore.sign({ statement, ...options });
    expect(verdict(root, signed)).toBe("accepted");
  },
);

test.each([
  { log: "rekor1" },
  { log: "rekor1", bundleVersion: "0.1" },
  { log: "rekor1", bundleVersion: "0.2" },
  { log: "rekor2" },
] as const)(
  "sigstore-js accepts a message recorded in $log, bundle $bundleVersion",
  async (options) => {
    const signed = await sigstore.sign({ message, ...options });
    expect(verdict(root, signed, { artifact: message })).toBe("accepted");
  },
);

test.each(["rekor1", "rekor2"] as const)("sigstore-js accepts a managed key in %s", async (log) => {
  const key = await sigstore.managedKey();
  const signed = await sigstore.sign({ message, log, key });
  expect(verdict(root, signed, { artifact: message, key })).toBe("accepted");
  expect(verdict(root, await sigstore.sign({ statement, log, key }), { key })).toBe("accepted");
});

test.each(["rekor1", "rekor2"] as const)(
  "sigstore-js accepts cosigned checkpoints of %s",
  async (log) => {
    const witnesses = await Promise.all([createWitness("witness.example/1"), createWitness("w2")]);
    const signed = await sigstore.sign({ statement, log, witnesses });
    expect(verdict(root, signed)).toBe("accepted");
    expect(
      verdict(
        root,
        await sigstore.sign({
          statement,
          log,
          witnesses,
          change: { checkpointSignatures: (all) => all.toReversed() },
        }),
      ),
    ).toBe("accepted");
  },
);

test("sigstore-js accepts one signature that both logs record", async () => {
  const furtherEntries = [{ log: "rekor2" }] as const;
  expect(verdict(root, await sigstore.sign({ statement, furtherEntries }))).toBe("accepted");
});

test.each([
  { treeIndex: 0, treeSize: 1 },
  { treeIndex: 0, treeSize: 2 },
  { treeIndex: 6, treeSize: 7 },
  { treeIndex: 7, treeSize: 8 },
  { treeIndex: 12, treeSize: 100 },
  { treeIndex: 25_232_877, treeSize: 25_232_879 },
  { treeIndex: 4_000_000_000_000, treeSize: 4_500_000_000_001 },
])("sigstore-js accepts leaf $treeIndex of $treeSize", async (place) => {
  expect(verdict(root, await sigstore.sign({ statement, ...place }))).toBe("accepted");
});

const PUBLISHERS: readonly Publisher[] = [
  { kind: "GitHub", repository: "octo/example", workflow: "publish.yml", ref: "refs/heads/main" },
  { kind: "GitLab", repository: "group/sub/example" },
  { kind: "Google", email: "id@project.iam.gserviceaccount.com" },
  { kind: "CircleCI", projectId: "p", pipelineDefinitionId: "d" },
];

test.each(PUBLISHERS)("sigstore-js accepts a $kind publisher's certificate", async (identity) => {
  expect(verdict(root, await sigstore.sign({ statement, identity }))).toBe("accepted");
});

test("one certificate signs many files", async () => {
  const leaf = await sigstore.issue({ kind: "GitHub", repository: "octo/example" });
  const all = await Promise.all(
    ["a", "b", "c"].map((text) => sigstore.sign({ message: utf8(text), leaf })),
  );
  for (const [index, signed] of all.entries()) {
    expect(verdict(root, signed, { artifact: utf8(["a", "b", "c"][index] ?? "") })).toBe(
      "accepted",
    );
    expect(signed.leaf).toBe(leaf);
  }
});

test.each<KeyKind>(["P-256", "RSA-2048", "Ed25519"])(
  "sigstore-js accepts a leaf key of kind %s",
  async (leafKey) => {
    expect(verdict(root, await sigstore.sign({ statement, leafKey }))).toBe("accepted");
  },
);

test.each<Partial<AuthorityKeys>>([
  { root: "P-256", intermediate: "P-256" },
  { root: "P-521", intermediate: "P-521" },
  { root: "RSA-2048", intermediate: "RSA-2048" },
  { rekor1: "Ed25519", rekor2: "P-256" },
  { tsa: "P-256", tsaRoot: "P-256" },
  { tsa: "P-521", tsaRoot: "RSA-2048" },
])("sigstore-js accepts an instance with keys %o", async (keys) => {
  const other = await createSigstore({ keys });
  const trusted = await other.trustedRootJson();
  expect(verdict(trusted, await other.sign({ statement }))).toBe("accepted");
  expect(verdict(trusted, await other.sign({ statement, log: "rekor2" }))).toBe("accepted");
});

test("sigstore-js accepts leaves that the root itself issues", async () => {
  const flat = await createSigstore({ intermediate: false });
  expect(verdict(await flat.trustedRootJson(), await flat.sign({ statement }))).toBe("accepted");
});

test("sigstore-js accepts logs with RSA keys, which it takes in PKCS #1 alone", async () => {
  const rsa = await createSigstore({ keys: { ctLog: "RSA-2048", rekor1: "RSA-2048" } });
  const pkcs1 = (spki: string): string => base64(contentOf(derAt(fromBase64(spki), [1])).slice(1));
  const trusted = await rsa.trustedRootJson((usual) => {
    const withLog = put("tlogs.0.publicKey.rawBytes", pkcs1)(usual);
    return put("ctlogs.0.publicKey.rawBytes", pkcs1)(withLog);
  });
  expect(verdict(trusted, await rsa.sign({ statement }))).toBe("accepted");
});
