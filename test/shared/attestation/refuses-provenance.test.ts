import { testRefusals } from "../support/refusal.ts";
import {
  EMPTY_REFUSALS,
  ENCODING_REFUSALS,
  FIELD_REFUSALS,
  FILE_REFUSALS,
  SIZE_REFUSALS,
  VERSION_REFUSALS,
} from "../support/refusals-provenance.ts";

testRefusals("the version of a provenance document", VERSION_REFUSALS);
testRefusals("a provenance document that holds nothing", EMPTY_REFUSALS);
testRefusals("the fields of a provenance document", FIELD_REFUSALS);
testRefusals("the encoding of a provenance document", ENCODING_REFUSALS);
testRefusals("the size of a provenance document", SIZE_REFUSALS);
testRefusals("the file that is asked about", FILE_REFUSALS);
