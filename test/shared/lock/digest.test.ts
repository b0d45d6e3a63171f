import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffLocks } from "../../../packages/shared/src/lock/diff.ts";
import { canonicalLock, lockDigest } from "../../../packages/shared/src/lock/digest.ts";
import type { Distribution, Lock, LockedFile } from "../../../packages/shared/src/model.ts";
import { locks } from "./arbitraries.ts";
import { A, B, C, COMMIT, read, sha256 } from "./reading.ts";
import { PIXI, sample, SAMPLES } from "./samples.ts";

const yaml = (): unknown => PIXI.parsed;

/** The lock with its first entry changed. */
function withFirst(lock: Lock, change: (entry: Distribution) => object): Lock {
  const [first, ...rest] = lock.distributions as [Distribution, ...Distribution[]];
  return { ...lock, distributions: [{ ...first, ...change(first) }, ...rest] };
}

function withFile(lock: Lock, change: (file: LockedFile) => object): Lock {
  return withFirst(lock, ({ files: [first, ...rest] }) => ({
    files: first === undefined ? [] : [{ ...first, ...change(first) }, ...rest],
  }));
}

const FILE: LockedFile = {
  filename: "zz.whl",
  url: null,
  path: null,
  hashes: [sha256("0e".repeat(32))],
  size: null,
};

/** Changes that mean something, of a lock whose first entry comes from an index and has a file. */
const CHANGES: Readonly<Record<string, (lock: Lock) => Lock>> = {
  "an entry removed": (lock) => ({ ...lock, distributions: lock.distributions.slice(1) }),
  "an entry added": (lock) => ({
    ...lock,
    distributions: [
      ...lock.distributions,
      { ...(lock.distributions[0] as Distribution), name: "new" },
    ],
  }),
  "another name": (lock) => withFirst(lock, () => ({ name: "other" })),
  "another version": (lock) => withFirst(lock, () => ({ version: "9" })),
  "no version": (lock) => withFirst(lock, () => ({ version: null })),
  "another index": (lock) =>
    withFirst(lock, () => ({
      source: { kind: "index", url: "https://new.example", alternatives: [] },
    })),
  "a further index": (lock) =>
    withFirst(lock, ({ source }) => ({
      source: { ...source, alternatives: ["https://new.example"] },
    })),
  "a repository instead of an index": (lock) =>
    withFirst(lock, () => ({
      source: {
        kind: "vcs",
        vcs: "git",
        location: "git+https://new.example/r",
        commit: COMMIT,
        reference: null,
        part: null,
      },
    })),
  "a file added": (lock) => withFirst(lock, ({ files }) => ({ files: [...files, FILE] })),
  "a file removed": (lock) => withFirst(lock, ({ files }) => ({ files: files.slice(1) })),
  "a file renamed": (lock) => withFile(lock, () => ({ filename: "zz.whl" })),
  "a file without a name": (lock) => withFile(lock, () => ({ filename: null })),
  "another hash": (lock) => withFile(lock, () => ({ hashes: [sha256("0f".repeat(32))] })),
  "a further hash": (lock) =>
    withFile(lock, ({ hashes }) => ({
      hashes: [...hashes, { algorithm: "sha512", value: "8".repeat(128) }],
    })),
  "no hash": (lock) => withFile(lock, () => ({ hashes: [] })),
  "a weaker hash": (lock) =>
    withFile(lock, () => ({ hashes: [{ algorithm: "md5", value: "8".repeat(32) }] })),
  "a directive added": (lock) => ({
    ...lock,
    directives: [...lock.directives, { option: "--index-url", value: "x", line: null }],
  }),
};

