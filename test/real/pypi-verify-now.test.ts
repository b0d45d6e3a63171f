/** What docs/provenance-file.md says of pypi-verify-now, asked of pypi-verify-now itself. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { diffPins } from "../../packages/shared/src/pins/diff.ts";
import { EMPTY_PINS, addEntries } from "../../packages/shared/src/pins/edit.ts";
import { entryValue } from "../../packages/shared/src/pins/entry.ts";
import { formatPins, parsePins } from "../../packages/shared/src/pins/file.ts";
import type { Pins, PinsEntry } from "../../packages/shared/src/pins/model.ts";
import { entries } from "../shared/pins/arbitraries.ts";
import { dataPath, whyNoData } from "../support/data-folder.ts";
import { type PythonTools, pythonTools, run } from "./python.ts";

const PATIENCE = 300_000;
const A = "a".repeat(64);

let tools: PythonTools;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pubpin-"));
  tools = await pythonTools("pypi-verify-now", "0.8.1");
}, PATIENCE);

afterAll(() => rm(folder, { recursive: true }));

beforeEach((context) => {
  if ("missing" in tools) context.skip(tools.missing);
});

/** Runs a Python program with pypi-verify-now imported as `p`; resolves to its standard output. */
async function python(program: string, ...args: readonly string[]): Promise<string> {
  const programs = "programs" in tools ? tools.programs : "";
  const imports = "import json, sys, pathlib, pypi_verify_now as p\n";
  const { stdout } = await run(join(programs, "python"), ["-c", imports + program, ...args], {
    cwd: folder,
    env: { PATH: programs, HOME: folder },
  });
  return stdout;
}

/** What pypi-verify-now reads from a file. */
async function read(text: string): Promise<unknown> {
  await writeFile(join(folder, "pins"), text);
  return JSON.parse(await python('print(json.dumps(p.parse_config(pathlib.Path("pins"))))'));
}

/** The file after pypi-verify-now read it and wrote it again. */
async function rewrite(text: string): Promise<string> {
  await writeFile(join(folder, "pins"), text);
  await python('f = pathlib.Path("pins"); p.save_config(f, p.parse_config(f))');
  return readFile(join(folder, "pins"), "utf8");
}

function parse(text: string): Pins {
  return parsePins(new TextEncoder().encode(text));
}

const publisher = {
  kind: "GitHub",
  url: "https://github.com/pypa/build",
  repositoryId: "123",
  ownerId: "456",
  workflow: "a & b.yml",
} as const;

/** One of each kind of line, with everything that is percent-encoded. */
const EVERY_KIND: readonly PinsEntry[] = [
  { kind: "pin", name: "build", publisher },
  { kind: "also", name: "build", ordinal: 2, publisher },
  { kind: "unsigned", name: "peppercorn", state: "seen" },
  { kind: "file", filename: "a b#c.zip", sha256: A },
  { kind: "index", name: "*", url: "https://index.example/simple" },
  { kind: "source", name: "lib", source: "./libs/größe %" },
  { kind: "lock", path: "my locks/uv.lock", digest: `v1-sha256:${A}` },
  { kind: "lock-bytes", path: "größe.lock", sha256: A },
  { kind: "note", key: "why", text: "many words,\nand lines: ✓" },
];

