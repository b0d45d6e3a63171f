import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DECISION_CODES, NOTICE_CODES, TOOL_CODES, VERIFIER_CODES } from "@pubpin/shared";
import { expect, test } from "vitest";

const DOCUMENT = join(import.meta.dirname, "../../docs/errors.md");

/** Codes are the headings of the third level or above that are nothing but a code. */
async function documentedCodes(): Promise<readonly string[]> {
  const text = await readFile(DOCUMENT, "utf8");
  return [...text.matchAll(/^#{2,4} `?([A-Z][A-Z0-9_]+)`?$/gm)].flatMap(([, code]) => code ?? []);
}

test("docs/errors.md has one heading for every code, and for no other", async () => {
  const codes = new Set<string>([
    ...VERIFIER_CODES,
    ...TOOL_CODES,
    ...DECISION_CODES,
    ...NOTICE_CODES,
  ]);
  expect((await documentedCodes()).toSorted()).toEqual([...codes].toSorted());
});
