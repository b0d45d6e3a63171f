/** How pip's settings and requirements files are read, before any pip runs. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EMPTY_PINS, parsePins, type Pins } from "@pubpin/shared";
import { describe, expect, test } from "vitest";
import {
  parseSettings,
  settingsAsArguments,
} from "../../../../packages/cli/src/wrap/pip/configuration.ts";
import {
  type FileContents,
  readRequirementFiles,
} from "../../../../packages/cli/src/wrap/pip/requirement-files.ts";
import {
  readEditable,
  readSource,
  type Source,
} from "../../../../packages/cli/src/wrap/pip/sources.ts";
import { folders } from "../../command/support/command.ts";

const newFolder = folders();

describe("pip's settings", () => {
  test("are what `pip config list` prints, as Python writes texts", () => {
    const text = `global.index-url='https://u:p@a.example/simple'
:env:.extra-index-url="https://it's.example \\\\ \\x41"
install.no-deps='true'
`;
    expect(parseSettings(text)).toEqual([
      { section: "global", key: "index-url", value: "https://u:p@a.example/simple" },
      { section: ":env:", key: "extra-index-url", value: "https://it's.example \\ A" },
      { section: "install", key: "no-deps", value: "true" },
    ]);
    expect(() => parseSettings("something else")).toThrow("expected settings");
  });

  test("count as options: variables before those of the command, and these before general ones", () => {
    const settings = [
      { section: ":env:", key: "index-url", value: "https://c.example" },
      { section: "global", key: "index-url", value: "https://a.example" },
      { section: "install", key: "index-url", value: "https://b.example" },
      { section: "global", key: "trusted-host", value: "a.example\n  b.example" },
      { section: "global", key: "pre", value: "yes" },
      { section: "global", key: "no-deps", value: "0" },
      { section: "global", key: "verbose", value: "2" },
      { section: "download", key: "no-binary", value: ":all:" },
      { section: "list", key: "format", value: "columns" },
      { section: "global", key: "format", value: "columns" },
      { section: ":env:", key: "find-links", value: "" },
    ];
    expect(settingsAsArguments("install", settings)).toEqual([
      "--index-url",
      "https://c.example",
      "--trusted-host",
      "a.example",
      "--trusted-host",
      "b.example",
      "--pre",
      "--verbose",
      "--verbose",
    ]);
  });

  test.each([
    [":env:", "find-links", "PIP_FIND_LINKS is set, and refused"],
    ["global", "find-links", "pip's configuration sets global.find-links, and refused"],
    ["install", "user", "pip's configuration sets install.user, and refused"],
    ["global", "no-index", "global.no-index"],
    ["global", "no-build-isolation", "global.no-build-isolation"],
  ])("are refused by their name where they open a way past: %s.%s", (section, key, message) => {
    const settings = [{ section, key, value: "true" }];
    expect(() => settingsAsArguments("install", settings)).toThrow(message);
  });
});

/** What files of requirements say, in a folder of their own. */
async function read(
  files: Readonly<Record<string, string>>,
  { env = {}, pins = EMPTY_PINS }: { readonly env?: NodeJS.ProcessEnv; readonly pins?: Pins } = {},
): Promise<FileContents> {
  const cwd = newFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(cwd, name, ".."), { recursive: true });
    writeFileSync(join(cwd, name), text);
  }
  const rules = { cwd, own: cwd, pins, pinsPath: join(cwd, ".provenance.txt"), env };
  return readRequirementFiles([Object.keys(files)[0] ?? ""], false, rules);
}

