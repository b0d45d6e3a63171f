import { testRefusals } from "../support/refusal.ts";
import {
  AUTHORITY_REFUSALS,
  DOCUMENT_REFUSALS,
  LOG_REFUSALS,
} from "../support/refusals-trust-root.ts";

testRefusals("a trust root's document", DOCUMENT_REFUSALS);
testRefusals("a trust root's logs", LOG_REFUSALS);
testRefusals("a trust root's authorities", AUTHORITY_REFUSALS);
