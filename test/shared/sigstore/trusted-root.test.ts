/** What a trust root may be, and what of it is set aside. */
import { embeddedTrustedRoot, parseTrustedRoot, verifyBundle } from "@pubpin/shared";
import {
  base64,
  bitString,
  drop,
  editDer,
  fromBase64,
  type JsonObject,
  oid,
  put,
  sequence,
} from "@pubpin/test-kit";
import { describe, expect, test } from "vitest";
import {
  IDENTITY,
  MESSAGE_SHA256,
  sigstore,
  STATEMENT,
  tryBundle,
  tryProvenance,
} from "../support/instance.ts";
import { codeOf, refusalOf } from "../support/refusal.ts";

type Change = (usual: JsonObject) => JsonObject;

async function parse(change: Change): ReturnType<typeof parseTrustedRoot> {
  return parseTrustedRoot(await sigstore.trustedRootJson(change));
}

const rekor2 = { log: "rekor2" } as const;
const key1 = "tlogs.0.publicKey";

function chained(...changes: readonly Change[]): Change {
  return (usual) => changes.reduce((value, change) => change(value), usual);
}

describe("a trust root", () => {
  test("may be of version 0.2", async () => {
    const trust = put("mediaType", "application/vnd.dev.sigstore.trustedroot.v0.2+json");
    expect((await tryBundle({ trust })).times).toHaveLength(1);
  });

  test("may say more than is read", async () => {
    const trust = chained(
      put("later", [1, { x: true }]),
      put("tlogs.0.operator", "sigstore.example"),
      put("certificateAuthorities.0.operator", "sigstore.example"),
      put("timestampAuthorities.0.operator", "sigstore.example"),
    );
    expect((await tryBundle({ trust })).times).toHaveLength(1);
  });

  test("need not have a timestamp authority, where none is needed", async () => {
    const trust = drop("timestampAuthorities");
    expect((await tryBundle({ trust })).times).toHaveLength(1);
    expect(await codeOf(() => tryBundle({ ...rekor2, trust }))).toBe("TRUST_ROOT_UNKNOWN_KEY");
  });

  test("with empty lists knows nobody", async () => {
    const lists = ["tlogs", "ctlogs", "certificateAuthorities", "timestampAuthorities"];
    const trust = chained(...lists.map((name) => put(name, [])));
    expect((await parse(trust)).logs.size).toBe(0);
    expect(await codeOf(() => tryBundle({ trust }))).toBe("TRUST_ROOT_UNKNOWN_KEY");
    for (const name of lists.slice(0, 3)) {
      const without = put(name, []);
      expect(await codeOf(() => tryBundle({ trust: without }))).toBe("TRUST_ROOT_UNKNOWN_KEY");
    }
  });

  test("says how old it is at least", async () => {
    const { newestStart } = await parse(put(`${key1}.validFor.start`, "2025-06-07T08:09:10Z"));
    expect(new Date(newestStart).toISOString()).toBe("2025-06-07T08:09:10.000Z");
  });

  test("of another instance is told apart from a forged signature", async () => {
    const { authorities } = sigstore;
    const attempt = { artifact: { sha256: MESSAGE_SHA256 } };
    await tryBundle(attempt);
    const withoutLog = { ...attempt, trust: drop("tlogs.0") };
    expect(await codeOf(() => tryBundle(withoutLog))).toBe("TRUST_ROOT_UNKNOWN_KEY");
    const forged = { ...authorities.rekor1, signer: authorities.ctLog.signer };
    expect(await codeOf(() => tryBundle({ ...attempt, using: { rekor1: forged } }))).toBe(
      "LOG_PROMISE_INVALID",
    );
  });

  test("that has expired as a whole vouches for nothing later", async () => {
    const end = "2025-01-01T00:00:00Z";
    const trust = chained(
      put(`${key1}.validFor.end`, end),
      put("ctlogs.0.publicKey.validFor.end", end),
      put("certificateAuthorities.0.validFor.end", end),
    );
    expect((await parse(trust)).logs.size).toBe(2);
    expect(await codeOf(() => tryBundle({ trust }))).toBe("SCT_INVALID");
    expect(await codeOf(() => tryProvenance({ trust }))).toBe("SCT_INVALID");
  });
});

