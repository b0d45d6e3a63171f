/** Locks that the tools wrote, and locks of public repositories. */
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parsePins } from "@pubpin/shared";
import { expect, test } from "vitest";
import { DEFAULT_INDEX_URL } from "../../packages/shared/src/addresses.ts";
import { diffLocks } from "../../packages/shared/src/lock/diff.ts";
import { lockDigest } from "../../packages/shared/src/lock/digest.ts";
import { readLock } from "../../packages/shared/src/lock/read.ts";
import type { Lock, LockChangeKind, LockDiff } from "../../packages/shared/src/model.ts";
import { describeWithData } from "../support/data.ts";
import { dataPath } from "../support/data-folder.ts";
import { roughCounts } from "./lock-counts.ts";
import { parsePixiYaml } from "./pixi-yaml.ts";

/** A change of one commit, with the counts of a rough parser. */
interface Pair {
  readonly repo: string;
  readonly kind: string;
  readonly path: string;
  readonly pkgs_changed: number;
  readonly files_added: number;
  readonly files_removed: number;
  readonly new: number;
  readonly removed: number;
}

/** The data has a neutral host in the place of the default index. */
const NEUTRAL_INDEX = "https://index.example/simple";
/** The largest real locks, counted with other programs. */
const LARGE: readonly (readonly [string, number, number])[] = [
  ["real/All-Hands-AI+OpenHands/poetry.lock", 648, 5814],
  ["real/pydantic+pydantic-ai/uv.lock", 347, 4145],
  ["real/paperless-ngx+paperless-ngx/uv.lock", 276, 2942],
];

async function textOf(path: string): Promise<string> {
  const text = await readFile(dataPath("locks", path), "utf8");
  return text.replaceAll(NEUTRAL_INDEX, DEFAULT_INDEX_URL);
}

/** Reads a lock of the data as if it lay at another path. */
async function lockAt(path: string, name: string = path): Promise<Lock> {
  const bytes = new TextEncoder().encode(await textOf(path));
  return readLock(name, bytes, { yaml: parsePixiYaml });
}

async function lockPaths(): Promise<readonly string[]> {
  const folder = dataPath("locks");
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name !== "INDEX.json")
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    )
    .toSorted();
}

function countsOf({ distributions }: Lock): { readonly entries: number; readonly files: number } {
  const files = distributions.reduce((sum, each) => sum + each.files.length, 0);
  return { entries: distributions.length, files };
}

/** The kind of a change, by what the difference of the locks says. */
function kindOf({ changes, directives }: LockDiff): string {
  const kinds = new Set(changes.flatMap((change) => change.kinds));
  const only = (kind: LockChangeKind): boolean => kinds.size === 1 && kinds.has(kind);
  const names = changes.length;
  if (names === 0 && directives === null) return "text-only";
  if (only("added")) return "addition";
  if (only("removed")) return "removal";
  if (only("source")) return "local-or-source-only";
  if (names > 20) return "mass-upgrade";
  if (kinds.has("source")) return "index-source-change";
  return kinds.has("files") ? "same-version-new-files" : "simple-bump";
}

