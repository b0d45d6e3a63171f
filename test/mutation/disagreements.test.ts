import { parseTrustedRoot, PubpinError, verifyBundle } from "@pubpin/shared";
import { createSigstore, identityOf, utf8 } from "@pubpin/test-kit";
import { requireAgreement, secondOpinion } from "pubpin";
import { expect, test } from "vitest";
import { bundleJudge } from "./bundle-judge.ts";
import { documentedDisagreements } from "./disagreement-codes.ts";
import { BUNDLE_EXAMPLES, PROVENANCE_EXAMPLES, PUBLISHER } from "./disagreements.ts";

const sigstore = await createSigstore();
const file = { filename: "example-1.0-py3-none-any.whl", sha256: "ab".repeat(32) };

test.each(PROVENANCE_EXAMPLES)("sigstore-js accepts $what, pubpin says $code", async (example) => {
  const { bundle, attestation = {}, document, bytes: spelled, trustedRoot, filename } = example;
  const { bytes } = await sigstore.provenance(file, {
    bundles: [{ publisher: PUBLISHER, attestations: [attestation], ...bundle }],
    change: { document, bytes: spelled },
  });
  const rootJson = await sigstore.trustedRootJson(trustedRoot);
  const presented = { ...file, filename: filename ?? file.filename };
  const opinion = await secondOpinion(bytes, presented, rootJson);
  expect(opinion).toMatchObject({
    own: { verdict: "refused", error: { code: example.code } },
    other: { verdict: "accepted" },
    disagreement: expect.stringContaining("what sigstore-js accepts") as string,
  });
  expect(() => requireAgreement(opinion)).toThrow(PubpinError);
});

test.each(BUNDLE_EXAMPLES)(
  "sigstore-js accepts $what, pubpin says $code",
  async ({ code, options }) => {
    const message = utf8("an artifact\n");
    const rootJson = await sigstore.trustedRootJson();
    const { bytes } = await sigstore.sign({ message, identity: PUBLISHER, ...options });
    expect(() => bundleJudge(rootJson, null)(bytes, message)).not.toThrow();
    const { subject, claims } = identityOf(PUBLISHER);
    const identity = {
      kind: "certificate",
      subject: subject.value,
      issuer: claims[8] ?? "",
    } as const;
    const root = await parseTrustedRoot(rootJson);
    await expect(verifyBundle(bytes, { bytes: message }, identity, root)).rejects.toMatchObject({
      code,
    });
  },
);

test("docs/disagreements.md gives a reason for every code that has an example, and no other", async () => {
  const codes = [...PROVENANCE_EXAMPLES, ...BUNDLE_EXAMPLES].map(({ code }) => code);
  expect(await documentedDisagreements()).toEqual(codes.toSorted());
});
