import { testRefusals } from "../support/refusal.ts";
import { ARTIFACT_REFUSALS, SIGNATURE_REFUSALS } from "../support/refusals-content.ts";
import { IDENTITY_REFUSALS } from "../support/refusals-identity.ts";

testRefusals("a signature", SIGNATURE_REFUSALS);
testRefusals("an artifact", ARTIFACT_REFUSALS);
testRefusals("an identity", IDENTITY_REFUSALS);