describeWithData("real locks", async () => {
  const paths = await lockPaths();

  test("there are many, of every format", async () => {
    const locks = await Promise.all(paths.map((path) => lockAt(path)));
    expect(locks).toHaveLength(91);
    expect(new Set(locks.map(({ format }) => format)).size).toBe(8);
  });

  test.each(paths)("%s has as many entries and files as a rough count finds", async (path) => {
    expect(countsOf(await lockAt(path))).toEqual(roughCounts(path, await textOf(path)));
  });

  test.each(LARGE)("%s has %d entries and %d files", async (path, entries, files) => {
    expect(countsOf(await lockAt(path))).toEqual({ entries, files });
  });

  test.each(paths)("%s has lines and hashes for all it has", async (path) => {
    const { distributions } = await lockAt(path);
    const lines = (await textOf(path)).split("\n");
    for (const { line, files, name, source } of distributions) {
      const start = lines.slice((line ?? 0) - 1, (line ?? 0) + 3).join("\n");
      const words = name.split("-").at(-1) ?? "";
      expect(start.toLowerCase()).toContain(words);
      expect(files.every(({ hashes }) => hashes.length === 1)).toBe(true);
      expect(files.length > 0).toBe(["index", "pyodide", "url", "path"].includes(source.kind));
    }
  });

  test.each(paths)("%s has locations that a .provenance.txt can name", async (path) => {
    const { distributions } = await lockAt(path);
    const locations = distributions.flatMap(({ source }) =>
      "location" in source ? [source.location] : [],
    );
    // Poetry writes the word "None" as the host of a repository on disk.
    for (const location of locations.filter((each) => !each.includes("file://none/"))) {
      const pins = parsePins(new TextEncoder().encode(`#source:x  ${location}\n`));
      expect(pins.byKey.size).toBe(1);
    }
  });

  test("the project itself and the members of its workspace are known", async () => {
    const membersOf = async (path: string): Promise<readonly string[]> =>
      (await lockAt(path)).distributions.flatMap(({ member, name }) => (member ? [name] : []));
    expect(await membersOf("real/pydantic+pydantic-ai/uv.lock")).toEqual([
      "clai",
      "pydantic-ai",
      "pydantic-ai-examples",
      "pydantic-ai-slim",
      "pydantic-evals",
      "pydantic-graph",
    ]);
    expect(await membersOf("generated/uv-mixed/uv.lock")).toEqual(["demo-mixed"]);
    expect(await membersOf("generated/pdm-mixed/pdm.lock")).toEqual([]);
  });

  test("the same tool gives the same files in each of its formats", async () => {
    const filesOf = async (path: string): Promise<readonly string[]> =>
      (await lockAt(path)).distributions
        .flatMap(({ files }) => files.flatMap(({ hashes }) => hashes.map(({ value }) => value)))
        .toSorted();
    for (const set of ["pure", "wheels", "mixed"]) {
      const uv = await filesOf(`generated/uv-${set}/uv.lock`);
      expect(await filesOf(`generated/uv-${set}/pylock.toml`)).toEqual(uv);
      expect(await filesOf(`generated/uv-${set}/requirements.txt`)).toEqual(uv);
      expect(await filesOf(`generated/pdm-${set}/pylock.toml`)).toEqual(
        await filesOf(`generated/pdm-${set}/pdm.lock`),
      );
    }
  });
});

describeWithData("the change that a real commit made to a lock", async () => {
  const index = dataPath("locks/pairs/INDEX.json");
  const pairs = existsSync(index)
    ? (JSON.parse(await readFile(index, "utf8")) as readonly Pair[])
    : [];

  test("there are 18", () => {
    expect(pairs).toHaveLength(18);
  });

  test.each(pairs)("of $repo is a $kind", async (pair) => {
    const name = pair.path.slice(pair.path.lastIndexOf("/") + 1);
    const folder = `pairs/${pair.repo}/${pair.kind}`;
    const before = await lockAt(`${folder}/before/${name}`, pair.path);
    const after = await lockAt(`${folder}/after/${name}`, pair.path);
    const diff = diffLocks(before, after);
    const { changes } = diff;
    expect(kindOf(diff)).toBe(pair.kind);
    const isOnlySource = pair.kind === "local-or-source-only";
    expect({
      pkgs_changed: isOnlySource ? 0 : changes.length,
      files_added: changes.flatMap(({ filesAdded }) => filesAdded).length,
      files_removed: changes.flatMap(({ filesRemoved }) => filesRemoved).length,
      new: changes.filter(({ kinds }) => kinds.includes("added")).length,
      removed: changes.filter(({ kinds }) => kinds.includes("removed")).length,
    }).toEqual({
      pkgs_changed: pair.pkgs_changed,
      files_added: pair.files_added,
      files_removed: pair.files_removed,
      new: pair.new,
      removed: pair.removed,
    });
    const isSame = (await lockDigest(before)) === (await lockDigest(after));
    expect(isSame).toBe(pair.kind === "text-only");
  });
});
