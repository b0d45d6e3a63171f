/** Patterns of lock files. */
import { PubpinError } from "@pubpin/shared";
import { MAX_PATTERN_LENGTH } from "./limits.ts";

const SPECIAL = /[\\^$.|+()[\]{}]/g;
/** What other tools give a meaning that patterns here do not have. */
const UNKNOWN = /[\\[\]{}!]|^~|(?:^|\/)\.{1,2}(?:\/|$)|\/\/|\/$/;

/**
 * A pattern as a regular expression over whole paths of a repository. `*` and `?` stay within a
 * segment, `**` goes across. Without a slash a pattern is about the file's name in any folder; with
 * one, be it the first character, it begins at the repository's root. Case counts.
 *
 * @throws USAGE_INVALID for what has a meaning in patterns elsewhere and none here
 */
export function compilePattern(pattern: string, where: string): RegExp {
  if (pattern === "" || pattern.length > MAX_PATTERN_LENGTH || UNKNOWN.test(pattern)) {
    throw new PubpinError(
      "USAGE_INVALID",
      `${where}: expected a pattern such as "uv.lock" or "services/*/requirements.txt" ` +
        `(with *, ** and ?), found ${JSON.stringify(pattern)}`,
    );
  }
  const anchored = pattern.includes("/") ? pattern.replace(/^\//, "") : `**/${pattern}`;
  const segments = anchored.split("/").map((segment, index, all) => {
    const isLast = index === all.length - 1;
    if (segment === "**") return isLast ? ".*" : "(?:[^/]+/)*";
    return segmentSource(segment) + (isLast ? "" : "/");
  });
  return new RegExp(`^${segments.join("")}$`, "su");
}

function segmentSource(segment: string): string {
  return segment.replace(SPECIAL, "\\$&").replaceAll(/\*+/g, "[^/]*").replaceAll("?", "[^/]");
}
