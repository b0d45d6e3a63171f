/** What of uv's command line, environment and configuration is understood, and what is refused. */
import { beforeEach, describe, expect, test, vi } from "vitest";
import { OPTIONS, UV_COMMANDS } from "../../../../packages/cli/src/wrap/uv/option-tables.ts";
import { projectText, startUvSetting } from "./support/setting.ts";

vi.setConfig({ testTimeout: 120_000 });

const setting = await startUvSetting();

beforeEach((context) => {
  if (setting.missing !== null) context.skip(setting.missing);
});

describe.each(UV_COMMANDS)("uv %s", (command) => {
  test("every option that uv's own help names is understood, or refused by name", async () => {
    const { stdout } = await setting.place().uv(["help", ...command.split(" ")]);
    const lines = stdout.match(/^ {2,6}-.*$/gm) ?? [];
    const named = lines.flatMap((line) => line.match(/(?<=^| )--?[a-zA-Z][a-z-]*/g) ?? []);
    const known = new Set(OPTIONS[command].flatMap(({ names }) => names));
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  test("options that take a value are those that uv says take one", async () => {
    const { stdout } = await setting.place().uv(["help", ...command.split(" ")]);
    const valued = new Map(
      [...stdout.matchAll(/^ {2,6}(?:-\w, )?(?<name>--[a-z-]+)(?<value> <)?/gm)].map(
        ({ groups }) => [groups?.["name"] ?? "", groups?.["value"] !== undefined],
      ),
    );
    const ours = OPTIONS[command].filter(({ names }) => names.some((name) => valued.has(name)));
    const wrong = ours.filter(({ names, takesValue }) =>
      names.some((name) => valued.has(name) && valued.get(name) !== takesValue),
    );
    expect(wrong.map(({ names }) => names[0])).toEqual([]);
  });
});

describe("refused by name, with nothing run:", () => {
  test.each([
    ["an option that nobody knows", ["sync", "--whatever"], {}, "--whatever is not known"],
    ["files that are found", ["sync", "--find-links", "."], {}, "--find-links is refused"],
    ["a sync that is left out", ["run", "--no-sync", "true"], {}, "--no-sync is refused"],
    ["hashes unchecked", ["pip", "install", "--no-verify-hashes", "foo"], {}, "--no-verify-hashes"],
    ["a command that is not covered", ["build"], {}, "pubpin uv build: expected one of sync"],
    ["UV_NO_VERIFY_HASHES", ["sync"], { UV_NO_VERIFY_HASHES: "1" }, "UV_NO_VERIFY_HASHES is set"],
    ["UV_FIND_LINKS", ["sync"], { UV_FIND_LINKS: "/tmp" }, "UV_FIND_LINKS is set"],
    [
      "a variable that nobody knows",
      ["sync"],
      { UV_SOMETHING_NEW: "1" },
      "UV_SOMETHING_NEW is set",
    ],
    [
      "an address to run with",
      ["run", "--with", "a @ https://a.example/a.whl", "true"],
      {},
      "--with",
    ],
    ["an archive to run with", ["run", "--with", "./a-1.0-py3-none-any.whl", "true"], {}, "--with"],
    [
      "a script of the web",
      ["run", "https://a.example/a.py"],
      {},
      "expected a program or a script",
    ],
    ["a tool of a repository", ["tool", "run", "git+https://a.example/a"], {}, "uv tool run git+"],
  ])("%s", async (_what, parameters, env, words) => {
    const place = setting.place();
    place.write("pyproject.toml", projectText("app", []));
    const { exitCode, stderr } = await place.pubpin(["uv", ...parameters], env);
    expect(stderr).toContain(words);
    expect(exitCode).toBe(2);
    expect(place.read("uv.lock")).toBeNull();
  });

  test.each([
    ["pyproject.toml", "[tool.uv]\nfind-links = ['x']\n", "tool.uv.find-links is refused"],
    ["pyproject.toml", "[tool.uv]\nno-index = true\n", "tool.uv.no-index is refused"],
    ["pyproject.toml", "[tool.uv]\nsome-new-setting = 1\n", "tool.uv.some-new-setting is refused"],
    ["pyproject.toml", "[tool.uv.pip]\nverify-hashes = false\n", "tool.uv.pip.verify-hashes"],
    ["uv.toml", "find-links = ['x']\n", "find-links is refused"],
    [
      "pyproject.toml",
      "[[tool.uv.index]]\nurl = 'file:///x'\n",
      "expected the address of an index",
    ],
  ])("in %s: %j", async (path, text, words) => {
    const place = setting.place();
    place.write("pyproject.toml", projectText("app", []));
    const before = path === "pyproject.toml" ? projectText("app", []) : "";
    place.write(path, before + text);
    const { exitCode, stderr } = await place.pubpin(["uv", "sync"]);
    expect(stderr).toContain(words);
    expect(exitCode).toBe(2);
  });
});

test("help is uv's own", async () => {
  const { exitCode, stdout } = await setting.place().pubpin(["uv", "sync", "--help"]);
  expect(stdout).toContain("Usage: uv sync");
  expect(exitCode).toBe(0);
});
