/** Tests that something valid is refused, with the right code, once one thing about it is wrong. */
import { type ErrorCode, PubpinError } from "@pubpin/shared";
import { describe, expect, test } from "vitest";
import {
  type BundleAttempt,
  type ProvenanceAttempt,
  tryBundle,
  tryProvenance,
} from "./instance.ts";

/** Something valid, and the same with one thing wrong. */
export interface Refusal {
  readonly code: ErrorCode;
  /** The subject of the sentence "... is refused". */
  readonly claim: string;
  /** Resolves, because the verifier accepts it. */
  readonly valid: () => Promise<unknown>;
  /** Rejects with the code. */
  readonly wrong: () => Promise<unknown>;
}

/** The error that a function throws or its promise rejects with, which must be the library's own. */
export async function refusalOf(attempt: () => unknown): Promise<PubpinError> {
  const outcome = await (async () => attempt())().then(
    () => "accepted",
    (error: unknown) => error,
  );
  if (outcome instanceof PubpinError) return outcome;
  throw new Error(`expected a refusal of the library's own, found ${String(outcome)}`, {
    cause: outcome,
  });
}

/** The code of that error. */
export async function codeOf(attempt: () => unknown): Promise<ErrorCode> {
  return (await refusalOf(attempt)).code;
}

/** A bundle that is valid as `valid` says and no longer with what `wrong` adds. */
export function ofBundle(
  code: ErrorCode,
  claim: string,
  wrong: BundleAttempt,
  valid: BundleAttempt = {},
): Refusal {
  return {
    code,
    claim,
    valid: () => tryBundle(valid),
    wrong: () => tryBundle({ ...valid, ...wrong }),
  };
}

/** A provenance document that is valid as `valid` says and no longer with what `wrong` adds. */
export function ofProvenance(
  code: ErrorCode,
  claim: string,
  wrong: ProvenanceAttempt,
  valid: ProvenanceAttempt = {},
): Refusal {
  return {
    code,
    claim,
    valid: () => tryProvenance(valid),
    wrong: () => tryProvenance({ ...valid, ...wrong }),
  };
}

/** A test for each: the valid one is accepted, the wrong one refused with its code. */
export function testRefusals(subject: string, refusals: readonly Refusal[]): void {
  const cases = refusals.map((refusal) => [refusal.claim, refusal.code, refusal] as const);
  describe.each([subject])("%s", () => {
    test.each(cases)("%s is refused with %s", async (_claim, code, { valid, wrong }) => {
      await valid();
      const refusal = await refusalOf(wrong);
      expect({ code: refusal.code, message: refusal.message }).toEqual({
        code,
        message: expect.stringMatching(/\S: \S/) as string,
      });
    });
  });
}
