import { bundleFromJSON } from "@sigstore/bundle";
import { toSignedEntity, Verifier } from "@sigstore/verify";
import {
  createSigstore,
  drop,
  flipBit,
  fromUtf8,
  identityOf,
  type ProvenanceBundle,
  type Publisher,
  put,
  statementOf,
  utf8,
} from "@pubpin/test-kit";
import { requireAgreement, type SecondOpinion, secondOpinion } from "pubpin";
import { afterEach, describe, expect, test, vi } from "vitest";
import { TRUSTED_ROOT_JSON } from "../../packages/shared/src/generated/trusted-root.ts";
import { realObjects } from "../real/objects.ts";
import { describeWithData } from "../support/data.ts";

const sigstore = await createSigstore();
const rootJson = await sigstore.trustedRootJson();
const file = { filename: "example-1.0-py3-none-any.whl", sha256: "ab".repeat(32) };

const GITHUB: Publisher = { kind: "GitHub", repository: "octo/example" };
const PUBLISHERS: readonly Publisher[] = [
  GITHUB,
  { kind: "GitHub", repository: "octo/odd", workflow: "re+lease[1](x|y).$.yml" },
  {
    kind: "GitHub",
    repository: "octo/example",
    signerUri: "https://github.com/octo/shared/.github/workflows/publish.yml@refs/heads/main",
  },
  { kind: "GitLab", repository: "group/sub/example" },
  { kind: "Google", email: "id+tag@project.iam.gserviceaccount.com" },
  { kind: "CircleCI", projectId: "p", pipelineDefinitionId: "d" },
];

async function provenanceOf(...bundles: readonly ProvenanceBundle[]): Promise<Uint8Array> {
  return (await sigstore.provenance(file, { bundles })).bytes;
}