describe("pypi-verify-now 0.8.1", () => {
  it("reads every line that we write, as its key and its value", async () => {
    const pins = addEntries(EMPTY_PINS, EVERY_KIND);
    const expected = [...pins.byKey].map(([key, { entry }]) => [key, entryValue(entry)]);
    expect(await read(formatPins(pins))).toEqual(Object.fromEntries(expected));
  });

  it("writes what we write byte for byte", async () => {
    const text = formatPins(addEntries(EMPTY_PINS, EVERY_KIND));
    expect(await rewrite(text)).toBe(text);
  });

  it("sorts and pads what a person wrote, and we read the same from it", async () => {
    const text = formatPins(addEntries(EMPTY_PINS, EVERY_KIND))
      .trimEnd()
      .split("\n")
      .toReversed()
      .map((line) => `\t${line.replace(/ +/, "\t")} `)
      .join("\n");
    const rewritten = parse(await rewrite(text));
    expect(diffPins(parse(text), rewritten)).toEqual([]);
    expect(rewritten).toEqual(addEntries(EMPTY_PINS, EVERY_KIND));
  });

  it("writes two hundred random files byte for byte as we do", async () => {
    const texts = fc
      .sample(entries, { numRuns: 200, seed: 1 })
      .map((list) => formatPins(addEntries(EMPTY_PINS, list)));
    await writeFile(join(folder, "texts"), JSON.stringify(texts));
    const program = `
f = pathlib.Path("pins")
def again(text):
    f.write_text(text)
    p.save_config(f, p.parse_config(f))
    return f.read_text()
print(json.dumps([again(text) for text in json.loads(pathlib.Path("texts").read_text())]))`;
    expect(JSON.parse(await python(program))).toEqual(texts);
  });

  it("adds a pin on first use and keeps all our lines, and we read both", async () => {
    const before = formatPins(addEntries(EMPTY_PINS, EVERY_KIND));
    await writeFile(join(folder, ".provenance.txt"), before);
    const wheel = (name: string): string =>
      `[[packages]]\nname = "${name}"\nversion = "1"\nwheels = [{ name = "${name}.whl" }]\n`;
    await writeFile(join(folder, "pylock.toml"), ["build", "new", "lib"].map(wheel).join(""));
    const offline = `
p.pypi_get_repo_url = lambda name, *rest: None if name == "lib" else f"https://github.com/a/{name}"
p.verify_attestations = lambda name, url: (print(name, url), (0, ""))[1]
sys.argv = ["pypi-verify-now", "--tofu", "--lock-path", "pylock.toml"]
sys.exit(p.main())`;
    const output = await python(offline);
    expect(output).toContain(`build.whl ${entryValue({ kind: "pin", name: "build", publisher })}`);
    const after = parse(await readFile(join(folder, ".provenance.txt"), "utf8"));
    expect(diffPins(parse(before), after).map(({ key, weakenings }) => [key, weakenings])).toEqual([
      ["new", []],
    ]);
    expect(formatPins(after)).toBe(
      formatPins(
        addEntries(
          parse(before),
          after.lines.flatMap(({ entry }) => entry ?? []),
        ),
      ),
    );
  });

  it.each([
    ["a blank line", "\n"],
    ["a free comment", "# why we do this\n"],
  ])("cannot read %s, which is what our warning says", async (_, text) => {
    expect(parse(text).warnings[0]?.message).toContain("pypi-verify-now cannot read");
    await expect(read(text)).rejects.toThrow("ValueError");
  });

  it("drops a line whose key stands twice, which is why we refuse that", async () => {
    const text = "a https://github.com/a/a\na https://github.com/b/b\n";
    expect(await read(text)).toEqual({ a: "https://github.com/b/b" });
    expect(() => parse(text)).toThrow("expected each key once");
  });

  it.each(["\u001c", "\u0085", "\u00a0", "\u2028", "\u3000"])(
    "takes %j for white space, which is why we refuse it",
    async (space) => {
      const text = `a${space}https://github.com/a/a\n`;
      expect(await read(text)).toEqual({ a: "https://github.com/a/a" });
      expect(() => parse(text)).toThrow(expect.objectContaining({ code: "PINS_INVALID" }));
    },
  );

  it("takes a carriage return for the end of a line, which is why we refuse it", async () => {
    const text = "a https://github.com/a/a\rb https://github.com/b/b\n";
    expect(Object.keys((await read(text)) as object)).toEqual(["a", "b"]);
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: "PINS_INVALID" }));
  });
});

describe("pypi-attestations, which pypi-verify-now runs", () => {
  const file = "sampleproject-4.0.0-py3-none-any.whl";

  it(
    "verifies a real file against our URL with its fragment",
    { timeout: PATIENCE },
    async (context) => {
      const missing = whyNoData() ?? (await download("sampleproject==4.0.0"));
      if (missing !== null) context.skip(missing);
      const provenance = dataPath("pep740", `${file}.provenance`);
      const fragment = "#repository-id=14899596&owner-id=647025&workflow=release.yml";
      const verify = (url: string): Promise<{ readonly stderr: string }> =>
        run(
          join("programs" in tools ? tools.programs : "", "pypi-attestations"),
          [
            "verify",
            "pypi",
            "--offline",
            "--provenance-file",
            provenance,
            "--repository",
            url,
            file,
          ],
          { cwd: folder },
        );
      const { stderr } = await verify(`https://github.com/pypa/sampleproject${fragment}`);
      expect(stderr).toContain(`OK: ${file}`);
      await expect(verify(`https://github.com/pypa/other${fragment}`)).rejects.toThrow(
        "Verification failed",
      );
    },
  );

  async function download(requirement: string): Promise<string | null> {
    const pip = ["-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"];
    try {
      const programs = "programs" in tools ? tools.programs : "";
      await run(join(programs, "python"), [...pip, requirement], { cwd: folder });
      return null;
    } catch (error) {
      return `cannot download ${requirement}: ${String(error).split("\n").slice(0, 3).join(" ")}`;
    }
  }
});
