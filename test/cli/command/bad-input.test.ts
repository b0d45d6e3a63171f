/** Files and addresses that cannot be used: told with file and line, and nothing is written. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { MAX_PINS_BYTES } from "@pubpin/shared";
import { describe, expect, test } from "vitest";
import { A, B } from "../../shared/lock/reading.ts";
import { sample } from "../../shared/lock/samples.ts";
import { type Ended, folders, pubpin } from "./support/command.ts";

const newFolder = folders();

/** The locks whose samples are damaged here. */
const LOCKS = [
  "uv.lock",
  "pylock.toml",
  "poetry.lock",
  "pdm.lock",
  "Pipfile.lock",
  "requirements.txt",
  "pyodide-lock.json",
  "pixi.lock",
] as const;

type LockName = (typeof LOCKS)[number];

/** A sample with one text replaced, which it must have. */
function changed(lock: LockName, from: string | RegExp, to: string): string {
  const text = sample(lock).replace(from, to);
  if (text === sample(lock)) throw new Error(`expected ${String(from)} in the sample ${lock}`);
  return text;
}

type Files = Readonly<Record<string, string | Uint8Array>>;

/**
 * Runs a command in a folder with these files. Asserts that it refuses them, says what helps, prints
 * no report and leaves the folder as it was.
 */
async function refusal(
  files: Files,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<string> {
  const folder = newFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  const before = contentsOf(folder);
  const elsewhere = { PUBPIN_CACHE_DIR: join(newFolder(), "cache") };
  const ended: Ended = await pubpin(folder, ["--offline", ...parameters], { ...elsewhere, ...env });
  expect(ended).toMatchObject({ exitCode: 2, stdout: "" });
  expect(ended.stderr).toMatch(/^pubpin: USAGE_INVALID: |\n {2}what to do: \S/);
  expect(contentsOf(folder)).toEqual(before);
  return ended.stderr;
}

function contentsOf(folder: string): ReadonlyMap<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path, entry.isFile() ? readFileSync(path, "base64") : "a folder"];
    }),
  );
}

/** A way to damage a lock, and what is said of it behind the lock's name. */
type Damage = readonly [
  what: string,
  damage: (text: string, lock: LockName) => string | Uint8Array,
  message: RegExp,
];

/** What each reader notices by itself. */
const DAMAGES: readonly Damage[] = [
  ["cut off", (text, lock) => text.slice(0, text.indexOf(digestIn(lock)) + 20), /^, line \d+/],
  [
    "of another format",
    () => "<!DOCTYPE html>\n<html></html>\n",
    /line 1|line 2|expected an object/,
  ],
];

/** What is noticed before a reader is asked. */
const DAMAGES_OF_ANY: readonly Damage[] = [
  ["empty", () => "", /: expected a lock, found an empty file; write it again/],
  ["of 20 MB", (text) => text.padEnd(20_000_000), /: expected at most \d+ bytes, found 20000000/],
  [
    "of bytes that are no text",
    (text) => Buffer.from(`\ufeff${text}`, "utf16le"),
    /: expected UTF-8/,
  ],
  ["with a byte order mark", (text) => `\ufeff${text}`, /, line 1: .*byte order mark.*save/],
  [
    "with the markers of a merge conflict",
    (text) => text.replace("\n", "\n<<<<<<< HEAD\n=======\n>>>>>>> theirs\n"),
    /, line 2: found the marker of a Git merge conflict; resolve the merge, then lock again/,
  ],
];

const DAMAGED = LOCKS.map((lock) => {
  const isOneOfAll = ["uv.lock", "Pipfile.lock", "requirements.txt"].includes(lock);
  return { lock, damages: isOneOfAll ? [...DAMAGES, ...DAMAGES_OF_ANY] : DAMAGES };
});

/** The digest in a sample that a cut goes through. */
function digestIn(lock: LockName): string {
  return lock === "pyodide-lock.json" ? A : B;
}

describe.concurrent.each(DAMAGED)("a $lock", ({ lock, damages }) => {
  test.for(damages)("%s is refused by its name and line", async ([, damage, message]) => {
    const said = await refusal({ [lock]: damage(sample(lock), lock) }, ["tofu", lock]);
    expect(said).toMatch(/^pubpin: (?:LOCK_INVALID|LIMIT_EXCEEDED): /);
    expect(said.split(lock).slice(1).join(lock)).toMatch(message);
  });
});

/** A change to a sample, and what is said of it. */
type Change = readonly [lock: LockName, from: string | RegExp, to: string, message: RegExp];

