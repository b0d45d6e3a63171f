/** What the tests, the benchmarks and the demo need on Node: a package index and wheels. */
export { type LocalFile } from "./catalog.ts";
export type {
  AnswerFault,
  EntryFault,
  FaultSetting,
  Faults,
  FileFault,
  PageFault,
  ProvenanceFault,
} from "./faults.ts";
export {
  createGitFolder,
  type FileContent,
  type GitFolder,
  type GitRepository,
  type ProgramEnd,
  type RunOptions,
} from "./git-repository.ts";
export {
  type LocalIndex,
  type LocalIndexOptions,
  type LoggedRequest,
  startLocalIndex,
} from "./local-index.ts";
export {
  type MintedLockFile,
  type MintedPackage,
  type MintedPinsOptions,
  mintedFile,
  mintedPackages,
  mintedPin,
  mintPins,
  mintUvLock,
} from "./minted-lock.ts";
export { type Site, type SiteEntry, startSite } from "./site.ts";
export {
  type MintedWheel,
  type WheelOptions,
  mintWheel,
  sha256Hex,
  wheelMetadata,
} from "./wheel.ts";
export { type ZipEntry, readZipEntry, writeZip } from "./zip.ts";
