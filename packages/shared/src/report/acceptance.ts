/** The command with which a person accepts what a decision stopped. */
import type { DecisionCode } from "../errors.ts";
import type { Decision } from "../model.ts";

/** What accepts it: a command on the project or on the file, trust on first use, or nothing. */
const ACCEPTED_BY: Readonly<Record<DecisionCode, "name" | "file" | "tofu" | null>> = {
  UNVERIFIABLE: null,
  TRUST_ROOT_UNKNOWN_KEY: null,
  PROJECT_QUARANTINED: null,
  HASH_UNUSABLE: null,
  FILE_MISMATCH: null,
  FILE_CHANGED: "file",
  FILE_PINNED: null,
  SOURCE_CHANGED: "name",
  SOURCE_PINNED: null,
  NOT_FROM_INDEX: "name",
  INDEX_CHANGED: "name",
  HASH_NOT_ON_INDEX: "file",
  ATTESTATION_INVALID: "file",
  PUBLISHER_MATCH: null,
  REPOSITORY_RENAMED: "name",
  REPOSITORY_TRANSFERRED: "name",
  REPOSITORY_REPLACED: "name",
  PUBLISHER_CHANGED: "name",
  PUBLISHER_UNPINNED: "tofu",
  ATTESTATION_MISSING: "file",
  UNSIGNED: "name",
};

/**
 * The command, ready to be pasted into a shell; null where nothing accepts it, or where the name is
 * none that could be typed safely.
 *
 * @param several whether several publishers were seen of the project, and none is pinned: then a
 *   person names one in the place of `URL` (see `undecidedNames`)
 */
export function acceptCommand(
  { code, name, filename }: Pick<Decision, "code" | "name" | "filename">,
  several: boolean = false,
): string | null {
  if (code === "PUBLISHER_UNPINNED" && several) {
    const command = accept(name);
    return command === null ? null : `${command} --publisher URL`;
  }
  switch (ACCEPTED_BY[code]) {
    case "name":
      return accept(name);
    case "file":
      return accept(filename ?? name);
    case "tofu":
      return "pubpin tofu";
    case null:
      return null;
  }
}

/** A remedy's words with this decision's names where they say NAME and FILENAME. */
export function fillIn(
  remedy: string,
  { name, filename }: Pick<Decision, "name" | "filename">,
): string {
  const byName = shellWord(name);
  const byFile = shellWord(filename ?? name);
  return remedy.replace(/\b(?:FILE)?NAME\b/g, (word) => {
    return (word === "NAME" ? byName : byFile) ?? word;
  });
}

function accept(target: string): string | null {
  const word = shellWord(target);
  return word === null ? null : `pubpin accept ${word}`;
}

/** One word of a POSIX shell's command line, or null. Epochs in file names need quotes: `1!2.0`. */
function shellWord(text: string): string | null {
  if (!/^[A-Za-z0-9_][A-Za-z0-9._+!-]*$/.test(text)) return null;
  return text.includes("!") ? `'${text}'` : text;
}