const FUTURES: readonly Change[] = [
  [
    "uv.lock",
    "version = 1\n",
    "version = 2\n",
    /^pubpin: LOCK_UNSUPPORTED: uv\.lock, line 1, .*version: expected lock version 1 /,
  ],
  [
    "uv.lock",
    "revision = 3",
    "revision = 6",
    /uv\.lock, line 2, .*revision: expected a revision from 0 to 5 /,
  ],
  [
    "pylock.toml",
    '"1.0"',
    '"2.0"',
    /pylock\.toml, line 1, .*lock-version: expected lock-version 1\.0 /,
  ],
  [
    "poetry.lock",
    '"2.1"',
    '"3.0"',
    /poetry\.lock, line \d+, .*lock-version: expected lock-version 1\.0, /,
  ],
  [
    "pdm.lock",
    '"4.5.0"',
    '"5.0"',
    /pdm\.lock, line \d+, .*lock_version: expected lock_version 4\.0 to 4\.5 /,
  ],
  [
    "Pipfile.lock",
    '"pipfile-spec": 6',
    '"pipfile-spec": 7',
    /Pipfile\.lock, line \d+, .*expected pipfile-spec 6 /,
  ],
  [
    "pixi.lock",
    "version: 6",
    "version: 8",
    /pixi\.lock, line 1, .*version: expected version 6 or 7 /,
  ],
];

const WITHOUT_VERSION: readonly Change[] = [
  ["uv.lock", 'version = "2.0.0"\n', "", /line 18, package "numpy": expected a version/],
  ["pylock.toml", 'version = "2.0.0"\n', "", /line 4, package "numpy": expected a version/],
  ["poetry.lock", 'version = "2.0.0"\n', "", /line 3, package "numpy": the field "version"/],
  ["pdm.lock", 'version = "2.0.0"\n', "", /line 7, package "numpy": expected a version/],
  ["Pipfile.lock", /,\s+"version": "==2.0.0"/, "", /line 11, package "numpy": expected a version/],
  ["requirements.txt", "numpy==2.0.0 ;", "numpy ;", /line 4: expected NAME==VERSION/],
  ["pyodide-lock.json", /,\s+"version": "2.0.0"/, "", /line 4, package "numpy": the field "vers/],
  ["pixi.lock", "  version: 2.0.0\n", "", /line 15, package "numpy": expected a version/],
];

const WITHOUT_FILE: readonly Change[] = [
  ["uv.lock", /sdist = [^]*?\n\]\n/, "", /line 18, package "numpy": expected files or hashes/],
  ["pylock.toml", /sdist = .*\nwheels = .*\n/, "", /line 4, package "numpy": expected a file/],
  ["poetry.lock", /\[\n[^]*?\n\]/, "[]", /line 3, package "numpy": expected files or hashes/],
  ["pdm.lock", /files = \[\n[^]*?\n\]/, "", /line 7, package "numpy": expected files or hashes/],
  ["pyodide-lock.json", /"file_name": .*\n/, "", /line 4, package "numpy": the field "file_name"/],
];

const WITHOUT_HASH: readonly Change[] = [
  ["pylock.toml", /, hashes = \{ sha256 = "a+" \}/, "", /line 4, .*sdist: the field "hashes"/],
  ["poetry.lock", /, hash = "sha256:b+"/, "", /line 3, .*files\[0\]: the field "hash"/],
  ["pdm.lock", /, hash = "sha256:b+"/, "", /line 7, .*files\[0\]: the field "hash"/],
  ["Pipfile.lock", /"hashes": .*\n/, "", /line 11, package "numpy": expected files or hashes/],
  ["requirements.txt", /( \\\n {4}--hash=\S+)+/, "", /line 4: expected "numpy" with --hash.*lock/],
];

