import type { ErrorCode } from "../errors.ts";
import type { Words } from "./entry.ts";
import { TOOL_WORDS } from "./tool-words.ts";
import { VERIFIER_WORDS } from "./verifier-words.ts";

/** The words for each error, by code. */
export const ERROR_WORDS: Readonly<Record<ErrorCode, Words>> = {
  ...VERIFIER_WORDS,
  ...TOOL_WORDS,
};
