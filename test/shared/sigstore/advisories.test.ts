/** Mistakes that verifiers have made, by the number under which they were published. */
import { verifyBundle, verifyProvenance } from "@pubpin/shared";
import {
  base64,
  createSigstore,
  DEFAULT_TIME,
  drop,
  fromUtf8,
  flipBit,
  later,
  put,
  trailing,
  utf8,
} from "@pubpin/test-kit";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  type BundleAttempt,
  FILE,
  IDENTITY,
  MESSAGE,
  type ProvenanceAttempt,
  PUBLISHER,
  root,
  sigstore,
  stranger,
  theirs,
  tryBundle,
  tryProvenance,
} from "../support/instance.ts";
import { codeOf } from "../support/refusal.ts";
import { KINDS, MISMATCH_REFUSALS } from "../support/refusals-body.ts";

const rekor2 = { log: "rekor2" } as const;

/** Expects that a bundle is accepted, and refused with what is added. */
async function refuses(
  code: string,
  wrong: BundleAttempt,
  valid: BundleAttempt = {},
): Promise<void> {
  await tryBundle(valid);
  expect(await codeOf(() => tryBundle({ ...valid, ...wrong }))).toBe(code);
}

/** The same for a provenance document. */
async function refusesDocument(
  code: string,
  wrong: ProvenanceAttempt,
  valid: ProvenanceAttempt = {},
): Promise<void> {
  await tryProvenance(valid);
  expect(await codeOf(() => tryProvenance({ ...valid, ...wrong }))).toBe(code);
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("no attestation is no success", () => {
  test("CVE-2025-25204: a document without bundles is refused", () =>
    refusesDocument("PROVENANCE_EMPTY", { document: put("attestation_bundles", []) }));

  test("pypi-attestations: a bundle without attestations is refused", () =>
    refusesDocument("PROVENANCE_EMPTY", {
      document: put("attestation_bundles.0.attestations", []),
    }));

  test("CVE-2022-35929: an attestation of an unknown predicate alone is refused", () =>
    refusesDocument("PREDICATE_UNKNOWN", {
      change: { statement: put("predicateType", "https://example.org/predicate/v1") },
    }));
});

describe("there are limits, and they come before the work", () => {
  test("pypi-attestations: 5,000 attestations are refused before one is verified", async () => {
    const { document } = await sigstore.provenance(FILE, { bundles: [{ publisher: PUBLISHER }] });
    const minimal = { version: 1, envelope: {}, verification_material: {} };
    const many = put(
      "attestation_bundles.0.attestations",
      Array.from({ length: 5000 }, () => minimal),
    );
    const spies = [vi.spyOn(crypto.subtle, "verify"), vi.spyOn(crypto.subtle, "digest")];
    const bytes = utf8(JSON.stringify(many(document)));
    expect(await codeOf(() => verifyProvenance(bytes, FILE, root))).toBe("LIMIT_EXCEEDED");
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });

  test("CVE-2024-45395: log entries, timestamps, subjects and sizes are bounded", async () => {
    const all = (count: number) => (each: readonly unknown[]) =>
      Array.from({ length: count }, () => each[0]);
    const entries = put("verificationMaterial.tlogEntries", all(33));
    await refuses("LIMIT_EXCEEDED", { change: { bundle: entries } });
    await refuses("LIMIT_EXCEEDED", { timestamps: Array.from({ length: 33 }, () => ({})) }, rekor2);
    await refuses("LIMIT_EXCEEDED", { change: { statement: put("subject", all(17)) } });
    const bytes = (usual: Uint8Array): Uint8Array<ArrayBuffer> =>
      trailing(usual, new Uint8Array(4 * 1024 * 1024).fill(0x20));
    await refuses("LIMIT_EXCEEDED", { change: { bytes } });
  });

  test("32 entries of one log are refused before one is verified", async () => {
    const { bundle } = await sigstore.sign({ message: MESSAGE });
    const many = put("verificationMaterial.tlogEntries", (each: readonly unknown[]) =>
      Array.from({ length: 32 }, () => each[0]),
    );
    const spy = vi.spyOn(crypto.subtle, "verify");
    const bytes = utf8(JSON.stringify(many(bundle)));
    const attempt = (): Promise<unknown> => verifyBundle(bytes, { bytes: MESSAGE }, IDENTITY, root);
    expect(await codeOf(attempt)).toBe("LOG_ENTRY_DUPLICATE");
    expect(spy).not.toHaveBeenCalled();
  });
});

describe("every log entry counts, and each log once", () => {
  test("pypi-attestations: a second entry that is forged is not overlooked", async () => {
    const forged = (code: string, change: object): Promise<void> =>
      refuses(code, { furtherEntries: [{ ...rekor2, change }] }, { furtherEntries: [rekor2] });
    await forged("CHECKPOINT_SIGNATURE_INVALID", { checkpointSignature: flipBit });
    await forged("INCLUSION_PROOF_INVALID", { leafHash: flipBit });
    await forged("LOG_ENTRY_MISMATCH", {
      body: put("spec.dsseV002.payloadHash.digest", base64(new Uint8Array(32))),
    });
  });

  test("CVE-2026-49834: a log that speaks twice is refused", () =>
    refuses("LOG_ENTRY_DUPLICATE", { furtherEntries: [{}] }));
});

describe("an entry is of this signing and no other", () => {
  test("CVE-2022-36056: a genuine entry of another artifact is refused", async () => {
    const another = await sigstore.sign({ message: utf8("another") });
    await refuses(
      "LOG_ENTRY_MISMATCH",
      { change: { entry: () => another.entries[0] ?? {} } },
      { message: MESSAGE },
    );
  });

  test("CVE-2022-23649: a genuine entry of the same artifact by another signer is refused", async () => {
    const another = await sigstore.sign({ message: MESSAGE });
    await refuses(
      "LOG_ENTRY_MISMATCH",
      { change: { entry: () => another.entries[0] ?? {} } },
      { message: MESSAGE },
    );
  });

  test("CVE-2026-22703: signature, certificate and digest each count, in every kind of entry", async () => {
    expect(MISMATCH_REFUSALS).toHaveLength(3 * KINDS.length);
    for (const { claim, code, valid, wrong } of MISMATCH_REFUSALS) {
      await valid();
      expect([claim, await codeOf(wrong)]).toEqual([claim, code]);
    }
  });

  test("CVE-2026-22703: the other certificate of the same key is refused", async () => {
    const leaf = await sigstore.issue(PUBLISHER);
    const twin = await sigstore.issue(PUBLISHER, { leafKey: leaf.signer });
    const own = put("verificationMaterial.certificate.rawBytes", base64(leaf.certificate));
    const other = put("verificationMaterial.certificate.rawBytes", base64(twin.certificate));
    await refuses(
      "LOG_ENTRY_MISMATCH",
      { change: { bundle: other } },
      { leaf, change: { bundle: own } },
    );
  });
});

describe("what was signed is what is read", () => {
  test.each(["", "statement", "[]", "{}", "null", '"x"', "1"])(
    "CVE-2026-39395: the payload %j is refused",
    async (payload) => {
      await tryProvenance();
      const change = { payload: () => utf8(payload) };
      expect(await codeOf(() => tryProvenance({ change }))).toMatch(/^(?:JSON|STATEMENT)_INVALID$/);
    },
  );

  test("CVE-2026-44309: a payload of the same meaning in other bytes is refused", async () => {
    const respace = (payload: Uint8Array): Uint8Array<ArrayBuffer> =>
      utf8(JSON.stringify(JSON.parse(fromUtf8(payload)), null, 2));
    await refuses("SIGNATURE_INVALID", {
      change: { envelope: (envelope) => ({ ...envelope, payload: respace(envelope.payload) }) },
    });
  });

  test("sigstore-js: an envelope about another artifact is refused", () =>
    refuses("ARTIFACT_MISMATCH", { artifact: { bytes: utf8("another") } }));

  test("pypi-attestations #89: a statement about several files is refused", async () => {
    const further = { name: "other-1.0.tar.gz", digest: { sha256: "00".repeat(32) } };
    for (const order of ["first", "last"]) {
      await refusesDocument("STATEMENT_INVALID", {
        change: {
          statement: put("subject", (own: readonly unknown[]) =>
            order === "first" ? [further, ...own] : [...own, further],
          ),
        },
      });
    }
  });

  test("GHSA-r2xv-vpr2-42m9: name, version and digest are each bound", async () => {
    const { sha256 } = FILE;
    const other = (filename: string): ProvenanceAttempt => ({ file: { filename, sha256 } });
    await refusesDocument("SUBJECT_MISMATCH", other("other-1.0-py3-none-any.whl"));
    await refusesDocument("SUBJECT_MISMATCH", other("example-2.0-py3-none-any.whl"));
    await refusesDocument("ARTIFACT_MISMATCH", { file: { ...FILE, sha256: "00".repeat(32) } });
  });

  test("warehouse #18006: an attestation from elsewhere does not fit another upload", async () => {
    const rebuilt = { ...FILE, sha256: "11".repeat(32) };
    await refusesDocument("ARTIFACT_MISMATCH", { attested: rebuilt });
    const { bytes } = await stranger.provenance(FILE, { bundles: [{ publisher: PUBLISHER }] });
    const replayed = (): Promise<unknown> => verifyProvenance(bytes, FILE, root);
    expect(await codeOf(replayed)).toBe("TRUST_ROOT_UNKNOWN_KEY");
  });
});

describe("an identity is a text and no pattern", () => {
  test.each([
    IDENTITY.subject.slice(0, -4),
    IDENTITY.subject.slice(8),
    ".*",
    "https://github.com/octo/.*",
    IDENTITY.subject.replaceAll("/", "."),
    "",
  ])("sigstore-js: %j does not stand for another subject", (subject) =>
    refuses("IDENTITY_MISMATCH", { expected: { ...IDENTITY, subject } }),
  );

  test.each(["", ".*", "https://token.actions"])(
    "sigstore-js: %j does not stand for another issuer",
    (issuer) => refuses("IDENTITY_MISMATCH", { expected: { ...IDENTITY, issuer } }),
  );
});

describe("what is trusted, and when", () => {
  test("sigstore-js: a key without a start of validity is no key", () =>
    refuses("TRUST_ROOT_INVALID", { trust: drop("tlogs.0.publicKey.validFor.start") }));

  test("CVE-2026-24122: an intermediate that had expired when it was used is refused", () =>
    refuses("CERTIFICATE_EXPIRED", {
      instance: () =>
        createSigstore({
          change: { intermediate: { fields: put("notAfter", later(DEFAULT_TIME, -3600)) } },
        }),
    }));

  test("CVE-2026-39984: a timestamp with another certificate than the trusted one is refused", () =>
    refuses(
      "TIMESTAMP_INVALID",
      { change: { signedData: put("certificates", theirs.tsa.chain.slice(0, 1)) } },
      { ...rekor2, timestamps: [{ embedCertificate: true }] },
    ));

  test("sigstore-rs: wrong roots, promises and checkpoints are refused", async () => {
    await refuses("INCLUSION_PROOF_INVALID", {
      change: { tree: put("rootHash", new Uint8Array(32)) },
    });
    await refuses("LOG_PROMISE_INVALID", { change: { promiseSignature: flipBit } });
    await refuses("CHECKPOINT_SIGNATURE_INVALID", { change: { checkpointSignature: flipBit } });
  });
});
