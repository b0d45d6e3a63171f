import { testRefusals } from "../support/refusal.ts";
import {
  ENCODING_REFUSALS,
  FIELD_REFUSALS,
  ONE_OF_REFUSALS,
  SIZE_REFUSALS,
  VERSION_REFUSALS,
} from "../support/refusals-bundle.ts";

testRefusals("the version of a bundle", VERSION_REFUSALS);
testRefusals("what a bundle has one of", ONE_OF_REFUSALS);
testRefusals("the fields of a bundle", FIELD_REFUSALS);
testRefusals("the encoding of a bundle", ENCODING_REFUSALS);
testRefusals("the size of a bundle", SIZE_REFUSALS);