const [WHEEL, SDIST] = ["numpy-2.0.0-py3-none-any.whl", "numpy-2.0.0.tar.gz"];
const TWO_HASHES: readonly Change[] = [
  ["uv.lock", WHEEL, SDIST, /line 18, package "numpy": expected one sha256 hash of "numpy-2\.0/],
  ["pylock.toml", `"${WHEEL}"`, `"${SDIST}"`, /line 4, package "numpy": expected one sha256 hash/],
  ["poetry.lock", WHEEL, SDIST, /line 3, package "numpy": expected one sha256 hash/],
  ["pdm.lock", WHEEL, SDIST, /line 7, package "numpy": expected one sha256 hash/],
];

const ADDRESSES: readonly Change[] = [
  ["uv.lock", "https://files", "ftp://files", /line 18, .*http, https, file, ssh or git/],
  ["uv.lock", "https://index", "ftp://index", /line 18, .*http, https, file, ssh or git/],
  ["uv.lock", "files.example/ab", "files.example/../ab", /line 18, .*without dot segments/],
  ["uv.lock", "/simple/", "/%2e%2e/simple/", /line 18, .*without dot segments/],
  ["uv.lock", "https://github.com/octo/tool.git", "ext::id", /line 27, .*http, https, file, ssh/],
  ["uv.lock", SDIST, "..%2fnumpy-2.0.0.tar.gz", /line 18, .*expected the name of a file/],
  ["poetry.lock", SDIST, "../numpy-2.0.0.tar.gz", /line 3, .*expected the name of a file/],
  ["requirements.txt", "index.example", "${HOST}", /line 2: .*depends on the environment/],
];

describe.concurrent.each([
  ["of a version of the future", FUTURES],
  ["with a package without a version", WITHOUT_VERSION],
  ["with a package without a file", WITHOUT_FILE],
  ["with a file without a hash", WITHOUT_HASH],
  ["with two hashes for one file", TWO_HASHES],
  ["with an address that is not used", ADDRESSES],
] as const)("a lock %s is refused by its line:", (_what, changes) => {
  test.for(changes)("%s (%#)", async ([lock, from, to, message]) => {
    const said = await refusal({ [lock]: changed(lock, from, to) }, ["tofu", lock]);
    expect(said).toMatch(/^pubpin: LOCK_(?:INVALID|UNSUPPORTED): /);
    expect(said).toMatch(message);
  });
});

const GOOD = "zeta https://github.com/octo/zeta\n";
const URL_FORMS = /expected https:\/\/github\.com\/OWNER\/REPOSITORY/;
const FRAGMENT = /expected "#repository-id=NUMBER&owner-id=NUMBER&workflow=NAME"/;
const NO_LOGIN = /expected a URL without user name and password/;

/** A line of `.provenance.txt` behind a good one, and what is said of it. */
const PINS: readonly (readonly [what: string, line: string, message: RegExp])[] = [
  ["three tokens", "one a b", /expected 2 tokens .* found 3/],
  ["one token", "one", /expected 2 tokens .* found 1/],
  ["a no-break space", "one\u00a0https://github.com/o/one", /expected 2 tokens/],
  ["a name that stands twice", GOOD.trim(), /expected each key once, found zeta again.* line 1$/m],
  ["the same name in capitals", "ZETA https://github.com/o/z", /expected each key once/],
  ["a carriage return", "one https://github.com/o/one\r", /carriage return.*\.gitattributes/],
  ["a carriage return within", "a https://github.com/o/a\rb x", /no control characters.*\\r/],
  ["an escape sequence", "\u001b[2Kone https://github.com/o/one", /characters, found "\\u001b/],
  ["a null", "o\0ne https://github.com/o/one", /no control characters, found "o\\u0000ne/],
  ["text from right to left", "one\u202e https://github.com/o/one", /characters, found .*\\u202e/],
  ["a line separator", "a https://github.com/o/a\u2028b x", /characters, found .*\\u2028/],
  ["a name that looks alike", "\u043ene https://github.com/o/one", /ASCII.*found "\\u043ene"/],
  ["a host that looks alike", "one https://github.c\u043em/o/one", /ASCII.*\\u043em/],
  ["a space without a width", "o\u200bne https://github.com/o/one", /ASCII.*"o\\u200bne"/],
  ["a name in percent", "%6Fne https://github.com/o/one", /expected a project name.*"%6Fne"/],
  ["a publisher with credentials", "one https://me:secret@github.com/o/one", URL_FORMS],
  ["an index with credentials", "#index:one https://me:secret@index.example/simple", NO_LOGIN],
  ["a source with credentials", "#source:one git+https://me:secret@github.com/o/one", NO_LOGIN],
  ["a publisher without encryption", "one http://github.com/o/one", URL_FORMS],
  ["a publisher of no forge", "one https://evil.example/o/one", URL_FORMS],
  ["a publisher with dot segments", "one https://github.com/o/../one", URL_FORMS],
  ["an index over FTP", "#index:one ftp://index.example/simple", /http or https URL of an index/],
  ["an index that is a script", "#index:one javascript:alert(1)", /http or https URL of an index/],
  ["an index with dot segments", "#index:one https://i.example/a/../b", /without dot segments/],
  ["one identifier of two", "one https://github.com/o/one#repository-id=1", FRAGMENT],
  ["an identifier of zero", "one https://github.com/o/one#repository-id=0&owner-id=1", FRAGMENT],
  ["a workflow elsewhere", "one https://github.com/o/one#workflow=../x.yml", /name of a workflow/],
  ["a file elsewhere", `#file:../x.whl sha256:${A}`, /file name .* without a path/],
  ["a weak digest of a file", `#file:x.whl md5:${"a".repeat(32)}`, /sha256: and 64/],
  ["a lock elsewhere", `#lock:../uv.lock v1-sha256:${A}`, /expected a path below the folder/],
  ["a lock digest of the future", `#lock:uv.lock v9-sha256:${A}`, /expected v1-sha256: and 64/],
  [
    "a further publisher of nobody",
    "#also:one:2 https://github.com/o/one",
    /expected a pin of one/,
  ],
  ["a state that is none", "#unsigned:one maybe", /expected "seen" or "allowed", found "maybe"/],
  ["a line of an unknown kind", "#todo:one x", /expected one of #also: .*found "#todo:"/],
  ["the marker of a merge conflict", "<<<<<<< HEAD", /found /],
  ["a line without an end", `#note:a ${"a".repeat(5000)}`, /expected at most 4096 characters/],
];

describe.concurrent("a .provenance.txt", () => {
  const lock = { "uv.lock": sample("uv.lock") };

  test.for(PINS)("with %s is refused by its line", async ([, line, message]) => {
    const said = await refusal({ ...lock, ".provenance.txt": `${GOOD}${line}\n` }, ["tofu"]);
    expect(said).toMatch(/^pubpin: (?:PINS_INVALID|LIMIT_EXCEEDED): .*\.provenance\.txt, line 2: /);
    expect(said).toMatch(message);
    expect(said).not.toContain("secret");
  });

  test.for([
    ["a byte order mark", `\ufeff${GOOD}`, /line 1: expected no byte order mark, found one/],
    ["UTF-16", Buffer.from(`\ufeff${GOOD}`, "utf16le"), /line 1: expected UTF-8/],
    ["another encoding", Buffer.from(`${GOOD}on\xe9 x\n`, "latin1"), /line 2: expected UTF-8/],
    ["a page in HTML", "<!DOCTYPE html>\n<html>\n", /line 1: expected a project name/],
    ["more bytes than any", "#\n".repeat(MAX_PINS_BYTES), /expected at most \d+ bytes/],
  ] as const)("of %s is refused", async ([, pins, message]) => {
    const said = await refusal({ ...lock, ".provenance.txt": pins }, ["tofu"]);
    expect(said).toMatch(/^pubpin: (?:PINS_INVALID|LIMIT_EXCEEDED): .*\.provenance\.txt/);
    expect(said).toMatch(message);
  });

  test.for(["verify", "coverage", "explain numpy", "accept numpy"])(
    "that is damaged, and a damaged lock, are refused by %s too",
    async (command) => {
      const parameters = command.split(" ");
      const pins = await refusal({ ...lock, ".provenance.txt": "one\n" }, parameters);
      expect(pins).toContain("PINS_INVALID");
      expect(await refusal({ "uv.lock": "version = 1\n[[" }, parameters)).toContain("LOCK_INVALID");
    },
  );
});

describe.concurrent("an address on the command line or in the environment", () => {
  const lock = { "requirements.txt": `one==1.0 --hash=sha256:${A}\n` };

  test.for([
    ["of a provenance index over FTP", ["--provenance-index", "ftp://me:secret@x.example/simple"]],
    ["of a provenance index with dot segments", ["--provenance-index", "https://x.example/a/../b"]],
    ["that is none, of a provenance index", ["--provenance-index", "nonsense"]],
  ] as const)("%s is refused before anything is asked", async ([, options]) => {
    const said = await refusal(lock, [...options, "verify"]);
    expect(said).toContain("INDEX_URL_INVALID");
    expect(said).not.toContain("secret");
  });

  test("of a proxy that is none is refused by its variable", async () => {
    const said = await refusal(lock, ["verify"], { HTTPS_PROXY: "ftp://me:secret@x.example" });
    expect(said).toMatch(/USAGE_INVALID: HTTPS_PROXY: expected the URL of a proxy/);
    expect(said).not.toContain("secret");
  });
});
