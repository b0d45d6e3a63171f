import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { createIndexClient } from "@pubpin/shared";
import { mintWheel, startLocalIndex } from "@pubpin/test-kit/node";
import { describe, expect, onTestFinished, test } from "vitest";
import { cacheFolder } from "../../../packages/cli/src/node/cache-folder.ts";
import { type Cache, openCache } from "../../../packages/cli/src/node/cache.ts";
import { createTransport } from "../../../packages/cli/src/node/http.ts";
import { createMemoryStore } from "../../../packages/cli/src/node/memory-cache.ts";
import { ORDINARY_UID, startProgram } from "./support/child.ts";
import { temporaryFolder } from "./support/folder.ts";

const isPosix = process.platform !== "win32";
const text = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes).toString();
const bytesOf = (content: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(content);

interface Opened extends Cache {
  readonly warnings: readonly string[];
}

function open(folder: string, maxBytes?: number): Opened {
  const warnings: string[] = [];
  const onWarning = (message: string): void => void warnings.push(message);
  const env = { PUBPIN_CACHE_DIR: folder };
  return {
    ...openCache({ env, onWarning, ...(maxBytes === undefined ? {} : { maxBytes }) }),
    warnings,
  };
}

/** The entries of a cache on disk, as paths. */
function entries(folder: string): readonly string[] {
  if (!existsSync(join(folder, "v1"))) return [];
  return readdirSync(join(folder, "v1"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "swept")
    .map((entry) => join(entry.parentPath, entry.name));
}

describe("the cache's folder is", () => {
  const home = (): string => "/home/me";
  test.runIf(isPosix).each<[string, NodeJS.Platform, Record<string, string>, string]>([
    ["PUBPIN_CACHE_DIR", "linux", { PUBPIN_CACHE_DIR: "/a", XDG_CACHE_HOME: "/b" }, "/a"],
    ["in XDG_CACHE_HOME", "linux", { XDG_CACHE_HOME: "/b" }, "/b/pubpin"],
    [
      "not in a relative XDG_CACHE_HOME",
      "linux",
      { XDG_CACHE_HOME: "b" },
      "/home/me/.cache/pubpin",
    ],
    ["in ~/.cache", "linux", {}, "/home/me/.cache/pubpin"],
    ["in ~/Library/Caches on macOS", "darwin", {}, "/home/me/Library/Caches/pubpin"],
    ["in LOCALAPPDATA on Windows", "win32", { LOCALAPPDATA: "/l" }, "/l/pubpin/Cache"],
    ["in the home folder on Windows", "win32", {}, "/home/me/AppData/Local/pubpin/Cache"],
  ])("%s", (_what, platform, env, expected) => {
    expect(cacheFolder(env, platform, home)).toBe(expected);
  });

  test("none where there is no home folder", () => {
    const failing = (): string => {
      throw new Error("no home");
    };
    expect(cacheFolder({}, "linux", failing)).toBeNull();
    expect(cacheFolder({}, "linux", () => "/")).toBeNull();
  });
});

describe("an entry", () => {
  test("is there for the next run, and for no other key", async () => {
    const folder = temporaryFolder();
    const first = open(folder);
    await first.store.put("provenance https://a.example/", bytesOf("a"));
    await first.store.put("empty", bytesOf(""));
    first.close();
    const { store } = open(folder);
    expect(text(await store.get("provenance https://a.example/"))).toBe("a");
    expect(text(await store.get("empty"))).toBe("");
    expect(await store.get("provenance https://b.example/")).toBeNull();
  });

  test("is replaced whole", async () => {
    const { store } = open(temporaryFolder());
    await store.put("key", bytesOf("a".repeat(1000)));
    await store.put("key", bytesOf("b"));
    expect(text(await store.get("key"))).toBe("b");
  });

  test.each<[string, (path: string, other: string) => void]>([
    ["cut off", (path) => writeFileSync(path, readFileSync(path).subarray(0, -1))],
    ["empty", (path) => writeFileSync(path, "")],
    [
      "changed in one bit",
      (path) => {
        const bytes = readFileSync(path);
        bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
        writeFileSync(path, bytes);
      },
    ],
    ["of another key", (path, other) => writeFileSync(path, readFileSync(other))],
  ])("that is %s counts as absent", async (_how, damage) => {
    const folder = temporaryFolder();
    const { store } = open(folder);
    await store.put("other", bytesOf("b"));
    const [other = ""] = entries(folder);
    await store.put("key", bytesOf("a"));
    const path = entries(folder).find((each) => each !== other) ?? "";
    damage(path, other);
    expect(await store.get("key")).toBeNull();
    await store.put("key", bytesOf("again"));
    expect(text(await store.get("key"))).toBe("again");
  });

  test("that is a folder counts as absent, and others are kept on", async () => {
    const folder = temporaryFolder();
    const { store } = open(folder);
    await store.put("key", bytesOf("a"));
    const [path = ""] = entries(folder);
    rmSync(path);
    mkdirSync(path);
    expect(await store.get("key")).toBeNull();
    await store.put("other", bytesOf("b"));
    expect(text(await open(folder).store.get("other"))).toBe("b");
  });

  test.runIf(isPosix)("is for its owner alone to read", async () => {
    const folder = join(temporaryFolder(), "cache");
    await open(folder).store.put("key", bytesOf("a"));
    const [path = ""] = entries(folder);
    const modes = [folder, join(path, ".."), path].map((each) => statSync(each).mode & 0o777);
    expect(modes).toEqual([0o700, 0o700, 0o600]);
  });
});

describe("a cache that cannot be kept on disk is kept in memory, with one warning:", () => {
  const works = async ({ store }: Opened): Promise<void> => {
    await store.put("a", bytesOf("1"));
    await store.put("b", bytesOf("2"));
    expect([text(await store.get("a")), text(await store.get("b"))]).toEqual(["1", "2"]);
  };

  test("its folder is a file", async () => {
    const folder = join(temporaryFolder(), "file");
    writeFileSync(folder, "");
    const cache = open(folder);
    await works(cache);
    cache.close();
    expect(cache.warnings).toEqual([expect.stringMatching(/cannot be written .* kept in memory/)]);
  });

  test.runIf(isPosix)("its folder may not be written, but read", async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o777);
    const parameters = { folder, rounds: 1, keys: 3, bytes: 10 };
    const asOrdinaryUser = { asOrdinaryUser: true };
    if (process.getuid?.() === 0) chownSync(folder, ORDINARY_UID, ORDINARY_UID);
    chmodSync(folder, 0o555);
    const { exitCode, stdout, stderr } = await startProgram(
      "fill-cache.ts",
      parameters,
      asOrdinaryUser,
    ).ended;
    expect([exitCode, stdout]).toEqual([0, "found\n"]);
    expect(stderr).toMatch(/^.*cannot be written \(no permission[^\n]*\n$/);
  });

  test.runIf(process.getuid?.() === 0)("its folder belongs to another user", async () => {
    const folder = temporaryFolder();
    chownSync(folder, ORDINARY_UID, ORDINARY_UID);
    const cache = open(folder);
    await works(cache);
    expect(cache.folder).toBeNull();
    expect(cache.warnings).toEqual([expect.stringContaining("belongs to another user")]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("there is no home folder, or --no-cache was asked for", async () => {
    const folder = temporaryFolder();
    const env = { PUBPIN_CACHE_DIR: folder };
    const cache = {
      ...openCache({ env, inMemory: true, onWarning: () => undefined }),
      warnings: [],
    };
    await works(cache);
    cache.close();
    expect(cache.folder).toBeNull();
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("a cache beyond its bound", () => {
  test("on disk loses its oldest entries when it is closed, and what was left unfinished", async () => {
    const folder = temporaryFolder();
    const cache = open(folder, 10_000);
    for (let index = 0; index < 12; index++) {
      await cache.store.put(`key ${index}`, new Uint8Array(1000));
      const path =
        entries(folder).find((each) => Date.now() - statSync(each).mtimeMs < 60_000) ?? "";
      utimesSync(path, index + 1, index + 1);
    }
    const unfinished = join(folder, "v1", "00", `x.tmp`);
    mkdirSync(join(unfinished, ".."), { recursive: true });
    writeFileSync(unfinished, "");
    utimesSync(unfinished, 1, 1);
    cache.close();
    const { store } = open(folder);
    const left = await Promise.all(
      Array.from(
        { length: 12 },
        async (_none, index) => (await store.get(`key ${index}`)) !== null,
      ),
    );
    expect(left.indexOf(true)).toBe(5);
    expect(left.slice(5)).not.toContain(false);
    expect(existsSync(unfinished)).toBe(false);
  });

  test("on disk is looked through once in an hour while little is written", async () => {
    const folder = temporaryFolder();
    const first = open(folder, 10_000);
    await first.store.put("a", new Uint8Array(500));
    first.close();
    for (let index = 0; index < 20; index++) {
      const next = open(folder, 10_000);
      await next.store.put(`key ${index}`, new Uint8Array(900));
      next.close();
    }
    expect(entries(folder)).toHaveLength(21);
    utimesSync(join(folder, "v1/swept"), 1, 1);
    const last = open(folder, 10_000);
    await last.store.put("z", new Uint8Array(1));
    last.close();
    expect(entries(folder).length).toBeLessThan(12);
  });

  test("in memory loses its oldest entries at once", async () => {
    const store = createMemoryStore(10);
    for (const key of ["a", "b", "c"]) await store.put(key, bytesOf(key.repeat(4)));
    expect([text(await store.get("a")), text(await store.get("b"))]).toEqual([null, "bbbb"]);
    await store.put("b", bytesOf("b"));
    await store.put("d", bytesOf("dddd"));
    expect([text(await store.get("c")), text(await store.get("b"))]).toEqual(["cccc", "b"]);
    await store.put("c", bytesOf("x".repeat(11)));
    expect(await store.get("c")).toBeNull();
  });
});

test("four processes at one cache never see half an entry", { timeout: 60_000 }, async () => {
  const folder = temporaryFolder();
  const parameters = { folder, rounds: 25, keys: 5, bytes: 20_000 };
  const runs = Array.from({ length: 4 }, () => startProgram("fill-cache.ts", parameters).ended);
  for (const { exitCode, stdout, stderr } of await Promise.all(runs)) {
    expect([exitCode, stdout, stderr]).toEqual([0, "found\n", ""]);
  }
  expect(entries(folder)).toHaveLength(5);
});

test("what the index client was told in one run it need not ask in the next", async () => {
  const { filename, bytes } = mintWheel({ name: "spam", version: "1.0" });
  const index = await startLocalIndex({ files: [{ filename, content: bytes }] });
  onTestFinished(() => index.close());
  const { fetch, close } = createTransport({ env: {} });
  onTestFinished(close);
  const folder = temporaryFolder();
  const ask = async (): Promise<readonly number[]> => {
    const cache = open(folder);
    const before = index.requests.length;
    const client = createIndexClient({ fetch, indexUrl: index.simpleUrl, store: cache.store });
    expect((await client.project("spam")).files.size).toBe(1);
    cache.close();
    return index.requests.slice(before).map(({ status }) => status);
  };
  expect([await ask(), entries(folder).length]).toEqual([[200], 1]);
  expect(await ask()).toEqual([]);
});
