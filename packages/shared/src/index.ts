export {
  type DistributionFile,
  inspectProvenance,
  type VerifiedProvenance,
  verifyProvenance,
} from "./attestation/verify.ts";
export { embeddedTrustedRoot } from "./embedded-root.ts";
export { ERROR_CODES, type ErrorCode, PubpinError } from "./errors.ts";
export type {
  Artifact,
  Identity,
  PublisherKind,
  VerifiedBundle,
  VerifiedCertificate,
  VerifiedLogEntry,
  VerifiedPublisher,
} from "./model.ts";
export { ERROR_WORDS, type Words } from "./report/words.ts";
export { parseTrustedRoot, type TrustedRoot } from "./sigstore/trusted-root.ts";
export { verifyBundle } from "./sigstore/verify.ts";
