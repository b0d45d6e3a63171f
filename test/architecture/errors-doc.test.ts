import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ERROR_CODES } from "@pubpin/shared";
import { expect, test } from "vitest";

const DOCUMENT = join(import.meta.dirname, "../../docs/errors.md");

/** Codes are the headings of the third level or above that are nothing but a code. */
async function documentedCodes(): Promise<readonly string[]> {
  const text = await readFile(DOCUMENT, "utf8");
  return [...text.matchAll(/^#{2,4} `?([A-Z][A-Z0-9_]+)`?$/gm)].flatMap(([, code]) => code ?? []);
}

test("docs/errors.md has one heading for every error code, and for no other", async () => {
  expect((await documentedCodes()).toSorted()).toEqual([...ERROR_CODES].toSorted());
});
