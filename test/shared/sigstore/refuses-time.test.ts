import { testRefusals } from "../support/refusal.ts";
import {
  TIME_REFUSALS,
  TIMESTAMP_FORM_REFUSALS,
  TIMESTAMP_REFUSALS,
} from "../support/refusals-time.ts";

testRefusals("signed time", TIME_REFUSALS);
testRefusals("a timestamp", TIMESTAMP_REFUSALS);
testRefusals("the form of a timestamp", TIMESTAMP_FORM_REFUSALS);
