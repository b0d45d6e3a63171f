/** Every form that a bundle can have, with what is known once it verified. */
import {
  createWitness,
  later,
  DEFAULT_TIME,
  jsonBytes,
  put,
  type SignOptions,
  type Time,
} from "@pubpin/test-kit";
import { describe, expect, test } from "vitest";
import {
  type BundleAttempt,
  IDENTITY,
  MESSAGE,
  MESSAGE_SHA256,
  STATEMENT,
  sigstore,
  tryBundle,
} from "../support/instance.ts";

const message = { message: MESSAGE } as const;
const rekor2 = { log: "rekor2" } as const;
const VERSIONS = ["0.1", "0.2", "0.3"] as const;

function at(time: Time, seconds: number): number {
  return later(time, seconds).getTime();
}

const RECORDED = at(DEFAULT_TIME, 1);
const STAMPED = at(DEFAULT_TIME, 2);

/** What was signed, and how it was recorded. */
const ENTRIES: readonly (readonly [name: string, options: SignOptions])[] = [
  ["an artifact in hashedrekord 0.0.1", message],
  ["an envelope in dsse 0.0.1", {}],
  ["an envelope in intoto 0.0.2", { entry: "intoto" }],
  ["an artifact in hashedrekord 0.0.2", { ...message, ...rekor2 }],
  ["an envelope in hashedrekord 0.0.2", { entry: "hashedrekord", ...rekor2 }],
  ["an envelope in dsse 0.0.2", rekor2],
];

describe.each(VERSIONS)("a bundle of version %s", (bundleVersion) => {
  test.each(ENTRIES)(
    "with %s is accepted, and says who, what, where and when",
    async (_, options) => {
      const verified = await tryBundle({ bundleVersion, ...options });
      const isV1 = options.log === undefined;
      const host = isV1 ? "rekor.sigstore.example" : "log2026-1.rekor.sigstore.example";
      expect(verified.certificate?.subject).toEqual({ kind: "uri", value: IDENTITY.subject });
      expect(verified.certificate?.issuer).toBe(IDENTITY.issuer);
      expect(verified.certificate?.claims.get(15)).toBe("1001");
      expect(verified.payload).toEqual("message" in options ? null : jsonBytes(STATEMENT));
      expect(verified.logEntries).toEqual([
        { logUrl: `https://${host}`, logIndex: expect.any(BigInt) },
      ]);
      expect(verified.times).toEqual([isV1 ? RECORDED : STAMPED]);
    },
  );

  test.each([{}, rekor2])("signed by a managed key and recorded as %o is accepted", async (log) => {
    const key = await sigstore.managedKey();
    for (const content of [message, {}]) {
      const verified = await tryBundle({ bundleVersion, key, ...content, ...log });
      expect(verified.certificate).toBeNull();
      expect(verified.payload === null).toBe("message" in content);
    }
  });
});

test("a bundle of version 0.3 is accepted under the older form of its media type", async () => {
  const mediaType = "application/vnd.dev.sigstore.bundle+json;version=0.3";
  const { times } = await tryBundle({ change: { bundle: put("mediaType", mediaType) } });
  expect(times).toEqual([RECORDED]);
});

