import type { ErrorCode } from "../errors.ts";
import { TOOL_WORDS } from "./tool-words.ts";
import { VERIFIER_WORDS } from "./verifier-words.ts";

/** What a code means to a person. Every adapter and docs/errors.md take their words from here. */
export interface Words {
  readonly title: string;
  /** What happened, and the likely causes. */
  readonly meaning: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** The words for each error, by code. */
export const ERROR_WORDS: Readonly<Record<ErrorCode, Words>> = {
  ...VERIFIER_WORDS,
  ...TOOL_WORDS,
};
