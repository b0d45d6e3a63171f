import { testRefusals } from "../support/refusal.ts";
import {
  CHECKPOINT_REFUSALS,
  CHECKPOINT_SIGNATURE_REFUSALS,
} from "../support/refusals-checkpoint.ts";
import { ENTRY_REFUSALS, PROMISE_REFUSALS, PROOF_REFUSALS } from "../support/refusals-log.ts";

testRefusals("a log's entry", ENTRY_REFUSALS);
testRefusals("a log's promise", PROMISE_REFUSALS);
testRefusals("an inclusion proof", PROOF_REFUSALS);
testRefusals("the form of a checkpoint", CHECKPOINT_REFUSALS);
testRefusals("the signatures of a checkpoint", CHECKPOINT_SIGNATURE_REFUSALS);
