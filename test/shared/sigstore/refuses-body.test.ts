import { testRefusals } from "../support/refusal.ts";
import { BODY_REFUSALS, CONTENT_REFUSALS, MISMATCH_REFUSALS } from "../support/refusals-body.ts";

testRefusals("one part of what a log recorded", MISMATCH_REFUSALS);
testRefusals("what a log recorded", CONTENT_REFUSALS);
testRefusals("the form of what a log recorded", BODY_REFUSALS);
