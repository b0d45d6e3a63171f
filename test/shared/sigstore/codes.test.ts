/** That every code of the verifier has something valid that is refused with it. */
import { expect, test } from "vitest";
import { VERIFIER_CODES } from "../../../packages/shared/src/errors.ts";
import type { Refusal } from "../support/refusal.ts";
import { ALL_ATTESTATION_REFUSALS } from "../support/refusals-attestation.ts";
import { ALL_BODY_REFUSALS } from "../support/refusals-body.ts";
import { ALL_BUNDLE_REFUSALS } from "../support/refusals-bundle.ts";
import { ALL_CERTIFICATE_REFUSALS } from "../support/refusals-certificate.ts";
import {
  CHECKPOINT_REFUSALS,
  CHECKPOINT_SIGNATURE_REFUSALS,
} from "../support/refusals-checkpoint.ts";
import { ALL_CONTENT_REFUSALS } from "../support/refusals-content.ts";
import { IDENTITY_REFUSALS } from "../support/refusals-identity.ts";
import { LOG_REFUSALS } from "../support/refusals-log.ts";
import { ALL_PROVENANCE_REFUSALS } from "../support/refusals-provenance.ts";
import { ALL_TIME_REFUSALS } from "../support/refusals-time.ts";
import { ALL_TRUST_ROOT_REFUSALS } from "../support/refusals-trust-root.ts";

const REFUSALS: readonly Refusal[] = [
  ...ALL_ATTESTATION_REFUSALS,
  ...ALL_BODY_REFUSALS,
  ...ALL_BUNDLE_REFUSALS,
  ...ALL_CERTIFICATE_REFUSALS,
  ...CHECKPOINT_REFUSALS,
  ...CHECKPOINT_SIGNATURE_REFUSALS,
  ...ALL_CONTENT_REFUSALS,
  ...IDENTITY_REFUSALS,
  ...LOG_REFUSALS,
  ...ALL_PROVENANCE_REFUSALS,
  ...ALL_TIME_REFUSALS,
  ...ALL_TRUST_ROOT_REFUSALS,
];

/** Codes that take more than this package to come by. */
const ELSEWHERE: ReadonlySet<string> = new Set(["SECOND_OPINION_DISAGREES"]);

const tested: ReadonlySet<string> = new Set(REFUSALS.map(({ code }) => code));

test.each(VERIFIER_CODES.filter((code) => !ELSEWHERE.has(code)))(
  "something valid is refused with %s once one thing about it is wrong",
  (code) => {
    expect(tested).toContain(code);
  },
);

test("every refusal carries one of the verifier's codes", () => {
  expect(VERIFIER_CODES).toEqual(expect.arrayContaining([...tested]));
});
