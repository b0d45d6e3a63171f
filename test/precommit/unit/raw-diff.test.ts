/** Lists as Git writes them, with whatever paths hold. */
import { describe, expect, test } from "vitest";
import { ENDS_THAT_MATTER, mayMatter } from "../../../packages/precommit/src/paths.ts";
import { parseRawDiff, parseTreeList } from "../../../packages/precommit/src/raw-diff.ts";

const OLD = "1".repeat(40);
const NEW = "2".repeat(40);
const NONE = "0".repeat(40);

function diff(...tokens: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(tokens.flatMap((token) => [Buffer.from(token), Buffer.from([0])]));
}

describe("differences", () => {
  test("are read with modes, objects and conflicts", () => {
    const output = diff(
      `:100644 100755 ${OLD} ${NEW} M`,
      "a",
      `:000000 120000 ${NONE} ${NEW} A`,
      "b",
      `:100644 000000 ${OLD} ${NONE} D`,
      "c",
      `:100644 000000 ${OLD} ${NONE} U`,
      "d",
    );
    const before = { mode: "100644", oid: OLD };
    expect(parseRawDiff(output).get("")).toEqual([
      { path: "a", before, after: { mode: "100755", oid: NEW }, unmerged: false },
      { path: "b", before: null, after: { mode: "120000", oid: NEW }, unmerged: false },
      { path: "c", before, after: null, unmerged: false },
      { path: "d", before, after: null, unmerged: true },
    ]);
  });

  test.each([":100644", ":100644 100644 1 2 M", "a b\tc\nd", '"quoted"', "é", ":(top)"])(
    "may be of the path %j",
    (path) => {
      const [entry] = parseRawDiff(diff(`:100644 100644 ${OLD} ${NEW} M`, path)).get("") ?? [];
      expect(entry?.path).toBe(path);
    },
  );

  test("of two paths that are not UTF-8 are of two paths", () => {
    const record = `:000000 100644 ${NONE} ${NEW} A`;
    const paths = [0xfe, 0xff].map((byte) => Buffer.from([byte, ...Buffer.from("/uv.lock")]));
    const entries = parseRawDiff(diff(...paths.flatMap((path) => [record, path]))).get("") ?? [];
    expect(new Set(entries.map(({ path }) => path)).size).toBe(2);
    expect(entries.every(({ path }) => mayMatter(path))).toBe(true);
  });

  test("of several commits are kept apart", () => {
    const record = `:100644 100644 ${OLD} ${NEW} M`;
    const found = parseRawDiff(diff(OLD, record, "a", NEW, record, "b", record, "c"));
    expect(
      [...found].map(([commit, entries]) => [commit, entries.map(({ path }) => path)]),
    ).toEqual([
      ["", []],
      [OLD, ["a"]],
      [NEW, ["b", "c"]],
    ]);
  });

  test.each([
    ["a record that is cut off", diff(`:100644 100644 ${OLD}`, "a")],
    ["a record without a path", diff(`:100644 100644 ${OLD} ${NEW} M`)],
  ])("are refused with %s", (_what, output) => {
    expect(() => parseRawDiff(output)).toThrow("is no difference");
  });
});

describe("a tree", () => {
  const list = (...paths: readonly (string | Buffer)[]): Buffer =>
    diff(
      ...paths.map((path) =>
        Buffer.concat([Buffer.from(`100644 blob ${OLD}\t`), Buffer.from(path)]),
      ),
    );

  test.each([
    [["a.ts", "uv.lock", "b/requirements.TXT", "c.lock.ts", "package.json", "b/package.json"]],
    [["x\ty.lock", "x\n.lock", "é/uv.lock", "pylock.toml", "a.toml"]],
    [[]],
  ])("of %j is read as far as it may matter", (paths) => {
    const found = parseTreeList(list(...paths), ENDS_THAT_MATTER, mayMatter);
    expect([...found.keys()]).toEqual(paths.filter(mayMatter));
    expect(found.get("uv.lock")).toEqual(
      paths.includes("uv.lock") ? { mode: "100644", oid: OLD } : undefined,
    );
  });

  test("with paths that are not UTF-8 loses none", () => {
    const strange = Buffer.from([0xff, ...Buffer.from("/uv.lock")]);
    const found = parseTreeList(list("a.lock", strange), ENDS_THAT_MATTER, mayMatter);
    expect(found.size).toBe(2);
  });
});