async function expectDisagreement(opinion: SecondOpinion, reason: RegExp): Promise<void> {
  expect(opinion.disagreement).toMatch(reason);
  await expect(async () => requireAgreement(opinion)).rejects.toMatchObject({
    code: "SECOND_OPINION_DISAGREES",
    message: expect.stringMatching(
      /^example-1\.0-py3-none-any\.whl: .*please report this/,
    ) as string,
  });
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("both verifiers agree", () => {
  test.each(PUBLISHERS)("on issuer and identity of %o", async (publisher) => {
    const opinion = await secondOpinion(await provenanceOf({ publisher }), file, rootJson);
    const { subject, claims } = identityOf(publisher);
    expect(opinion.other).toEqual({
      verdict: "accepted",
      signers: [{ subject: subject.value, issuer: claims[8] }],
    });
    expect(opinion.disagreement).toBeNull();
    expect(requireAgreement(opinion)).toMatchObject([{ kind: publisher.kind, issuer: claims[8] }]);
  });

  test("on every attestation of several publishers", async () => {
    const provenance = await provenanceOf(
      { publisher: GITHUB, attestations: [{}, { predicate: "slsa" }] },
      { publisher: { kind: "GitLab", repository: "group/sub/example" } },
    );
    const opinion = await secondOpinion(provenance, file, rootJson);
    const kinds = requireAgreement(opinion).map(({ kind }) => kind);
    expect(kinds).toEqual(["GitHub", "GitHub", "GitLab"]);
    expect(opinion.other).toMatchObject({ verdict: "accepted", signers: [{}, {}, {}] });
  });

  test("to pass over an attestation of an unknown predicate type", async () => {
    const unknown = statementOf(
      [{ name: file.filename, sha256: file.sha256 }],
      "https://x.example",
    );
    const provenance = await provenanceOf({
      publisher: GITHUB,
      attestations: [{ change: { statement: () => unknown } }, {}],
    });
    const opinion = await secondOpinion(provenance, file, rootJson);
    expect(requireAgreement(opinion)).toHaveLength(1);
    expect(opinion.other).toMatchObject({ signers: [{}] });
  });

  test.each([
    ["a forged promise", { promiseSignature: flipBit }, file, "LOG_PROMISE_INVALID"],
    ["a forged signature", { signature: flipBit }, file, "SIGNATURE_INVALID"],
    ["another file", {}, { ...file, sha256: "cd".repeat(32) }, "ARTIFACT_MISMATCH"],
  ])("to refuse %s, and the refusal is pubpin's own", async (_what, change, presented, code) => {
    const provenance = await provenanceOf({ publisher: GITHUB, attestations: [{ change }] });
    const opinion = await secondOpinion(provenance, presented, rootJson);
    expect([opinion.own.verdict, opinion.other.verdict]).toEqual(["refused", "refused"]);
    expect(opinion.disagreement).toBeNull();
    await expect(async () => requireAgreement(opinion)).rejects.toMatchObject({ code });
  });

  test("anew for each trust root, also when its bytes change in place", async () => {
    const provenance = await provenanceOf({ publisher: GITHUB });
    const changing = Uint8Array.from(rootJson);
    expect((await secondOpinion(provenance, file, changing)).own.verdict).toBe("accepted");
    const stranger = await (await createSigstore({ domain: "other.example" })).trustedRootJson();
    changing.fill(0x20);
    changing.set(stranger.subarray(0, changing.length));
    const opinion = await secondOpinion(provenance, file, stranger);
    expect([opinion.own.verdict, opinion.other.verdict]).toEqual(["refused", "refused"]);
    await expect(secondOpinion(provenance, file, changing.fill(0x20))).rejects.toMatchObject({
      code: "TRUST_ROOT_INVALID",
    });
  });
});

describe("it is a disagreement", () => {
  test("where sigstore-js accepts what pubpin refuses", async () => {
    const { bytes } = await sigstore.provenance(file, {
      bundles: [{ publisher: GITHUB }],
      change: { document: put("attestation_bundles.0.publisher.repository", "octo/other") },
    });
    const opinion = await secondOpinion(bytes, file, rootJson);
    expect(opinion.own).toMatchObject({ error: { code: "PUBLISHER_CLAIM_MISMATCH" } });
    await expectDisagreement(opinion, /^pubpin refuses \(PUBLISHER_CLAIM_MISMATCH: /);
  });

  test("where sigstore-js cannot use a trust root that pubpin can", async () => {
    // sigstore-js takes RSA keys of logs in PKCS #1 alone, and fails for all that the root holds.
    const rsa = await createSigstore({ keys: { rekor2: "RSA-2048" } });
    const { bytes } = await rsa.provenance(file, { bundles: [{ publisher: GITHUB }] });
    const opinion = await secondOpinion(bytes, file, await rsa.trustedRootJson());
    expect(opinion.own.verdict).toBe("accepted");
    expect(opinion.other.verdict).toBe("failed");
    await expectDisagreement(opinion, /^sigstore-js failed/);
  });

  test("where sigstore-js fails on what pubpin refuses", async () => {
    const opinion = await secondOpinion(utf8("{"), file, rootJson);
    expect(opinion.own).toMatchObject({ error: { code: "JSON_INVALID" } });
    await expectDisagreement(opinion, /^sigstore-js failed/);
  });

  test.each([
    ["a document without attestations", utf8('{"version":1,"attestation_bundles":[]}')],
    ["null", utf8("null")],
    ["a list", utf8("[]")],
    ["bytes that are no text", Uint8Array.of(0xff, 0xfe)],
  ])("where there is nothing to ask sigstore-js about: %s", async (_what, provenance) => {
    const opinion = await secondOpinion(provenance, file, rootJson);
    await expectDisagreement(opinion, /^sigstore-js failed/);
  });

  test("where sigstore-js refuses what pubpin accepts", async () => {
    const provenance = await provenanceOf({ publisher: GITHUB });
    const { bytes } = await sigstore.provenance(file, {
      bundles: [{ publisher: GITHUB, attestations: [{ change: { promiseSignature: flipBit } }] }],
    });
    // What it is asked about is another document than pubpin sees.
    const forged: unknown = JSON.parse(fromUtf8(bytes));
    expect((await secondOpinion(provenance, file, rootJson)).disagreement).toBeNull();
    const { parse } = JSON;
    vi.spyOn(JSON, "parse").mockImplementation((text: string): unknown =>
      text.includes("attestation_bundles") ? forged : parse(text),
    );
    const opinion = await secondOpinion(provenance, file, rootJson);
    expect(opinion.own.verdict).toBe("accepted");
    await expectDisagreement(opinion, /^pubpin accepts what sigstore-js refuses/);
  });

  test("where sigstore-js breaks down", async () => {
    vi.spyOn(Verifier.prototype, "verify").mockImplementation(() => {
      throw new RangeError("\u001b[31mstack overflow");
    });
    const opinion = await secondOpinion(await provenanceOf({ publisher: GITHUB }), file, rootJson);
    expect(opinion.own.verdict).toBe("accepted");
    await expectDisagreement(opinion, /^sigstore-js failed \("\\u001b\[31mstack overflow"\)$/);
  });

  test("where sigstore-js verifies another signer than it was asked about", async () => {
    const key = {} as ReturnType<Verifier["verify"]>["key"];
    vi.spyOn(Verifier.prototype, "verify").mockReturnValue({
      key,
      identity: { subjectAlternativeName: "https://x.example", extensions: { issuer: "none" } },
    });
    const opinion = await secondOpinion(await provenanceOf({ publisher: GITHUB }), file, rootJson);
    await expectDisagreement(opinion, /^pubpin accepts what sigstore-js refuses/);
  });

  test("where sigstore-js reads another subject in the certificate", async () => {
    const { bytes } = await sigstore.sign({ statement: statementOf([]), identity: GITHUB });
    const { key } = toSignedEntity(bundleFromJSON(JSON.parse(fromUtf8(bytes))));
    if (key.$case !== "certificate") throw new Error("expected a certificate");
    const prototype = Object.getPrototypeOf(key.certificate) as typeof key.certificate;
    vi.spyOn(prototype, "subjectAltName", "get").mockReturnValue("https://x.example/workflow");
    const opinion = await secondOpinion(await provenanceOf({ publisher: GITHUB }), file, rootJson);
    expect([opinion.own.verdict, opinion.other.verdict]).toEqual(["accepted", "accepted"]);
    await expectDisagreement(opinion, /^pubpin does not find the signer "https:\/\/x.example/);
  });
});

test("sigstore-js is given an exact issuer, and a subject that matches nothing but itself", async () => {
  const verify = vi.spyOn(Verifier.prototype, "verify");
  const publisher: Publisher = { kind: "Google", email: "a.b+c@project.example" };
  await secondOpinion(await provenanceOf({ publisher }), file, rootJson);
  expect(verify).toHaveBeenCalledTimes(1);
  const policy = verify.mock.lastCall?.[1];
  expect(policy?.extensions).toEqual({ issuer: "https://accounts.google.com" });
  const subject = new RegExp(policy?.subjectAlternativeName ?? "");
  expect("a.b+c@project.example").toMatch(subject);
  for (const other of [
    "xa.b+c@project.example",
    "a.b+c@project.example.evil",
    "axb+c@project.example",
    "a.bbc@project.example",
    "a.b+c@project.example\n",
  ]) {
    expect(other).not.toMatch(subject);
  }
});

test("a trust root that pubpin does not take is an error and no opinion", async () => {
  const provenance = await provenanceOf({ publisher: GITHUB });
  const broken = await sigstore.trustedRootJson(drop("certificateAuthorities"));
  await expect(secondOpinion(provenance, file, broken)).rejects.toMatchObject({
    code: "TRUST_ROOT_INVALID",
  });
});

describeWithData("both verifiers agree on the real object", async () => {
  const objects = (await realObjects()).filter(({ root }) => root === "production");

  test.each(objects)("$file", async ({ bytes, distribution, sha256, publisher }) => {
    const presented = { filename: distribution, sha256 };
    const opinion = await secondOpinion(bytes, presented, utf8(TRUSTED_ROOT_JSON));
    for (const { url } of requireAgreement(opinion)) expect(url).toBe(publisher);
  });
});
