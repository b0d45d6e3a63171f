import type { ToolErrorCode } from "../errors.ts";
import type { Words } from "./words.ts";

const RETRY =
  "Try again in a while. Behind a proxy or mirror, check that it passes the index through; `provenance-index` names one that has what a mirror strips.";

/** The words for each error around the verifier, by code. */
export const TOOL_WORDS: Readonly<Record<ToolErrorCode, Words>> = {
  NAME_INVALID: {
    title: "Not a project's name",
    meaning: "Names hold ASCII letters, digits, and between them `.`, `_` and `-` (PEP 508).",
    remedy: "Correct the name. A look-alike letter is shown escaped in the message.",
  },
  VERSION_INVALID: {
    title: "Not a version",
    meaning: "The version does not follow PEP 440.",
    remedy: "Correct the version.",
  },
  PINS_INVALID: {
    title: "A line of .provenance.txt cannot be read",
    meaning: "A line breaks the grammar of docs/provenance-file.md. The message has its number.",
    remedy: "Correct the line, or take the file from Git again.",
  },
  PINS_CONFLICT: {
    title: "The change would overwrite a pin",
    meaning: "What is there was accepted by a person, and only a person replaces it.",
    remedy: "`pubpin accept NAME` replaces one pin after showing both publishers.",
  },
  LOCK_UNKNOWN_NAME: {
    title: "Not the name of a lock file",
    meaning: "The format of a lock is told by the name of its file, and this name is of none.",
    remedy:
      "Name a uv.lock, `*.py.lock`, pylock.toml, pylock.NAME.toml, poetry.lock, pdm.lock, Pipfile.lock, pixi.lock, pyodide-lock.json, or a requirements file (`*.txt`) with hashes.",
  },
  LOCK_UNSUPPORTED: {
    title: "Something in the lock is not understood",
    meaning:
      "The lock has a version, key, source or option that this version of pubpin does not know. What it installs cannot be judged, so nothing is passed over.",
    remedy: "Update pubpin, or lock again without what the message names.",
  },
  LOCK_INVALID: {
    title: "The lock is damaged",
    meaning:
      "The file is cut off, holds the markers of a merge conflict, is not of its format, or contradicts itself. The message has the line or path.",
    remedy: "Write the lock again with the tool that made it.",
  },
  INDEX_URL_INVALID: {
    title: "An address that is not used",
    meaning:
      "An index, file or provenance address is not http or https, or holds credentials, dot segments or other things that two programs could read in two ways.",
    remedy: "Correct the address where it comes from: the lock, the configuration or the index.",
  },
  INDEX_UNREACHABLE: {
    title: "The index did not answer",
    meaning:
      "The network, a proxy or the index failed, an answer was cut off, or it took too long.",
    remedy: RETRY,
  },
  INDEX_ERROR: {
    title: "The index answered with an error",
    meaning: "The index is overloaded, limits requests, or has a fault of its own.",
    remedy: RETRY,
  },
  INDEX_REFUSED: {
    title: "The index refused the request",
    meaning: "It asks for credentials, forbids the request, or has switched attestations off.",
    remedy: "Check the credentials for this index, or ask those who run it.",
  },
  INDEX_RESPONSE_INVALID: {
    title: "The index answered with something else",
    meaning:
      "The answer is not what its API prescribes: another type, malformed, or too large. Login pages of a network end here too.",
    remedy: RETRY,
  },
  INDEX_VERSION_UNSUPPORTED: {
    title: "A version of the index's API that is not known",
    meaning: "Version 1 of the Simple API is known.",
    remedy: "Update pubpin.",
  },
  PROJECT_NOT_ON_INDEX: {
    title: "The index does not have the project",
    meaning: "The project was deleted or renamed, or the lock names another index for it.",
    remedy: "Lock again, and check which index the project should come from.",
  },
  PROVENANCE_UNAVAILABLE: {
    title: "The index has provenance and does not give it out",
    meaning:
      "The index says that the file is attested, and the provenance could not be had. That is never taken for unsigned.",
    remedy: RETRY,
  },
  PROJECT_QUARANTINED: {
    title: "The index has quarantined the project",
    meaning:
      "The index's administrators stopped the project, usually because of malware (PEP 792).",
    remedy: "Do not install it. Read the project's page on the index.",
  },
  HASH_UNUSABLE: {
    title: "The lock does not pin the file's bytes",
    meaning:
      "An entry has no SHA-256, or it has several hashes of which one is weaker or belongs to no verified file. Installers take any of them.",
    remedy: "Lock again with hashes: one SHA-256 for each file.",
  },
  HASH_NOT_ON_INDEX: {
    title: "The index does not have this file",
    meaning:
      "None of the index's files of this name has this digest: the lock was altered, the file was deleted, or a mirror serves something else.",
    remedy: "Lock again. If it stays, do not install it.",
  },
  USAGE_INVALID: {
    title: "An option or setting cannot be used",
    meaning:
      "An option of the command, a variable of the environment or a line of a configuration file has a value that is not understood. It is never guessed at.",
    remedy: "Correct what the message names, or leave it out. `pubpin --help` lists the options.",
  },
  FILE_UNREADABLE: {
    title: "A file cannot be read",
    meaning:
      "The file is missing, is a folder or a pipe, may not be opened, or symbolic links lead in a circle.",
    remedy: "Correct the path or the file's permissions.",
  },
  FILE_UNWRITABLE: {
    title: "A file cannot be written",
    meaning:
      "The file or its folder may not be written, or there is no space left. What was there before is still there, whole.",
    remedy: "Correct the permissions or make space, then run the command again.",
  },
  FILE_CHANGED_MEANWHILE: {
    title: "A file is being changed by somebody else",
    meaning:
      "Another program held the file for long, or kept changing it. Nothing was written, so that none of its changes is lost.",
    remedy:
      "Run the command again. If the message names a `.pubpin-lock` file and no pubpin is running, delete that file.",
  },
  CREDENTIALS_INVALID: {
    title: "Credentials cannot be read",
    meaning:
      "A netrc file, or a variable with the user name and password of an index, is malformed. No message shows its content.",
    remedy: "Correct the line or variable that the message names.",
  },
  REVISION_UNREADABLE: {
    title: "Git cannot give what was asked of it",
    meaning:
      "Git is not installed, the folder is in no repository, or the repository does not have the revision: perhaps the name is mistyped, or the clone is shallow.",
    remedy:
      "Correct the revision, or fetch it (`git fetch --unshallow` where the clone is shallow).",
  },
};
