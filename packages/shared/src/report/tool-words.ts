import type { ToolErrorCode } from "../errors.ts";
import type { Words } from "./entry.ts";

const RETRY =
  "Try again in a while. Behind a proxy or mirror, check that it passes the index through; `provenance-index` names one that has what a mirror strips.";

const TOFU =
  "`pubpin tofu LOCK && git add .provenance.txt` verifies the lock and records it; the message has the exact command.";

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
    remedy:
      "Run the command again: it takes what is there by now into account, and says what differs. `pubpin accept NAME` replaces one pin after showing both publishers.",
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
    remedy:
      "Lock again with hashes: one SHA-256 for each file. Where the lock has them, its index lists other files or no digests: name the index that has them with `--index`, or in a line `#index:NAME URL`.",
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
  LOCK_NOT_RECORDED: {
    title: "A lock is not recorded",
    meaning:
      "The lock, or the `.provenance.txt` that governs it, changed, and that file has no line with the lock's digest: nobody reviewed this state of the lock.",
    remedy: TOFU,
  },
  LOCK_DIGEST_MISMATCH: {
    title: "A lock is not the one that is recorded",
    meaning:
      "The digest in `.provenance.txt` belongs to another state of the lock. Most often the lock was updated and `.provenance.txt` was not, or only one of the two was staged.",
    remedy: TOFU,
  },
  LOCK_DIGEST_PREPARED: {
    title: "The digest of a lock was written in an earlier commit",
    meaning:
      "The lock changed, and its line in `.provenance.txt` did not: an earlier commit wrote the digest of a lock that was not there yet, so that this change would not be seen beside it.",
    remedy:
      "Make two commits of it. The first records the lock as the last commit has it (`git checkout HEAD -- LOCK`, then `pubpin tofu LOCK`); where that is refused, it takes out the lock and its line. The second makes this change, and `pubpin tofu LOCK` its line.",
  },
  LOCK_LOST: {
    title: "A lock drops out of sight",
    meaning:
      "A lock that was checked until now would not be checked any more: it was renamed, moved, lost its hashes, its line, its `.provenance.txt`, or the patterns do not match it now. Or a line names a lock that is not there.",
    remedy:
      "Give the lock a name that is checked, and move its line along. To do without it, delete the file and its line in one commit.",
  },
  LOCK_NOT_GOVERNED: {
    title: "No .provenance.txt governs a lock",
    meaning:
      "The lock changed, and neither its folder nor one above has a `.provenance.txt`, though another folder of the repository has one.",
    remedy: "`pubpin tofu LOCK` in the lock's folder begins one.",
  },
  PACKAGE_NOT_RECORDED: {
    title: "A package of a lock has no line",
    meaning:
      "`.provenance.txt` has neither a publisher for the package nor a line that accepts it without one.",
    remedy: TOFU,
  },
  PINS_STILL_NEEDED: {
    title: "A line was removed that a lock still needs",
    meaning:
      "The package or file is still in the lock. Without the line, whoever publishes it next would be trusted anew.",
    remedy:
      "Take the line from Git again. Where the publisher changed, `pubpin accept NAME` replaces one after showing both.",
  },
  PINS_WEAKENED: {
    title: "A change accepts more than before",
    meaning:
      "A pin, an identifier or a workflow was removed or replaced, a further publisher, a file or a source was added, or strictness was taken away. That can be right, and a reviewer should look at it.",
    remedy: "Ask who made the change for the reason, and compare the publisher's own pages.",
  },
  PINS_NOT_COMPARABLE: {
    title: "The former .provenance.txt cannot be read",
    meaning:
      "What the file said before this commit is damaged, so it is not known what the change weakens.",
    remedy: "Review the whole file, and not just the difference.",
  },
  PATH_NOT_A_FILE: {
    title: "A lock or .provenance.txt is not a file",
    meaning:
      "Git has a symbolic link or a submodule at the path. What it leads to can change without a commit that shows it.",
    remedy: "Commit the file itself.",
  },
  PATH_UNMERGED: {
    title: "A lock or .provenance.txt has merge conflicts",
    meaning: "The index has several versions of the file, and none of them is the one to check.",
    remedy: "Resolve the merge, lock again, and `git add` the files.",
  },
  HISTORY_INCOMPLETE: {
    title: "The clone lacks what would have to be checked",
    meaning:
      "A commit or file is not in this clone: it is shallow or partial, or the revision was never fetched. Nothing is known, and nothing passes.",
    remedy: "`git fetch --unshallow`, or a checkout with the full history, then check again.",
  },
  PIP_UNUSABLE: {
    title: "There is no pip that can do what was asked",
    meaning:
      "`pip lock` came with pip 25.1, and `pubpin pip` needs pip 23.2. The environment, or what PATH leads to, has no pip, or an older one.",
    remedy:
      "`python -m pip install --upgrade pip` in the environment that is active, or activate another one.",
  },
  PIP_FAILED: {
    title: "Pip could not lock",
    meaning:
      "`pip lock` ended with an error, which stands above in its own words. Without a lock nothing was checked.",
    remedy:
      "Run `pip lock` with the same arguments until it succeeds. Where the network failed, try again in a while.",
  },
  ENVIRONMENT_UNUSABLE: {
    title: "There is no Python environment to look into",
    meaning:
      "The interpreter that was named, or that is active, does not start or does not say where it takes packages from.",
    remedy:
      "Name one with `--python`, activate a virtual environment, or make one with `python -m venv`.",
  },
  RECORD_INVALID: {
    title: "The record of what is installed cannot be read",
    meaning:
      "An installed distribution has no METADATA or RECORD, or one that is malformed: what belongs to it cannot be told.",
    remedy: "Install it again, or make the environment anew.",
  },
  INSTALLED_REFUSED: {
    title: "What is installed already is not what was verified",
    meaning:
      "An installed distribution was not verified before it was installed, its files are others than its RECORD says, or code lies among them that no RECORD names; and it could not simply be installed again.",
    remedy:
      "Delete the files that are named, or make the environment anew; find out first who changed them.",
  },
  SOURCE_REFUSED: {
    title: "An installer was asked for something that no index vouches for",
    meaning:
      "A requirement is an address, a repository, a folder outside of the project or a file at hand, and no line of `.provenance.txt` accepts it.",
    remedy:
      "Take the package from an index; or look the thing over, and accept it with a `#file:` or `#source:` line.",
  },
  PYODIDE_UNSUPPORTED: {
    title: "This Pyodide cannot be guarded",
    meaning:
      "Its version is not one that the guard knows, or a place where the guard stands is missing or does not stop what it must stop.",
    remedy: "Use a Pyodide that the message names, or update micropip-guard.",
  },
  MICROPIP_UNSUPPORTED: {
    title: "This micropip cannot be guarded",
    meaning:
      "Its version is not one that the guard knows, or a place where the guard stands is missing.",
    remedy: "Use a micropip that the message names, or update micropip-guard.",
  },
  INSTALL_REFUSED: {
    title: "The guard refused an install",
    meaning: "A package has no publisher that is accepted for it, and nothing was unpacked.",
    remedy: "The message has the code of the decision; this page has a heading for each.",
  },
  INTERNAL_ERROR: {
    title: "A fault of pubpin itself",
    meaning:
      "Something happened that pubpin does not know how to judge. Nothing was checked, the exit code is 3, and that is never a pass.",
    remedy:
      "Report it to the project, with what you ran and the lines that it printed. `PUBPIN_DEBUG=1` in the environment shows where it happened.",
  },
};
