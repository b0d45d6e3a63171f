import { testRefusals } from "../support/refusal.ts";
import {
  CERTIFICATE_REFUSALS,
  ISSUER_REFUSALS,
  SCT_REFUSALS,
} from "../support/refusals-certificate.ts";

testRefusals("the issuer of a signing certificate", ISSUER_REFUSALS);
testRefusals("what a signing certificate says", CERTIFICATE_REFUSALS);
testRefusals("the log of certificates", SCT_REFUSALS);