/** Changes that mean nothing. */
const NO_CHANGES: Readonly<Record<string, (lock: Lock) => Lock>> = {
  "another order of entries": (lock) => ({
    ...lock,
    distributions: lock.distributions.toReversed(),
  }),
  "another order of files and hashes": (lock) => ({
    ...lock,
    distributions: lock.distributions.map((each) => ({
      ...each,
      files: each.files.toReversed().map(({ filename, url, path, hashes, size }) => {
        return { filename, url, path, hashes: hashes.toReversed(), size };
      }),
    })),
  }),
  "other lines": (lock) => ({
    ...lock,
    distributions: lock.distributions.map((each) => ({ ...each, line: (each.line ?? 0) + 7 })),
    directives: lock.directives.map((each) => ({ ...each, line: 99 })),
  }),
  "another path, format and login": (lock) => ({
    ...lock,
    path: "pylock.toml",
    format: "pylock",
    logins: ["https://a:b@c.example"],
  }),
  "other sizes, and other URLs of files with a hash": (lock) => ({
    ...lock,
    distributions: lock.distributions.map((each) => ({
      ...each,
      files: each.files.map((file) => ({ ...file, size: 1, url: "https://mirror.example/x" })),
    })),
  }),
  "an equal spelling of versions": (lock) => ({
    ...lock,
    distributions: lock.distributions.map((each) => ({
      ...each,
      version: each.version === null ? null : `v${each.version.toUpperCase()}`,
    })),
  }),
  "the versions of members": (lock) => ({
    ...lock,
    distributions: lock.distributions.map((each) => ({
      ...each,
      version: each.member ? "99" : each.version,
    })),
  }),
};

const fromIndex = locks.filter(
  ({ distributions: [first] }) => first?.source.kind === "index" && first.files.length > 0,
);

