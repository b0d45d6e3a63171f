import { quote } from "../bytes/quote.ts";
import { fail, requireAtMost } from "../errors.ts";
import { MAX_VERSION_LENGTH } from "../limits.ts";

/**
 * PEP 440, appendix B, without the white space that it would strip. No repetition stands directly
 * beside another of the same characters, so a match that fails does so after a few passes.
 */
const VERSION = new RegExp(
  [
    /^v?(?:(?<epoch>[0-9]+)!)?/,
    /(?<release>[0-9]+(?:\.[0-9]+)*)/,
    /(?:[._-]?(?<pre>alpha|a|beta|b|preview|pre|c|rc)[._-]?(?<preNumber>[0-9]+)?)?/,
    /(?:-(?<postOnly>[0-9]+)|[._-]?(?<post>post|rev|r)[._-]?(?<postNumber>[0-9]+)?)?/,
    /(?:[._-]?(?<dev>dev)[._-]?(?<devNumber>[0-9]+)?)?/,
    /(?:\+(?<local>[a-z0-9]+(?:[._-][a-z0-9]+)*))?$/,
  ]
    .map((part) => part.source)
    .join(""),
  "i",
);

/** PEP 440, section "Pre-release spelling". */
const PRE_RELEASES: Readonly<Record<string, string>> = {
  a: "a",
  alpha: "a",
  b: "b",
  beta: "b",
  c: "rc",
  rc: "rc",
  pre: "rc",
  preview: "rc",
};

/**
 * The one spelling of a version (PEP 440): two versions are equal by PEP 440 exactly if this gives
 * the same text for both. So zeros at the end of the release segment are gone (`1.0` gives `1`),
 * and the local part is kept. It is no form to show to people.
 *
 * @throws VERSION_INVALID when it is no version by PEP 440, or has white space around it
 * @throws LIMIT_EXCEEDED
 */
export function canonicalVersion(version: string): string {
  requireAtMost(
    MAX_VERSION_LENGTH,
    version.length,
    "characters",
    () => `version ${quote(version)}`,
  );
  const parts: Readonly<Record<string, string | undefined>> =
    VERSION.exec(version)?.groups ??
    fail("VERSION_INVALID", `expected a version (PEP 440), found ${quote(version)}`);
  const epoch = integer(parts["epoch"]);
  return (
    (epoch === "0" ? "" : `${epoch}!`) +
    canonicalRelease(parts["release"] ?? "") +
    canonicalPre(parts["pre"], parts["preNumber"]) +
    canonicalPost(parts["post"] ?? parts["postOnly"], parts["postNumber"] ?? parts["postOnly"]) +
    (parts["dev"] === undefined ? "" : `.dev${integer(parts["devNumber"])}`) +
    canonicalLocal(parts["local"])
  );
}

function canonicalRelease(release: string): string {
  const segments = release.split(".").map(integer);
  while (segments.length > 1 && segments.at(-1) === "0") segments.pop();
  return segments.join(".");
}

function canonicalPre(spelling: string | undefined, number: string | undefined): string {
  if (spelling === undefined) return "";
  return `${PRE_RELEASES[spelling.toLowerCase()]}${integer(number)}`;
}

function canonicalPost(present: string | undefined, number: string | undefined): string {
  return present === undefined ? "" : `.post${integer(number)}`;
}

/** PEP 440, section "Local version segments": numeric segments compare as integers. */
function canonicalLocal(local: string | undefined): string {
  if (local === undefined) return "";
  const segments = local.toLowerCase().split(/[._-]/);
  return `+${segments.map((each) => (/^[0-9]+$/.test(each) ? integer(each) : each)).join(".")}`;
}

/** PEP 440, section "Integer normalization"; a number that was left out is zero. */
function integer(digits: string | undefined): string {
  return digits?.replace(/^0+(?=[0-9])/, "") ?? "0";
}
