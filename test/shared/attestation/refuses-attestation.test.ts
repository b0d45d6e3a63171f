import { testRefusals } from "../support/refusal.ts";
import {
  CERTIFIED_REFUSALS,
  SAID_REFUSALS,
  STATEMENT_REFUSALS,
} from "../support/refusals-attestation.ts";

testRefusals("what a statement says", STATEMENT_REFUSALS);
testRefusals("what a certificate says of its publisher", CERTIFIED_REFUSALS);
testRefusals("what an index says of a publisher", SAID_REFUSALS);
