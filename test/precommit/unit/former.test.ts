/** A former lock is read in part where that shows the same as reading all of it. */
import { diffLocks, type Lock, type LockDiff, readLock } from "@pubpin/shared";
import { mintedPackages, mintUvLock } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { readDifference } from "../../../packages/precommit/src/former.ts";
import { describeWithData, readData } from "../../support/data.ts";

const HASH = "0".repeat(64);

function lockOf(path: string, text: string): Lock {
  return readLock(path, new TextEncoder().encode(text));
}

/** What changed, but for the lines where entries begin: a part has others than the whole. */
function shown({ changes, directives }: LockDiff): object {
  const withoutLines = changes.map((change) => ({
    ...change,
    before: change.before.map((each) => ({ ...each, line: null })),
    after: change.after.map((each) => ({ ...each, line: null })),
  }));
  return { changes: withoutLines, directives };
}

async function inPart(path: string, before: string, after: string): Promise<object | null> {
  const [old, now] = [before, after].map((text) => new TextEncoder().encode(text));
  if (old === undefined || now === undefined) return null;
  const difference = await readDifference(old, now, path, lockOf(path, after));
  return difference === null ? null : shown(diffLocks(difference.before, difference.after));
}

function whole(path: string, before: string, after: string): object {
  return shown(diffLocks(lockOf(path, before), lockOf(path, after)));
}

const PACKAGES = mintedPackages(5);
const [FIRST, SECOND] = PACKAGES.map(({ name }) => name);
const LOCK = mintUvLock(PACKAGES);
const POETRY = `${["a", "b", "c"]
  .map(
    (name) =>
      `[[package]]\nname = "${name}"\nversion = "1.0"\ndescription = ""\noptional = false\n` +
      `python-versions = "*"\nfiles = [\n    {file = "${name}-1.0.tar.gz", hash = "sha256:${HASH}"},\n]\n\n` +
      `[package.dependencies]\nname = "*"\n\n`,
  )
  .join("")}[metadata]\nlock-version = "2.1"\npython-versions = "*"\ncontent-hash = "x"\n`;

/** Changes of which all but the changed tables are left unread. */
const CHANGES: readonly (readonly [string, string, string, string])[] = [
  ["nothing", "uv.lock", LOCK, LOCK],
  ["a version", "uv.lock", LOCK, LOCK.replace('version = "1.0"', 'version = "2.0"')],
  ["a hash", "uv.lock", LOCK, LOCK.replace(/[0-9a-f]{64}/, HASH)],
  ["a new package", "uv.lock", LOCK, mintUvLock([...PACKAGES, { name: "zeta" }])],
  ["a package that goes", "uv.lock", LOCK, mintUvLock(PACKAGES.slice(1))],
  ["the order", "uv.lock", LOCK, mintUvLock(PACKAGES.toReversed())],
  [
    "a second version",
    "uv.lock",
    LOCK,
    mintUvLock([...PACKAGES, { name: "package-001", version: "2" }]),
  ],
  [
    "a hash of Poetry's",
    "poetry.lock",
    POETRY,
    POETRY.replace(/0{64}(?![^]*0{64})/, "1".repeat(64)),
  ],
  ["a comment at the top", "uv.lock", LOCK, `# More.\n${LOCK}`],
  ["Poetry's own note", "poetry.lock", POETRY, POETRY.replace('"x"', '"y"')],
];

test.each(CHANGES)("%s shows as it does in the whole lock", async (_what, path, before, after) => {
  expect(await inPart(path, before, after)).toEqual(whole(path, before, after));
});

/** Texts in which what an entry is could be told wrongly. */
const STRANGE: readonly (readonly [string, (text: string) => string])[] = [
  ["other words before the first table", (text) => text.replace("revision = 3", "revision = 2")],
  ["a header with a space", (text) => text.replace("[[package]]", "[[ package ]]")],
  ["a header that is moved in", (text) => text.replace("[[package]]", " [[package]]")],
  ["a header in quotes", (text) => text.replace("[[package]]", '[["package"]]')],
  ["a header with a comment", (text) => text.replace("[[package]]", "[[package]] # one")],
  ["a name without spaces", (text) => text.replace("name = ", "name=")],
  ["a name in other quotes", (text) => text.replace(`name = "${FIRST}"`, `name = '${FIRST}'`)],
  ["a name behind the version", (text) => text.replace(/(name = .*)\n(version = .*)/, "$2\n$1")],
  ["a string of several lines", (text) => text.replace(`"${FIRST}"`, `"""${FIRST}"""`)],
  ["what is said of all at the end", (text) => `${text}\n[manifest]\nmembers = ["${FIRST}"]\n`],
];

describe("a lock is read as a whole", () => {
  test.each(STRANGE)("with %s", async (_what, edit) => {
    const after = edit(LOCK.replace(/[0-9a-f]{64}/, HASH));
    expect(lockOf("uv.lock", after).distributions).toHaveLength(PACKAGES.length);
    expect(await inPart("uv.lock", LOCK, after)).toBeNull();
    expect(await inPart("uv.lock", edit(LOCK), LOCK)).toBeNull();
  });

  test.each(["requirements.txt", "Pipfile.lock", "pixi.lock", "pyodide-lock.json"])(
    "where its format has no tables: %s",
    async (path) => {
      const bytes = new TextEncoder().encode("x");
      const now = lockOf("uv.lock", LOCK);
      expect(await readDifference(bytes, bytes, path, now)).toBeNull();
    },
  );

  test("where the former one is damaged in what differs", async () => {
    const damaged = LOCK.replace(`name = "${SECOND}"`, `name = "${SECOND}"\nversion = 1`);
    expect(await inPart("uv.lock", damaged, LOCK)).toBeNull();
  });
});

interface Pair {
  readonly repo: string;
  readonly kind: string;
  readonly path: string;
}

describeWithData("real locks before and after", async () => {
  const index = new TextDecoder().decode(await readData("locks/pairs/INDEX.json"));
  const pairs = (JSON.parse(index) as readonly Pair[]).filter(({ path }) => path.endsWith(".lock"));

  test.each(pairs)("$repo, $kind", async ({ repo, kind, path }) => {
    const [before = "", after = ""] = await Promise.all(
      ["before", "after"].map(async (side) => {
        const bytes = await readData(`locks/pairs/${repo}/${kind}/${side}/${path}`);
        return new TextDecoder().decode(bytes);
      }),
    );
    const found = await inPart(path, before, after);
    expect(found === null ? kind : "read in part").not.toBe("simple-bump");
    if (found !== null) expect(found).toEqual(whole(path, before, after));
  });
});
