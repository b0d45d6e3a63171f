/** When something must have been valid, to the last second, and that no clock is asked. */
import {
  type CertificateChanges,
  createSigstore,
  DEFAULT_TIME,
  later,
  put,
  type SigstoreOptions,
} from "@pubpin/test-kit";
import type { ErrorCode } from "@pubpin/shared";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type BundleAttempt, tryBundle, tryProvenance } from "../support/instance.ts";
import { codeOf } from "../support/refusal.ts";

/** An interval that must hold a time, in seconds after DEFAULT_TIME. */
interface Interval {
  readonly of: string;
  readonly time: number;
  readonly code: ErrorCode;
  /** How far beside the interval a time can be at least, in seconds. */
  readonly step: number;
  readonly valid: BundleAttempt;
  readonly set: (end: "start" | "end", at: Date) => BundleAttempt;
}

const rekor2 = { log: "rekor2" } as const;

function ofRoot(path: string): Interval["set"] {
  return (end, at) => ({ trust: put(`${path}.${end}`, at.toISOString()) });
}

function ofParty(party: keyof NonNullable<SigstoreOptions["change"]>): Interval["set"] {
  return (end, at) => {
    const fields: CertificateChanges["fields"] = put(
      end === "start" ? "notBefore" : "notAfter",
      at,
    );
    return { instance: () => createSigstore({ change: { [party]: { fields } } }) };
  };
}

const INTERVALS: readonly Interval[] = [
  {
    of: "a signing certificate",
    time: 1,
    code: "CERTIFICATE_EXPIRED",
    step: 1,
    valid: {},
    set: (end, at) => ({
      change: { leaf: put(end === "start" ? "notBefore" : "notAfter", at) },
    }),
  },
  {
    of: "an intermediate",
    time: 1,
    code: "CERTIFICATE_EXPIRED",
    step: 1,
    valid: {},
    set: ofParty("intermediate"),
  },
  { of: "a root", time: 1, code: "CERTIFICATE_EXPIRED", step: 1, valid: {}, set: ofParty("root") },
  {
    of: "a certificate authority's use",
    time: 1,
    code: "CERTIFICATE_EXPIRED",
    step: 0.001,
    valid: {},
    set: ofRoot("certificateAuthorities.0.validFor"),
  },
  {
    of: "a log's use",
    time: 1,
    code: "LOG_EXPIRED",
    step: 0.001,
    valid: {},
    set: ofRoot("tlogs.0.publicKey.validFor"),
  },
  {
    of: "a Rekor v2 log's use",
    time: 2,
    code: "LOG_EXPIRED",
    step: 0.001,
    valid: rekor2,
    set: ofRoot("tlogs.1.publicKey.validFor"),
  },
  {
    of: "a certificate log's use",
    time: 0,
    code: "SCT_INVALID",
    step: 0.001,
    valid: {},
    set: ofRoot("ctlogs.0.publicKey.validFor"),
  },
  {
    of: "a timestamp's signer",
    time: 2,
    code: "TIMESTAMP_EXPIRED",
    step: 1,
    valid: rekor2,
    set: ofParty("tsa"),
  },
  {
    of: "a timestamp's issuer",
    time: 2,
    code: "TIMESTAMP_EXPIRED",
    step: 1,
    valid: rekor2,
    set: ofParty("tsaRoot"),
  },
  {
    of: "a timestamp authority's use",
    time: 2,
    code: "TIMESTAMP_EXPIRED",
    step: 0.001,
    valid: rekor2,
    set: ofRoot("timestampAuthorities.0.validFor"),
  },
];

test.each(INTERVALS)(
  "the interval of $of holds both its ends, and nothing beside",
  async (interval) => {
    const { time, step, valid, set, code } = interval;
    const attempt = (end: "start" | "end", seconds: number): Promise<unknown> =>
      tryBundle({ ...valid, ...set(end, later(DEFAULT_TIME, seconds)) });
    await attempt("start", time);
    await attempt("end", time);
    expect(await codeOf(() => attempt("start", time + step))).toBe(code);
    expect(await codeOf(() => attempt("end", time - step))).toBe(code);
  },
);

test("every time must fit, and not just one of several", async () => {
  const far = later(DEFAULT_TIME, 601);
  const fitting: BundleAttempt = {
    ...rekor2,
    timestamps: [{}, { genTime: later(DEFAULT_TIME, 3) }],
  };
  await tryBundle(fitting);
  for (const timestamps of [
    [{}, { genTime: far }],
    [{ genTime: far }, {}],
  ]) {
    expect(await codeOf(() => tryBundle({ ...fitting, timestamps }))).toBe("CERTIFICATE_EXPIRED");
  }
});

test("every log must have been in use at every time", async () => {
  const both: BundleAttempt = { furtherEntries: [rekor2], timestamps: [{}] };
  await tryBundle(both);
  for (const log of [0, 1]) {
    const trust = put(`tlogs.${log}.publicKey.validFor.end`, later(DEFAULT_TIME, 1).toISOString());
    expect(await codeOf(() => tryBundle({ ...both, trust }))).toBe("LOG_EXPIRED");
  }
});

describe("the local clock", () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each(["1970-01-01T00:00:00Z", "2019-01-01T00:00:00Z", "2099-01-01T00:00:00Z"])(
    "may say %s, and changes no verdict",
    async (now) => {
      vi.useFakeTimers({ toFake: ["Date"], now: new Date(now) });
      expect(new Date().getUTCFullYear()).toBe(Number(now.slice(0, 4)));
      const { times } = await tryBundle({});
      expect(times).toEqual([later(DEFAULT_TIME, 1).getTime()]);
      const { publishers } = await tryProvenance();
      expect(publishers[0]?.time).toEqual(later(DEFAULT_TIME, 1));
      expect(await codeOf(() => tryBundle({ integratedTime: later(DEFAULT_TIME, 601) }))).toBe(
        "CERTIFICATE_EXPIRED",
      );
      expect(await codeOf(() => tryBundle({ ...rekor2, timestamps: [] }))).toBe("TIME_MISSING");
    },
  );
});