describe("a requirements file", () => {
  test("is written anew, with what it includes", async () => {
    const main = `# words
one==1.0 \\
    --hash=sha256:00ff \\
    --hash=sha256:11ff  # why
two[extra,more] >=1,<2 ; python_version > "3"
-r more/other.txt
--constraint more/limits.txt
--index-url https://\${HOST}/simple/
--extra-index-url https://b.example/simple
--no-binary one
`;
    const contents = await read(
      {
        "main.txt": main,
        "more/other.txt": "three\n-r deeper.txt\n",
        "more/deeper.txt": "four~=4.0",
        "more/limits.txt": "five<6\n",
      },
      { env: { HOST: "a.example" } },
    );
    expect(contents).toMatchObject({
      requirements: [
        "one==1.0 --hash=sha256:00ff     --hash=sha256:11ff",
        'two[extra,more] >=1,<2 ; python_version > "3"',
        "three",
        "four~=4.0",
      ],
      constraints: ["five<6"],
      options: ["--no-binary", "one"],
      indexUrl: "https://a.example/simple/",
      extraIndexUrls: ["https://b.example/simple"],
    });
  });

  test.each([
    ["--find-links wheels", "USAGE_INVALID"],
    ["-f https://a.example/", "USAGE_INVALID"],
    ["--no-index", "USAGE_INVALID"],
    ["--use-feature fast-deps", "USAGE_INVALID"],
    ["--index-u https://a.example/", "USAGE_INVALID"],
    ["one --global-option=x", "USAGE_INVALID"],
    ["one --hash=md5:00", "USAGE_INVALID"],
    ["-r https://a.example/r.txt", "USAGE_INVALID"],
    ["-r pylock.toml", "USAGE_INVALID"],
    ["-r main.txt", "USAGE_INVALID"],
    ["one @ https://a.example/one-1.0-py3-none-any.whl", "SOURCE_REFUSED"],
    ["https://a.example/one-1.0.tar.gz", "SOURCE_REFUSED"],
    ["${WHERE}", "SOURCE_REFUSED"],
    ["git+https://a.example/one", "SOURCE_REFUSED"],
    ["-e git+https://a.example/one#egg=one", "SOURCE_REFUSED"],
    ["file:///tmp/one-1.0.tar.gz?x", "SOURCE_REFUSED"],
    ["one-1.0-py3-none-any.whl", "USAGE_INVALID"],
  ])("is refused for a line such as %s", async (line, code) => {
    const env = { WHERE: "https://a.example/one-1.0.tar.gz" };
    await expect(read({ "main.txt": `${line}\n` }, { env })).rejects.toMatchObject({ code });
  });

  test("names, in constraints, names alone", async () => {
    const files = { "main.txt": "-c limits.txt", "limits.txt": "./folder" };
    mkdirSync(join(newFolder(), "folder"));
    await expect(read(files)).rejects.toMatchObject({ code: "USAGE_INVALID" });
  });
});

describe("a requirement", () => {
  const cwd = newFolder();
  const outside = newFolder();
  mkdirSync(join(cwd, "inner"));
  writeFileSync(join(cwd, "one.zip"), "");
  const judge = (text: string, pins: Pins = EMPTY_PINS): Source =>
    readSource(text, "here", { cwd, own: cwd, pins, pinsPath: join(cwd, ".provenance.txt") });

  test.each([
    "one",
    "One.two_3",
    "one[a, b]",
    "one ==1.0 ; os_name == 'nt'",
    "one(>=1)",
    "one===x",
  ])("is a name: %s", (text) => {
    expect(judge(text)).toEqual({ kind: "name", text });
  });

  test.each(["inner/", "./inner", "./inner[extra]", "."])(
    "is a folder of one's own: %s",
    (text) => {
      expect(judge(text).kind).toBe("folder");
    },
  );

  test("is no file without a line for its bytes, whatever it is called", () => {
    expect(() => judge("one.zip")).toThrow("expected a #file: line for it");
  });

  test("is no folder that lies elsewhere, unless a line names it", () => {
    expect(() => judge(outside)).toThrow("no #source: line names it");
    const pins = parsePins(new TextEncoder().encode(`#source:mine file://${outside}\n`), "pins");
    expect(judge(outside, pins).kind).toBe("folder");
  });

  test("does not go over two lines", () => {
    for (const end of ["\n", "\r", "\u2028", "\v", "\u0085"]) {
      expect(() => judge(`one${end}--index-url https://a.example`)).toThrow("on one line");
    }
  });

  test("is edited in a folder, and nowhere else", () => {
    const rules = { cwd, own: cwd, pins: EMPTY_PINS, pinsPath: join(cwd, ".provenance.txt") };
    expect(readEditable("./inner[dev]", "here", rules)).toMatchObject({
      kind: "folder",
      folder: join(cwd, "inner"),
    });
    for (const text of ["one", "git+https://a.example/x", "https://a.example/x", outside]) {
      expect(() => readEditable(text, "here", rules)).toThrow(/expected a package|lies outside/);
    }
  });
});