describe("the digest of a lock", () => {
  it("is SHA-256 of its canonical text, with the version of that text before it", async () => {
    const lock = read("requirements.txt", sample("requirements.txt"));
    expect(canonicalLock(lock)).toBe(
      '["v1",[["numpy","2",["index","https://index.example/simple"],' +
        `[[null,["sha256:${A}"],null],[null,["sha256:${B}"],null]]],` +
        `["tool",null,["vcs","git+https://github.com/octo/tool.git","${COMMIT}",null,null],[]]],` +
        '[["--index-url","https://index.example/simple"]]]',
    );
    expect(await lockDigest(lock)).toMatch(/^v1-sha256:[0-9a-f]{64}$/);
  });

  it.each(Object.entries(NO_CHANGES))("is the same with %s", async (_what, change) => {
    await fc.assert(
      fc.asyncProperty(locks, async (lock) => {
        const after = change(lock);
        expect(await lockDigest(after)).toBe(await lockDigest(lock));
        expect(diffLocks(lock, after)).toEqual({ changes: [], directives: null });
      }),
    );
  });

  it.each(Object.entries(CHANGES))("is another one with %s", async (_what, change) => {
    await fc.assert(
      fc.asyncProperty(fromIndex, async (lock) => {
        const after = change(lock);
        expect(await lockDigest(after)).not.toBe(await lockDigest(lock));
        const { changes, directives } = diffLocks(lock, after);
        expect(changes.length > 0 || directives !== null).toBe(true);
        expect(changes.every(({ kinds }) => kinds.length > 0)).toBe(true);
      }),
    );
  });

  it("is another one with another commit, and with another reference where there is no commit", async () => {
    const line = (at: string): Lock => read("requirements.txt", `x @ git+https://h.example/r${at}`);
    const digests = await Promise.all(
      ["", "@main", "@dev", `@${COMMIT}`, `@${COMMIT}0`].map((at) => lockDigest(line(at))),
    );
    expect(new Set(digests).size).toBe(digests.length);
  });

  it("holds the place of a file that has no strong hash", async () => {
    const uv = (url: string, hash: string): Lock =>
      read(
        "uv.lock",
        `version = 1\n[[package]]\nname = "x"\nversion = "1"\n` +
          `source = { registry = "https://i.example" }\n` +
          `wheels = [{ url = "https://${url}/x.whl"${hash} }]\n`,
      );
    const digests = await Promise.all([
      lockDigest(uv("a.example", "")),
      lockDigest(uv("b.example", "")),
      lockDigest(uv("a.example", `, hash = "md5:${"0".repeat(32)}"`)),
      lockDigest(uv("b.example", `, hash = "md5:${"0".repeat(32)}"`)),
    ]);
    expect(new Set(digests).size).toBe(4);
    const strong = `, hash = "sha256:${C}"`;
    expect(await lockDigest(uv("a.example", strong))).toBe(
      await lockDigest(uv("b.example", strong)),
    );
  });

  it("differs exactly where the difference of two locks is not empty", async () => {
    await fc.assert(
      fc.asyncProperty(locks, locks, async (before, after) => {
        const { changes, directives } = diffLocks(before, after);
        const isSame = (await lockDigest(before)) === (await lockDigest(after));
        expect(changes.length === 0 && directives === null).toBe(isSame);
        expect(changes.every(({ kinds }) => kinds.length > 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe("the digest of a text", () => {
  /** Changes of a text that are no more than formatting, headers, markers or metadata. */
  const REFORMATTED: readonly (readonly [string, string | RegExp, string])[] = [
    ["uv.lock", "revision = 3", "revision = 5"],
    ["uv.lock", ">=3.12", ">=3.13"],
    ["uv.lock", 'dependencies = [{ name = "numpy" }]', ""],
    ["uv.lock", 'version = "0.1.0"', 'version = "0.2.0"'],
    ["uv.lock", "?tag=v1&", "?branch=main&"],
    ["uv.lock", ", size = 10", ', upload-time = "2026-01-01T00:00:00Z"'],
    ["uv.lock", /\n\n\[\[package\]\]/g, "\n# comment\n[[ package ]]"],
    ["uv.lock", /"/g, "'"],
    ["pylock.toml", 'version = "2.0.0"', 'version = "2.0.0"\nmarker = "os_name == \'nt\'"'],
    ["pylock.toml", 'created-by = "uv"', 'created-by = "pip"\n[tool.x]\ny = 1'],
    ["poetry.lock", /groups = .*\n/, 'groups = ["main", "dev"]\nmarkers = "os_name == \'nt\'"\n'],
    ["poetry.lock", 'python-versions = ">=3.9"', 'python-versions = ">=3.10"'],
    ["poetry.lock", "2.1", "2.0"],
    ["pdm.lock", 'summary = ""', 'summary = "a"\ndependencies = ["b"]'],
    ["pdm.lock", '["default"]', '["default", "dev"]'],
    ["Pipfile.lock", /\n */g, ""],
    ["Pipfile.lock", '"requires": {}', '"requires": { "python_version": "3.13" }'],
    ["Pipfile.lock", '"index": "pypi"', '"index": "pypi", "markers": "python_version > \'3\'"'],
    ["requirements.txt", "    # via app\n", ""],
    ["requirements.txt", / \\\n {4}/g, " "],
    ["requirements.txt", ' ; python_version >= "3.9"', ""],
    [
      "requirements.txt",
      "--index-url https://index.example/simple/",
      "-i https://INDEX.example/simple",
    ],
    ["requirements.txt", "numpy==2.0.0", "NumPy[extra]==2.0"],
    ["pyodide-lock.json", '"imports": ["numpy"]', '"imports": []'],
    ["pyodide-lock.json", '"python": "3.13.2"', '"python": "3.13.3"'],
  ];

  it.each(REFORMATTED)("is the same in a %s with %s as %s", async (path, from, to) => {
    const text = sample(path);
    expect(text.replace(from, to)).not.toBe(text);
    expect(await lockDigest(read(path, text.replace(from, to)))).toBe(
      await lockDigest(read(path, text)),
    );
  });

  it.each(Object.entries(SAMPLES))(
    "is another one in a %s with another hash",
    async (path, text) => {
      const lock = read(path, text, { yaml });
      const used = [A, B].filter((each) => text.includes(each));
      expect(used).not.toHaveLength(0);
      for (const hash of path === "pixi.lock" ? [] : used) {
        const other = text.replace(hash, "d".repeat(64));
        expect(await lockDigest(read(path, other))).not.toBe(await lockDigest(lock));
      }
    },
  );

  it("does not depend on where the lock lies, but for what it takes from beside it", async () => {
    const text = sample("requirements.txt");
    const digest = await lockDigest(read("requirements.txt", text));
    expect(await lockDigest(read("a/b/requirements.txt", text))).toBe(digest);
    const local = `-e ./lib\n${text}`;
    const [here, there] = ["requirements.txt", "a/requirements.txt"].map((path) =>
      canonicalLock(read(path, local)),
    );
    expect(here).toContain('["editable","./lib",null]');
    expect(there).toContain('["editable","./a/lib",null]');
  });
});
