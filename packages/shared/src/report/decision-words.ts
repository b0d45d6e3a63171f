import type { DecisionCode } from "../errors.ts";
import type { Words } from "./entry.ts";
import { ERROR_WORDS } from "./words.ts";

const ACCEPT =
  "Find out from the project itself (its repository, its announcements) whether it moved. If it did, `pubpin accept NAME` records it, and the changed line is there for review.";
const LOOK =
  "Do not install it. Compare the file with what the project's own repository released; if it stays, tell the project and the index.";

/** The words for each decision, by code, in the order of the decision table. */
export const DECISION_WORDS: Readonly<Record<DecisionCode, Words>> = {
  UNVERIFIABLE: {
    title: "Could not be verified",
    meaning:
      "The index, the network or the trust root did not answer as it should. Nothing is known of the file, and that is never a pass.",
    remedy: "Try again. The message says what did not answer.",
  },
  TRUST_ROOT_UNKNOWN_KEY: ERROR_WORDS.TRUST_ROOT_UNKNOWN_KEY,
  PROJECT_QUARANTINED: ERROR_WORDS.PROJECT_QUARANTINED,
  HASH_UNUSABLE: ERROR_WORDS.HASH_UNUSABLE,
  FILE_MISMATCH: {
    title: "The file is not of this package",
    meaning:
      "The name or version in the file's name or metadata is not the one that the lock or the request has. Installers do not always look.",
    remedy: LOOK,
  },
  FILE_CHANGED: {
    title: "A pinned file has other bytes",
    meaning: "`.provenance.txt` accepts this file name with another digest.",
    remedy:
      "If the file was rebuilt on purpose, `pubpin accept FILENAME` records the new digest. Otherwise do not install it.",
  },
  FILE_PINNED: {
    title: "The file is accepted by its bytes",
    meaning: "A `#file:` line accepts exactly these bytes, whoever made them.",
    remedy: "Nothing to do.",
  },
  SOURCE_CHANGED: {
    title: "The package comes from somewhere else",
    meaning:
      "`.provenance.txt` says that it comes from an index or from another repository, URL or path.",
    remedy: ACCEPT,
  },
  SOURCE_PINNED: {
    title: "The source is the accepted one",
    meaning: "A `#source:` line names this repository, URL or path.",
    remedy: "Nothing to do.",
  },
  NOT_FROM_INDEX: {
    title: "Not from an index",
    meaning:
      "A repository, URL or path can carry no attestation of an index. Under strict this is a failure.",
    remedy: "`pubpin tofu` records the source; `pubpin accept NAME` accepts another one.",
  },
  INDEX_CHANGED: {
    title: "The package comes from another index",
    meaning:
      "Its index is not the one that `.provenance.txt` names for it. The same name on another index is another project.",
    remedy:
      "If the index moved on purpose, `pubpin accept NAME` records the new one. Where nothing is pinned yet, `pubpin tofu` records the indexes of the locks. It leaves to a person a file that only a further index has, of a project that the main one has too: a name that was taken elsewhere looks like that.",
  },
  HASH_NOT_ON_INDEX: ERROR_WORDS.HASH_NOT_ON_INDEX,
  ATTESTATION_INVALID: {
    title: "An attestation does not verify",
    meaning: "The index has an attestation for the file, and it does not hold. The cause says why.",
    remedy: LOOK,
  },
  PUBLISHER_MATCH: {
    title: "The publisher matches",
    meaning: "The pinned publisher signed this file. What is in it nobody checked.",
    remedy: "Nothing to do.",
  },
  REPOSITORY_RENAMED: {
    title: "The repository was renamed",
    meaning:
      "The repository has another URL and the same identifiers, for itself and for its owner: it is the same one.",
    remedy: "`pubpin accept NAME` writes the new URL into the pin.",
  },
  REPOSITORY_TRANSFERRED: {
    title: "The repository has another owner",
    meaning:
      "It is the same repository under another account or organisation. Handing a project over is common, and so is taking one over.",
    remedy: ACCEPT,
  },
  REPOSITORY_REPLACED: {
    title: "Another repository under the same name",
    meaning:
      "The URL is the pinned one and the repository's identifier is not: the name was deleted and registered again.",
    remedy: LOOK,
  },
  PUBLISHER_CHANGED: {
    title: "The publisher changed",
    meaning:
      "Somebody else than the pinned publisher signed this file. The project may have moved, or somebody may have its publishing rights.",
    remedy: ACCEPT,
  },
  PUBLISHER_UNPINNED: {
    title: "No publisher is pinned",
    meaning: "The file is attested, and `.provenance.txt` has no line for the package yet.",
    remedy:
      "`pubpin tofu` pins the publisher it sees; review the line it writes. Of several publishers `pubpin accept NAME --publisher URL` pins one.",
  },
  ATTESTATION_MISSING: {
    title: "The attestation is missing",
    meaning:
      "The package has a pinned publisher, and this file has no attestation. It may have been uploaded by hand, or with stolen rights.",
    remedy:
      "Ask the project. If the file is what they meant to release, `pubpin accept FILENAME` accepts its bytes.",
  },
  UNSIGNED: {
    title: "Not attested",
    meaning: "Nobody signed this file, and nobody is pinned for the package.",
    remedy: "Nothing to do in a lock, unless strict. `pubpin accept NAME` allows it for good.",
  },
};
