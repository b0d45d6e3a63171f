/** What is put into a text goes again, whatever the text is; and changes are shown as they are. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { withBlock, withoutBlocks } from "../../../packages/precommit/src/install/block.ts";
import { setUpSetting } from "./support/setup.ts";

const { repositoryWith, install } = setUpSetting();

const END = fc.constantFrom("\n", "\r\n");
const LINE = fc.string({ unit: fc.constantFrom("a", " ", "#", "/", "\t", "ü", ">", "<") });

/** A text, its last line with or without an end, and the start of one of its lines. */
const TEXT_AND_PLACE = fc
  .tuple(fc.array(LINE), END, fc.boolean(), fc.nat())
  .map(([lines, end, hasEnd, chosen]) => {
    const text = lines.join(end) + (hasEnd && lines.length > 0 ? end : "");
    const starts = [0, text.length, ...lineStarts(text)];
    return { text, at: starts[chosen % starts.length] ?? 0 };
  });

function lineStarts(text: string): readonly number[] {
  return [...text.matchAll(/\n/g)].map(({ index }) => index + 1);
}

describe("a block", () => {
  test("goes from any text, and leaves every byte of it", () => {
    fc.assert(
      fc.property(
        TEXT_AND_PLACE,
        fc.array(LINE, { minLength: 1, maxLength: 3 }),
        fc.constantFrom("#" as const, "//" as const),
        fc.constantFrom("", "  ", "\t"),
        ({ text, at }, lines, comment, indent) => {
          const marked = withBlock(text, lines, { at, comment, indent });
          expect(marked).not.toBe(text);
          expect(withoutBlocks(marked, "a file")).toMatchObject({ text, isOwn: false });
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("has the line ends of the file that it is put into", () => {
    for (const end of ["\n", "\r\n"]) {
      for (const text of [`a${end}b${end}`, `a${end}b`]) {
        const marked = withBlock(text, ["one", "two"], { at: text.length, comment: "#" });
        expect(marked.split(end).join("")).not.toMatch(/[\r\n]/);
      }
    }
  });

  test("goes with all others of the file", () => {
    fc.assert(
      fc.property(TEXT_AND_PLACE, ({ text, at }) => {
        const once = withBlock(text, ["one"], { at, comment: "#" });
        const twice = withBlock(once, ["two"], { at: once.length, comment: "#" });
        const found = withoutBlocks(twice, "a file");
        expect(found.text).toBe(text);
        expect(found.blocks.map(([line]) => line)).toEqual(["one", "two"]);
      }),
    );
  });

  test("is not begun within another one", () => {
    const text = withBlock("", ["# >>> pubpin hook >>>"], { at: 0, comment: "#" });
    expect(() => withoutBlocks(text, "a file")).toThrow(
      /a file: expected a block between .* its end/,
    );
  });
});

describe("the changes that are shown", () => {
  const many = Array.from({ length: 30 }, (_, index) => `  key-${index}: ${index}\n`).join("");

  test.each([
    ["a new file", null],
    ["an empty file", ""],
    ["a line without an end", "colors: false"],
    ["one place", `pre-push:\n${many}`],
    [
      "two places, far from each other",
      `pre-commit:\n${many}other:\n${many}pre-merge-commit:\n${many}`,
    ],
    ["two places, close to each other", "pre-commit:\n  a: 1\npre-merge-commit:\n  b: 2\n"],
  ])("are those that Git makes of them: %s", async (_what, text) => {
    const name = "lefthook.yml";
    const repository = await repositoryWith(text === null ? {} : { [name]: text });
    const { shown } = await install(repository, "lefthook");
    const after = readFileSync(join(repository.folder, name), "utf8");
    repository.write({ [name]: text });
    const applied = await repository.run("git", ["apply", "-"], { input: shown });
    expect(applied).toMatchObject({ exitCode: 0, stderr: "" });
    expect(readFileSync(join(repository.folder, name), "utf8")).toBe(after);
  });

  test("show what replaces an older block", async () => {
    const repository = await repositoryWith({ "lefthook.yml": "" });
    await install(repository, "lefthook");
    const path = join(repository.folder, "lefthook.yml");
    const now = readFileSync(path, "utf8");
    const old = now.replace("run: pubpin-precommit", "run: an-older-program");
    repository.write({ "lefthook.yml": old });
    const { shown } = await install(repository, "lefthook");
    expect(shown).toContain("-      run: an-older-program\n");
    repository.write({ "lefthook.yml": old });
    await repository.run("git", ["apply", "-"], { input: shown });
    expect(readFileSync(path, "utf8")).toBe(now);
  });
});