function editKey(path: string, change: (spki: Uint8Array) => Uint8Array): Change {
  return put(path, (usual: string) => base64(change(fromBase64(usual))));
}

/** Entries that are not malformed, and of no use here. */
const UNUSABLE: readonly (readonly [what: string, change: Change, reason: RegExp])[] = [
  ["a log without a validity", drop(`${key1}.validFor`), /no start of validity/],
  ["a log whose validity has no start", drop(`${key1}.validFor.start`), /no start of validity/],
  [
    "a log whose validity starts at null",
    put(`${key1}.validFor.start`, null),
    /no start of validity/,
  ],
  ["a log whose kind of key is unknown", put(`${key1}.keyDetails`, "PKIX_ML_DSA_65"), /ML_DSA/],
  [
    "a log whose kind of key is a property of every object",
    put(`${key1}.keyDetails`, "valueOf"),
    /valueOf/,
  ],
  ["a log that signs with RSA-PSS", put(`${key1}.keyDetails`, "PKIX_RSA_PSS_2048_SHA256"), /PSS/],
  ["a log with another hash function", put("tlogs.0.hashAlgorithm", "SHA2_512"), /SHA2_256/],
  [
    "a log with a key on another curve",
    editKey(`${key1}.rawBytes`, (spki) => editDer(spki, [0, 1], () => oid("1.3.132.0.10"))),
    /P-256/,
  ],
  [
    "a log with a key of another kind",
    editKey(`${key1}.rawBytes`, () =>
      sequence(sequence(oid("1.3.101.113")), bitString(new Uint8Array(57))),
    ),
    /1\.3\.101\.113/,
  ],
  [
    "a log whose key is not of the kind that it says",
    put(`${key1}.keyDetails`, "PKIX_ED25519"),
    /engine/,
  ],
];

describe.each(UNUSABLE)("%s", (_, trust, reason) => {
  test("is set aside, with the reason", async () => {
    const { logs, rejected } = await parse(trust);
    expect(logs.size).toBe(1);
    expect([...rejected.values()]).toEqual([expect.stringMatching(reason)]);
  });

  test("harms nobody else, and is told apart from an unknown one", async () => {
    expect((await tryBundle({ ...rekor2, trust })).times).toHaveLength(1);
    const refusal = await refusalOf(() => tryBundle({ trust }));
    expect(refusal.code).toBe("TRUST_ROOT_INVALID");
    expect(refusal.message).toMatch(reason);
  });
});

test("authorities that are set aside are named where one is missing", async () => {
  const ca = await refusalOf(() =>
    tryBundle({ trust: drop("certificateAuthorities.0.validFor.start") }),
  );
  expect(ca.code).toBe("TRUST_ROOT_UNKNOWN_KEY");
  expect(ca.message).toContain("certificateAuthorities[0]: it has no start of validity");
  const tsa = await refusalOf(() =>
    tryBundle({ ...rekor2, trust: drop("timestampAuthorities.0.validFor.start") }),
  );
  expect(tsa.code).toBe("TRUST_ROOT_UNKNOWN_KEY");
  expect(tsa.message).toContain("timestampAuthorities[0]: it has no start of validity");
});

describe("the trust root that comes along", () => {
  test("is parsed once, and knows logs, authorities and when they were in use", async () => {
    const embedded = await embeddedTrustedRoot();
    expect(await embeddedTrustedRoot()).toBe(embedded);
    expect(embedded.logs.size).toBeGreaterThan(0);
    expect(embedded.ctLogs.size).toBeGreaterThan(0);
    expect(embedded.authorities.length).toBeGreaterThan(0);
    expect(embedded.newestStart).toBeGreaterThan(Date.UTC(2022, 0));
  });

  test("does not know minted parties", async () => {
    const { bytes } = await sigstore.sign({ statement: STATEMENT });
    const embedded = await embeddedTrustedRoot();
    const attempt = (): Promise<unknown> =>
      verifyBundle(bytes, { sha256: MESSAGE_SHA256 }, IDENTITY, embedded);
    expect(await codeOf(attempt)).toBe("TRUST_ROOT_UNKNOWN_KEY");
  });
});
