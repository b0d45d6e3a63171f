/** Every kind of key, for every party that can have it. */
import {
  type AuthorityKeys,
  createSigstore,
  type KeyKind,
  mintSct,
  NULL,
  oid,
  put,
  sequence,
} from "@pubpin/test-kit";
import { describe, expect, test } from "vitest";
import { GITHUB, MESSAGE, ours, sigstore, theirs, tryBundle } from "../support/instance.ts";

const message = { message: MESSAGE } as const;
const rekor2 = { log: "rekor2" } as const;
const KINDS: readonly KeyKind[] = ["P-256", "P-384", "P-521", "Ed25519", "RSA-2048"];

describe.each(KINDS)("a key of kind %s", (kind) => {
  test("can be a signing certificate's", async () => {
    for (const content of [{}, message, rekor2, { ...message, ...rekor2 }]) {
      const { certificate } = await tryBundle({ leafKey: kind, ...content });
      expect(certificate?.issuer).toBe(GITHUB);
    }
  });

  test("can be managed", async () => {
    const key = await sigstore.managedKey(kind);
    for (const content of [{}, message, rekor2, { ...message, ...rekor2 }]) {
      expect((await tryBundle({ key, ...content })).certificate).toBeNull();
    }
  });

  test("can be a log's", async () => {
    const instance = sharing({ rekor1: kind, rekor2: kind });
    expect((await tryBundle({ instance })).times).toHaveLength(1);
    expect((await tryBundle({ instance, ...rekor2 })).times).toHaveLength(1);
  });

  test("can be an issuer's", async () => {
    const instance = sharing({ root: kind, intermediate: kind });
    expect((await tryBundle({ instance })).certificate?.issuer).toBe(GITHUB);
  });

  test("can be a timestamp authority's", async () => {
    const instance = sharing({ tsaRoot: kind, tsa: kind });
    expect((await tryBundle({ instance, ...rekor2 })).times).toHaveLength(1);
  });
});

/** One instance for all attempts of a test. */
function sharing(keys: Partial<AuthorityKeys>): () => ReturnType<typeof createSigstore> {
  const instance = createSigstore({ keys });
  return () => instance;
}

test.each<KeyKind>(["RSA-3072", "RSA-4096"])("a managed key can be of kind %s", async (kind) => {
  const key = await sigstore.managedKey(kind);
  expect((await tryBundle({ key })).certificate).toBeNull();
});

test("a log of certificates can have an RSA key", async () => {
  const { certificate } = await tryBundle({ instance: sharing({ ctLog: "RSA-2048" }) });
  expect(certificate?.issuer).toBe(GITHUB);
});

test("leaves can be issued by the root itself", async () => {
  const instance = createSigstore({ intermediate: false });
  const { certificate } = await tryBundle({ instance: () => instance });
  expect(certificate?.issuer).toBe(GITHUB);
});

test("a timestamp authority with an RSA key can leave the hash to the digest's algorithm", async () => {
  const signatureAlgorithm = sequence(oid("1.2.840.113549.1.1.1"), NULL);
  const instance = sharing({ tsa: "RSA-2048" });
  for (const digestHash of ["SHA-256", "SHA-512"] as const) {
    const timestamps = [
      { digestHash, change: { signerInfo: put("signatureAlgorithm", signatureAlgorithm) } },
    ];
    expect((await tryBundle({ instance, ...rekor2, timestamps })).times).toHaveLength(1);
  }
});

test("further logs can promise the same certificate, known or not", async () => {
  for (const order of ["known first", "unknown first"]) {
    const { certificate } = await tryBundle({
      change: {
        scts: async (scts, precertificate) => {
          const unknown = await mintSct(theirs.ctLog, precertificate);
          return order === "known first" ? [...scts, unknown] : [unknown, ...scts];
        },
      },
    });
    expect(certificate?.issuer).toBe(GITHUB);
  }
});

test("a log can promise the same certificate sixteen times", async () => {
  const { certificate } = await tryBundle({
    change: {
      scts: async (_, precertificate) =>
        Promise.all(Array.from({ length: 16 }, () => mintSct(ours.ctLog, precertificate))),
    },
  });
  expect(certificate?.issuer).toBe(GITHUB);
});

test("a timestamp of a log that says more is accepted, and what it says is signed", async () => {
  const { certificate } = await tryBundle({
    change: { sct: (fields) => ({ ...fields, extensions: Uint8Array.of(1, 2, 3) }) },
  });
  expect(certificate?.issuer).toBe(GITHUB);
});
