import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { generatedFiles } from "../../scripts/generate.ts";

const REPOSITORY = join(import.meta.dirname, "../..");

describe("generated sources", async () => {
  const files = await generatedFiles();

  test("there are some", () => {
    expect(files).not.toHaveLength(0);
  });

  test.each(files)("$path is what `npm run generate` writes", async ({ path, text }) => {
    expect(await readFile(join(REPOSITORY, path), "utf8")).toBe(text);
  });
});
