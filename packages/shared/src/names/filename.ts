import { quote } from "../bytes/quote.ts";
import { fail, requireAtMost } from "../errors.ts";
import { MAX_FILENAME_LENGTH, MAX_WHEEL_TAGS } from "../limits.ts";
import { normalizeName } from "./project.ts";
import { canonicalVersion } from "./version.ts";

/** What the name of a distribution's file says. */
export interface DistributionFilename {
  readonly kind: "wheel" | "sdist";
  /** The project's name, normalised (PEP 503). */
  readonly name: string;
  /** The version in its canonical form (see `canonicalVersion`). */
  readonly version: string;
  /** A wheel's build tag without leading zeros, or null. */
  readonly build: string | null;
  /** A wheel's tags (PEP 425), such as `py3-none-any`, expanded, unique, sorted; [] for an sdist. */
  readonly tags: readonly string[];
}

const WHEEL_SUFFIX = ".whl";
const SDIST_SUFFIXES = [".tar.gz", ".zip"] as const;
/** PEP 427, section "Escaping and Unicode", as the index enforces it: ASCII only. */
const WHEEL_NAME = /^[A-Za-z0-9._]+$/;
/** PEP 427: a build tag starts with a digit. */
const BUILD = /^0*(?<build>[0-9][A-Za-z0-9._]*)$/;
/** PEP 425: a Python tag is an implementation's name with a version. */
const PYTHON_TAG = /^[a-z_][a-z0-9_]*$/;
const OTHER_TAG = /^[a-z0-9_]+$/;

/**
 * Reads the name of a wheel (PEP 427) or of an sdist (PEP 625, and the older names that indexes
 * hold: any name of the project, `.zip`; the version stands after the last dash).
 *
 * @throws FILENAME_INVALID when it is anything else, a path included
 * @throws LIMIT_EXCEEDED when it is too long or denotes too many tags
 */
export function parseFilename(filename: string): DistributionFilename {
  requireAtMost(
    MAX_FILENAME_LENGTH,
    filename.length,
    "characters",
    () => `file name ${quote(filename)}`,
  );
  if (filename.endsWith(WHEEL_SUFFIX)) {
    return parseWheel(filename, filename.slice(0, -WHEEL_SUFFIX.length));
  }
  const suffix = SDIST_SUFFIXES.find((each) => filename.endsWith(each));
  return suffix === undefined
    ? invalid(filename, "expected .whl, .tar.gz or .zip at the end")
    : parseSdist(filename, filename.slice(0, -suffix.length));
}

/**
 * Returns only if both file names denote the same distribution: an sdist by name and version, a
 * wheel also by build tag and set of tags. (For sdists the kind of archive is no part of it.)
 *
 * @throws SUBJECT_MISMATCH when they do not, or when `found` is no distribution's file name
 * @throws FILENAME_INVALID LIMIT_EXCEEDED when `expected` is no distribution's file name
 */
export function requireSameDistribution(expected: string, found: string): void {
  const wanted = parseFilename(expected);
  if (found === expected) return;
  let given: DistributionFilename;
  try {
    given = parseFilename(found);
  } catch (cause) {
    return fail(
      "SUBJECT_MISMATCH",
      `expected the distribution ${quote(expected)}, found ${quote(found)}, ` +
        "which is no distribution's file name",
      cause,
    );
  }
  const differing = differences(wanted, given);
  if (differing.length > 0) {
    fail(
      "SUBJECT_MISMATCH",
      `expected the distribution ${quote(expected)}, found ${quote(found)}: ` +
        `another ${differing.join(", ")}`,
    );
  }
}

function differences(a: DistributionFilename, b: DistributionFilename): readonly string[] {
  return [
    a.kind === b.kind ? "" : "kind of distribution",
    a.name === b.name ? "" : "name",
    a.version === b.version ? "" : "version",
    a.build === b.build ? "" : "build tag",
    a.tags.join(" ") === b.tags.join(" ") ? "" : "set of tags",
  ].filter((each) => each !== "");
}

function parseWheel(filename: string, stem: string): DistributionFilename {
  const parts = stem.split("-");
  if (parts.length !== 5 && parts.length !== 6) {
    invalid(filename, `expected 5 or 6 parts, found ${parts.length}`);
  }
  const [name = "", version = ""] = parts;
  const build = parts.length === 6 ? (parts[2] ?? "") : null;
  if (!WHEEL_NAME.test(name) || name.includes("__")) {
    invalid(filename, `expected an escaped name, found ${quote(name)}`);
  }
  return {
    kind: "wheel",
    ...parseRelease(filename, name, version),
    build: build === null ? null : parseBuild(filename, build),
    tags: expandTags(filename, parts.slice(-3)),
  };
}

function parseSdist(filename: string, stem: string): DistributionFilename {
  const dash = stem.lastIndexOf("-");
  if (dash === -1) invalid(filename, "expected a dash between name and version");
  const release = parseRelease(filename, stem.slice(0, dash), stem.slice(dash + 1));
  return { kind: "sdist", ...release, build: null, tags: [] };
}

function parseRelease(
  filename: string,
  name: string,
  version: string,
): { readonly name: string; readonly version: string } {
  try {
    return { name: normalizeName(name), version: canonicalVersion(version) };
  } catch (cause) {
    return invalid(filename, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

function parseBuild(filename: string, build: string): string {
  return (
    BUILD.exec(build)?.groups?.["build"] ??
    invalid(filename, `expected a build tag, found ${quote(build)}`)
  );
}

/** PEP 425, section "Compressed Tag Sets". Tags are compared in lower case, as installers do. */
function expandTags(filename: string, fields: readonly string[]): readonly string[] {
  const [pythons = [], abis = [], platforms = []] = fields.map((field, index) =>
    field
      .toLowerCase()
      .split(".")
      .map((tag) =>
        (index === 0 ? PYTHON_TAG : OTHER_TAG).test(tag)
          ? tag
          : invalid(filename, `expected tags, found ${quote(field)}`),
      ),
  );
  const count = pythons.length * abis.length * platforms.length;
  requireAtMost(MAX_WHEEL_TAGS, count, "tags", () => `file name ${quote(filename)}`);
  const tags = pythons.flatMap((python) =>
    abis.flatMap((abi) => platforms.map((platform) => `${python}-${abi}-${platform}`)),
  );
  return [...new Set(tags)].toSorted();
}

function invalid(filename: string, reason: string, cause?: unknown): never {
  return fail("FILENAME_INVALID", `file name ${quote(filename)}: ${reason}`, cause);
}
