import type { NoticeCode } from "../model.ts";
import { DECISION_WORDS } from "./decision-words.ts";
import type { Words } from "./entry.ts";

/** The words for each notice, by code. A notice changes no verdict. */
export const NOTICE_WORDS: Readonly<Record<NoticeCode, Words>> = {
  REPOSITORY_RENAMED: DECISION_WORDS.REPOSITORY_RENAMED,
  WORKFLOW_CHANGED: {
    title: "Another workflow published",
    meaning:
      "The pinned repository signed the file, with another workflow than the pinned one. Projects rename their workflows; strict takes it for another publisher.",
    remedy: "Look at the workflow in the repository. `pubpin accept NAME` records it.",
  },
  FURTHER_PUBLISHER: {
    title: "Somebody else attested the file as well",
    meaning:
      "Beside the pinned publisher another one attested the file, such as a builder. It is verified, and it is not pinned.",
    remedy: "Nothing to do.",
  },
  NOT_FROM_INDEX: DECISION_WORDS.NOT_FROM_INDEX,
  UNKNOWN_PREDICATE: {
    title: "An attestation of an unknown type",
    meaning: "The file has an attestation of a type that is not known here. It counts for nothing.",
    remedy: "Nothing to do. A newer pubpin may know the type.",
  },
  YANKED: {
    title: "The file was yanked",
    meaning:
      "The project withdrew the release on the index. Locks may still hold it, and new installations avoid it.",
    remedy: "Read the reason, and lock another version.",
  },
  PROJECT_ARCHIVED: {
    title: "The project is no longer maintained",
    meaning: "The project is marked as archived or deprecated on the index (PEP 792).",
    remedy: "Nothing to do now. Expect no fixes, and look for what replaces it.",
  },
};

/** The codes of notices, in the order in which reports list them. */
export const NOTICE_CODES: readonly NoticeCode[] = Object.keys(NOTICE_WORDS) as NoticeCode[];
