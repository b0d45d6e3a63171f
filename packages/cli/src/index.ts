export {
  type OtherOpinion,
  type OwnOpinion,
  requireAgreement,
  type SecondOpinion,
  secondOpinion,
} from "./node/second-opinion.ts";
export type { AttestationSigner } from "./node/second-verifier.ts";
