import { quote } from "../bytes/quote.ts";
import { PubpinError } from "../errors.ts";
import type { Candidate } from "../model.ts";
import { type DistributionFilename, parseFilename } from "../names/filename.ts";
import { normalizeName } from "../names/project.ts";
import { canonicalVersion } from "../names/version.ts";
import { findFile } from "../pins/lookup.ts";
import type { Pins } from "../pins/model.ts";
import type { Ruling } from "./ruling.ts";

const METADATA_FOLDER = /^([^-]+)-([^-]+)\.dist-info$/i;

/** The rows about the file itself (4 to 6): its hashes, its name, and its `#file:` line. */
export function decideByFile(candidate: Candidate, pins: Pins): Ruling | null {
  return (
    judgeHashes(candidate) ??
    judgeName(candidate) ??
    judgeMetadata(candidate) ??
    judgePinnedFile(candidate, pins)
  );
}

/** Row 4. An installer takes any of an entry's hashes, so each must be one that can be verified. */
function judgeHashes({ origin, hashes }: Candidate): Ruling | null {
  if (origin.kind === "source") return null;
  const other = hashes.find(({ algorithm }) => algorithm !== "sha256");
  if (hashes.length > 0 && other === undefined) return null;
  const found = other === undefined ? "none" : quote(other.algorithm);
  return {
    code: "HASH_UNUSABLE",
    verdict: "fail",
    message: `expected SHA-256 and no other hash, found ${found}`,
  };
}

/** Row 5. Installers do not always compare a file's name with the entry it stands in. */
function judgeName({ name, version, filename, origin }: Candidate): Ruling | null {
  if (filename === null || origin.kind === "source") return null;
  const mismatch = (reason: string): Ruling => ({
    code: "FILE_MISMATCH",
    verdict: "fail",
    message: `expected a file of ${name} ${version ?? ""}, found ${quote(filename)}: ${reason}`,
  });
  let parsed: DistributionFilename;
  try {
    parsed = parseFilename(filename);
  } catch (error) {
    if (!(error instanceof PubpinError)) throw error;
    return mismatch("not a distribution's file name");
  }
  if (parsed.name !== name) return mismatch("another project");
  const sameVersion = version === null || parsed.version === canonicalVersion(version);
  return sameVersion ? null : mismatch("another version");
}

/**
 * Row 5, for a wheel at hand. Its one metadata folder is NAME-VERSION.dist-info (PEP 427, "File
 * contents"): with more dashes, two readers could take it for two projects.
 */
function judgeMetadata({ name, version, filename, metadataFolders }: Candidate): Ruling | null {
  if (metadataFolders === undefined) return null;
  const [folder = "", ...others] = metadataFolders;
  const [, foundName = "", foundVersion = ""] = METADATA_FOLDER.exec(folder) ?? [];
  const mismatch = (expected: string): Ruling => ({
    code: "FILE_MISMATCH",
    verdict: "fail",
    message:
      `expected ${expected} in ${quote(filename ?? name)}, ` +
      `found ${metadataFolders.length === 0 ? "none" : metadataFolders.map(quote).join(", ")}`,
  });
  if (others.length > 0 || foundName === "") return mismatch("one folder NAME-VERSION.dist-info");
  try {
    const isNamed = normalizeName(foundName) === name;
    const found = canonicalVersion(foundVersion);
    const isOfVersion = version === null || found === canonicalVersion(version);
    return isNamed && isOfVersion ? null : mismatch(`the metadata of ${name} ${version ?? ""}`);
  } catch (error) {
    if (!(error instanceof PubpinError)) throw error;
    return mismatch("a folder with a name and a version");
  }
}

/**
 * Row 6. Every hash that an installer would take must be the pinned one. Where there is none, as
 * for an archive by its URL, nothing is known of the bytes, and the name alone accepts nothing.
 */
function judgePinnedFile({ filename, hashes }: Candidate, pins: Pins): Ruling | null {
  const pinned = filename === null ? null : findFile(pins, filename);
  if (pinned === null || hashes.length === 0) return null;
  const { sha256 } = pinned.entry;
  const other = hashes.find(({ value }) => value !== sha256);
  return other === undefined
    ? { code: "FILE_PINNED", verdict: "pass", message: `accepted by its bytes, sha256:${sha256}` }
    : {
        code: "FILE_CHANGED",
        verdict: "fail",
        message: `expected sha256:${sha256}, found sha256:${other.value}`,
      };
}
