import { expect, test } from "vitest";
import {
  type Json,
  type Publisher,
  DEFAULT_TIME,
  base64,
  createSigstore,
  drop,
  fromBase64,
  fromUtf8,
  put,
  sha256Of,
  utf8,
} from "@pubpin/test-kit";

const sigstore = await createSigstore();
const file = { filename: "example-1.0-py3-none-any.whl", bytes: utf8("a wheel") };
const publisher: Publisher = { kind: "GitHub", repository: "octo/example", environment: "pypi" };

/** The names of all members, with those of the first element of an array. */
function shape(value: Json | undefined): unknown {
  if (Array.isArray(value)) return [shape(value[0])];
  if (value === null || typeof value !== "object") return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, shape(member)]));
}

test("a provenance document has the members of those that PyPI serves", async () => {
  const { document, bytes } = await sigstore.provenance(file, { bundles: [{ publisher }] });
  expect(JSON.parse(fromUtf8(bytes))).toEqual(document);
  const proof = { logIndex: "string", rootHash: "string", treeSize: "string", hashes: ["string"] };
  const entry = {
    logIndex: "string",
    logId: { keyId: "string" },
    kindVersion: { kind: "string", version: "string" },
    integratedTime: "string",
    inclusionPromise: { signedEntryTimestamp: "string" },
    inclusionProof: { ...proof, checkpoint: { envelope: "string" } },
    canonicalizedBody: "string",
  };
  const attestation = {
    version: "number",
    verification_material: { certificate: "string", transparency_entries: [entry] },
    envelope: { statement: "string", signature: "string" },
  };
  const github = {
    kind: "string",
    repository: "string",
    workflow: "string",
    environment: "string",
  };
  expect(shape(document)).toEqual({
    version: "number",
    attestation_bundles: [{ publisher: github, attestations: [attestation] }],
  });
});

test("a publish attestation states name and digest of the file, and no more", async () => {
  const { attestation } = await sigstore.attest(file, publisher);
  const { envelope } = attestation as { envelope: { statement: string } };
  expect(fromUtf8(fromBase64(envelope.statement))).toBe(
    `{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"${file.filename}","digest":{"sha256":"${await sha256Of(file)}"}}],"predicateType":"https://docs.pypi.org/attestations/publish/v1","predicate":null}`,
  );
});

test("a SLSA attestation repeats the certificate's claims", async () => {
  const leaf = await sigstore.issue({ ...publisher, repositoryId: "77" });
  const { attestation } = await sigstore.attest(file, leaf, { predicate: "slsa" });
  const { envelope } = attestation as { envelope: { statement: string } };
  expect(JSON.parse(fromUtf8(fromBase64(envelope.statement)))).toMatchObject({
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        externalParameters: {
          workflow: {
            ref: "refs/tags/v1.0",
            repository: "https://github.com/octo/example",
            path: ".github/workflows/release.yml",
          },
        },
        internalParameters: { github: { repository_id: "77" } },
      },
      runDetails: { builder: { id: leaf.identity.subject.value } },
    },
  });
});

test("one leaf attests many files", async () => {
  const leaf = await sigstore.issue(publisher);
  const certificates = await Promise.all(
    ["a-1.0.tar.gz", "a-1.0-py3-none-any.whl"].map(async (filename) => {
      const { attestation } = await sigstore.attest({ filename, sha256: "0".repeat(64) }, leaf);
      return (attestation["verification_material"] as { certificate: string }).certificate;
    }),
  );
  expect(certificates).toEqual([base64(leaf.certificate), base64(leaf.certificate)]);
});

test("several publishers can have several attestations each, signed by others if need be", async () => {
  const google: Publisher = { kind: "Google", email: "a@b.example" };
  const { document } = await sigstore.provenance(file, {
    bundles: [
      { publisher, attestations: [{}, { predicate: "slsa" }] },
      { publisher: google, signer: publisher },
      { publisher: google, attestations: [] },
    ],
  });
  const bundles = document["attestation_bundles"] as { publisher: Json; attestations: Json[] }[];
  expect(bundles.map(({ attestations }) => attestations.length)).toEqual([2, 1, 0]);
  expect(bundles[2]?.publisher).toEqual({ kind: "Google", email: "a@b.example" });
});

test.each<[Publisher, object]>([
  [
    { kind: "GitHub", repository: "o/r" },
    { kind: "GitHub", repository: "o/r", workflow: "release.yml", environment: null },
  ],
  [
    { kind: "GitLab", repository: "g/r", workflow: "ci/release.yml", environment: "pypi" },
    { kind: "GitLab", repository: "g/r", workflow_filepath: "ci/release.yml", environment: "pypi" },
  ],
  [
    { kind: "CircleCI", projectId: "p", pipelineDefinitionId: "d", vcsRef: "refs/heads/main" },
    {
      kind: "CircleCI",
      project_id: "p",
      pipeline_definition_id: "d",
      vcs_origin: null,
      vcs_ref: "refs/heads/main",
    },
  ],
])("the publisher %o is served as %o", async (who, served) => {
  const { document } = await sigstore.provenance(file, { bundles: [{ publisher: who }] });
  expect(document["attestation_bundles"]).toMatchObject([{ publisher: served }]);
});

test("an attestation, a document and its bytes can be changed at the end", async () => {
  const attestations = [{ change: { attestation: drop("version") } }];
  const { document, bytes } = await sigstore.provenance(file, {
    bundles: [{ publisher, attestations }],
    change: { document: put("version", 2), bytes: (plain) => plain.slice(0, -1) },
  });
  expect(document).toMatchObject({ version: 2 });
  expect(shape(document)).not.toHaveProperty("attestation_bundles.0.attestations.0.version");
  expect(() => JSON.parse(fromUtf8(bytes)) as unknown).toThrow(SyntaxError);
});

test("nothing depends on the clock", async () => {
  const { attestation, signed } = await sigstore.attest(file, publisher);
  expect(signed.leaf?.time).toEqual(new Date(DEFAULT_TIME));
  expect(attestation).toMatchObject({
    verification_material: { transparency_entries: [{ integratedTime: "1767323046" }] },
  });
});

test("what cannot be attested is an error", async () => {
  const leaf = await sigstore.issue(publisher);
  await expect(sigstore.sign({ leaf })).rejects.toThrow(
    "give one of statement, payload and message",
  );
  const message = utf8("a message");
  await expect(sigstore.sign({ leaf, message, entry: "dsse" })).rejects.toThrow(
    "needs a DSSE envelope",
  );
  const entry = { log: "rekor2", entry: "intoto" } as const;
  await expect(sigstore.attest(file, leaf, entry)).rejects.toThrow("no entries of kind intoto");
});