/** Attempts that are all accepted, and the times that each establishes, in seconds. */
const TIMES: readonly (readonly [
  name: string,
  attempt: BundleAttempt,
  times: readonly number[],
])[] = [
  ["Rekor v1 and an authority", { timestamps: [{}] }, [1, 2]],
  ["an authority before Rekor v1", { timestamps: [{ genTime: DEFAULT_TIME }] }, [0, 1]],
  ["two timestamps", { ...rekor2, timestamps: [{ genTime: later(DEFAULT_TIME, 9) }, {}] }, [2, 9]],
  [
    "a timestamp with fractions",
    { ...rekor2, timestamps: [{ genTime: "2026-01-02T03:04:05.25Z" }] },
    [0.25],
  ],
  [
    "a timestamp with its certificate",
    { ...rekor2, timestamps: [{ embedCertificate: true }] },
    [2],
  ],
  [
    "a timestamp with other hashes",
    { ...rekor2, timestamps: [{ imprintHash: "SHA-512", digestHash: "SHA-384" }] },
    [2],
  ],
  [
    "a timestamp without what is optional",
    {
      ...rekor2,
      change: { tstInfo: (info) => ({ ...info, accuracySeconds: null, nonce: null, tsa: null }) },
    },
    [2],
  ],
  [
    "a timestamp that promises an order",
    { ...rekor2, change: { tstInfo: put("ordering", true) } },
    [2],
  ],
  [
    "a timestamp granted with changes",
    { ...rekor2, change: { timestampResponse: put("status", 1) } },
    [2],
  ],
  ["two logs", { furtherEntries: [rekor2] }, [1]],
  ["two logs and an authority", { ...rekor2, furtherEntries: [{}] }, [1, 2]],
];

test.each(TIMES)("%s establish all their times, earliest first", async (_, attempt, seconds) => {
  const { times } = await tryBundle(attempt);
  expect(times).toEqual(seconds.map((each) => at(DEFAULT_TIME, each)));
});

test("entries of two logs are both reported, in the bundle's order", async () => {
  const { logEntries } = await tryBundle({ furtherEntries: [rekor2], logIndex: 1234 });
  expect(logEntries.map(({ logUrl }) => logUrl)).toEqual([
    "https://rekor.sigstore.example",
    "https://log2026-1.rekor.sigstore.example",
  ]);
  expect(logEntries[0].logIndex).toBe(1234n);
});

test.each(["rekor1", "rekor2"] as const)(
  "signatures of witnesses neither help nor harm a checkpoint of %s",
  async (log) => {
    const names = ["witness.example/1", "w2", "rekor.sigstore.example.org"];
    const witnesses = await Promise.all(names.map((name) => createWitness(name)));
    const orders = [
      undefined,
      { checkpointSignatures: <T>(all: readonly T[]): readonly T[] => all.toReversed() },
    ];
    for (const change of orders) {
      const { logEntries } = await tryBundle({ log, witnesses, change });
      expect(logEntries).toHaveLength(1);
    }
  },
);

test("lines that extend a checkpoint are signed, and otherwise ignored", async () => {
  const change = { checkpointText: (text: string) => `${text}extension\n\u00e4\n` };
  expect((await tryBundle({ change })).logEntries).toHaveLength(1);
});

test("what is recorded beside the payload's hash is not needed", async () => {
  const other = "00".repeat(32);
  const body = put("spec.envelopeHash.value", other);
  expect((await tryBundle({ change: { body } })).times).toEqual([RECORDED]);
  const intoto = put("spec.content.hash.value", other);
  expect((await tryBundle({ entry: "intoto", change: { body: intoto } })).times).toEqual([
    RECORDED,
  ]);
});

test("an envelope's artifact may be a digest", async () => {
  expect((await tryBundle({ artifact: { sha256: MESSAGE_SHA256 } })).payload).not.toBeNull();
});

test("a statement about several files is one about each of them", async () => {
  const subject = [
    { name: "first.txt", digest: { sha256: "00".repeat(32) } },
    ...(STATEMENT["subject"] as { name: string; digest: { sha256: string } }[]),
  ];
  const statement = { ...STATEMENT, subject };
  for (const sha256 of ["00".repeat(32), MESSAGE_SHA256]) {
    expect((await tryBundle({ statement, artifact: { sha256 } })).payload).not.toBeNull();
  }
});

test("a statement may say more than is read", async () => {
  const change = { statement: put("later", { field: [1, { x: null }] }) };
  expect((await tryBundle({ change })).payload).not.toBeNull();
});

test("an empty artifact can be signed", async () => {
  const empty = new Uint8Array();
  expect((await tryBundle({ message: empty, artifact: { bytes: empty } })).payload).toBeNull();
});
