export {
  DEFAULT_INDEX_URL,
  PUBLISH_PREDICATE,
  SARIF_SCHEMA_URL,
  SLSA_PREDICATE,
} from "./addresses.ts";
export {
  type DistributionFile,
  inspectProvenance,
  type VerifiedProvenance,
  verifyProvenance,
} from "./attestation/verify.ts";
export { embeddedTrustedRoot, embeddedTrustedRootJson } from "./embedded-root.ts";
export {
  DECISION_CODES,
  type DecisionCode,
  type ErrorCode,
  fail,
  isRetryable,
  PubpinError,
  TOOL_CODES,
  VERIFIER_CODES,
} from "./errors.ts";
export { digest } from "./bytes/crypto.ts";
export { documentField, type Field, readFields, readText } from "./bytes/fields.ts";
export { encodeHex } from "./bytes/hex.ts";
export { quote } from "./bytes/quote.ts";
export { decodeUtf8, encodeUtf8 } from "./bytes/utf8.ts";
export {
  type CheckIo,
  checkDistributions,
  type CheckOptions,
  type CheckProgress,
} from "./check.ts";
export { type PendingCandidate, pendingCandidates } from "./check/candidates.ts";
export {
  findEvidence,
  type FoundEvidence,
  requireNotQuarantined,
  type TrustRootSource,
  trustRootSource,
} from "./check/evidence.ts";
export { decide, type Evidence } from "./decide.ts";
export {
  firstUse,
  firstUseIndexes,
  type FirstUse,
  furtherIndexes,
  type Undecided,
} from "./decide/first-use.ts";
export type { DecideOptions } from "./decide/ruling.ts";
export {
  createIndexClient,
  createFullIndexes,
  createIndexes,
  createJsonIndexes,
  type IndexClient,
  type IndexClientOptions,
  type Indexes,
  type IndexesOptions,
} from "./index/client.ts";
export { type DigestMatch, findFiles } from "./index/find.ts";
export { createPool } from "./index/pool.ts";
export type { Fetch } from "./index/request.ts";
export type { IndexStore } from "./index/stored.ts";
export type { TransportOptions } from "./index/transport.ts";
export type { FileExtras, IndexFile, IndexProject, ProjectStatus } from "./index/types.ts";
export { readIndexUrl } from "./index/url.ts";
export {
  MAX_DOCUMENT_BYTES,
  MAX_LOCK_BYTES,
  MAX_PINS_BYTES,
  MAX_TRUST_ROOT_BYTES,
} from "./limits.ts";
export { diffLocks } from "./lock/diff.ts";
export { canonicalLock, lockDigest } from "./lock/digest.ts";
export { lockFormat, type LockParsers, readLock } from "./lock/read.ts";
export type {
  Artifact,
  Candidate,
  Decision,
  Distribution,
  DistributionSource,
  ExpectedPublisher,
  Hash,
  Notice,
  NoticeCode,
  Origin,
  Place,
  Report,
  VcsName,
  Verdict,
  Identity,
  InstallDirective,
  Lock,
  LockChange,
  LockChangeKind,
  LockDiff,
  LockedFile,
  LockFormat,
  PublisherKind,
  VerifiedBundle,
  VerifiedCertificate,
  VerifiedLogEntry,
  VerifiedPublisher,
} from "./model.ts";
export { parseFilename } from "./names/filename.ts";
export { normalizeName } from "./names/project.ts";
export { canonicalVersion } from "./names/version.ts";
export { type PinsChange, diffPins, type Weakening } from "./pins/diff.ts";
export {
  addEntries,
  completePublisher,
  EMPTY_PINS,
  nextAlsoOrdinal,
  removeEntryByPerson,
  replaceEntryByPerson,
  setLock,
} from "./pins/edit.ts";
export { entryKey, entryValue, EVERY_PROJECT, sameEntry } from "./pins/entry.ts";
export { formatPins, parsePins } from "./pins/file.ts";
export { sameSource } from "./pins/location.ts";
export {
  acceptedPublishers,
  entriesOf,
  type EntryOf,
  findFile,
  findIndex,
  findLock,
  findLockBytes,
  findNote,
  findPin,
  findSource,
  findUnsigned,
  type FoundEntry,
} from "./pins/lookup.ts";
export type * from "./pins/model.ts";
export { pinnedPublisher, samePublisherUrl, sameRepository } from "./pins/publisher.ts";
export { acceptCommand, fillIn } from "./report/acceptance.ts";
export { type DocumentedCode, docsPath } from "./report/advice.ts";
export { cutAnnotations, githubAnnotations, githubCommand } from "./report/github.ts";
export { htmlReport } from "./report/html.ts";
export {
  JSON_REPORT_SCHEMA,
  type JsonDecision,
  type JsonPublisher,
  jsonPublisher,
  type JsonReport,
  jsonReport,
  type JsonSubject,
  jsonSubjects,
} from "./report/json.ts";
export { githubSummary } from "./report/markdown.ts";
export { NOTICE_CODES, NOTICE_WORDS } from "./report/notice-words.ts";
export {
  sarifFingerprint,
  type SarifOptions,
  sarifPlace,
  sarifReport,
  sarifText,
} from "./report/sarif.ts";
export { type SarifLevel, type SarifRule, sarifRule } from "./report/sarif-rules.ts";
export { asciiJson, plural, show, showMessage, showPath, showPlace } from "./report/show.ts";
export { exitCodeOf, type Summary, summarize } from "./report/summary.ts";
export {
  COLOR_CHOICES,
  type ColorChoice,
  createPainter,
  isAutomated,
  isColored,
  type TerminalStream,
} from "./report/terminal.ts";
export {
  indent,
  joinLines,
  labelled,
  type Painter,
  type Style,
  wrap,
} from "./report/text-lines.ts";
export { type TextOptions, textReport } from "./report/text.ts";
export { DECISION_WORDS } from "./report/decision-words.ts";
export type { Words } from "./report/entry.ts";
export { ERROR_WORDS } from "./report/words.ts";
export { parseTrustedRoot, type TrustedRoot } from "./sigstore/trusted-root.ts";
export { verifyBundle } from "./sigstore/verify.ts";
