/** What uv and the program that it runs get from the world, and what the world gets from them. */
import { once } from "node:events";
import { spawn } from "node:child_process";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { OCTO_PIN } from "../../command/support/project.ts";
import { type Place, projectText, speaking, startUvSetting } from "./support/setting.ts";

vi.setConfig({ testTimeout: 120_000 });

const setting = await startUvSetting();
const { index, add } = setting;
add(speaking("foo", "foo"));

beforeEach((context) => {
  if (setting.missing !== null) context.skip(setting.missing);
});

function project(pins: string): Place {
  const place = setting.place();
  place.write("pyproject.toml", projectText("app", ["foo"]));
  if (pins !== "") place.write(".provenance.txt", pins);
  return place;
}

const PINNED = `#index:*  ${index.simpleUrl}\nfoo  ${OCTO_PIN}\n`;

describe("the exit code", () => {
  test.each([0, 1, 3, 77])("is the program's: %i", async (code) => {
    const program = `import sys; sys.exit(${code})`;
    const { exitCode } = await project(PINNED).pubpin(["uv", "run", "python", "-c", program]);
    expect(exitCode).toBe(code);
  });

  test("is uv's where it fails itself", async () => {
    const place = project(PINNED);
    const parameters = ["sync", "--group", "nowhere"];
    expect((await place.uv(parameters)).exitCode).not.toBe(0);
    expect((await place.pubpin(["uv", ...parameters])).exitCode).toBe(2);
  });

  test("is 3 where nothing could be found out", async () => {
    const place = project(PINNED);
    expect((await place.pubpin(["uv", "lock"])).exitCode).toBe(0);
    const name = "foo-1.0-py3-none-any.whl";
    const fault = { kind: "status", status: 500, retryAfter: "0" } as const;
    index.setFault({ part: "provenance", name, fault });
    const { exitCode } = await place.pubpin(["--no-cache", "uv", "sync", "--frozen"]);
    index.clearFault("provenance", name);
    expect(exitCode).toBe(3);
    expect(place.read(".venv/pyvenv.cfg")).toBeNull();
  });
});

describe("signals", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("%s reaches the program", async (signal) => {
    const place = project(PINNED);
    await place.pubpin(["uv", "sync"]);
    const code = `import signal, sys, time
signal.signal(signal.${signal}, lambda *_: (print("got it", flush=True), sys.exit(9)))
print("ready", flush=True)
time.sleep(60)
`;
    const { child, ended } = place.start(["uv", "run", "python", "-c", code]);
    await once(child.stdout ?? process.stdin, "data");
    child.kill(signal);
    const { exitCode, stdout } = await ended;
    expect(stdout).toContain("got it");
    expect(exitCode).toBe(9);
  });
});

describe("the environment", () => {
  test("is the program's as it was, without an address of ours", async () => {
    const place = project(PINNED);
    const code = "import os, json; print(json.dumps(dict(os.environ)))";
    const { stdout } = await place.pubpin(["uv", "run", "python", "-c", code], { OWN: "1" });
    const seen = JSON.parse(stdout.slice(stdout.indexOf("{"))) as Record<string, string>;
    expect(seen["OWN"]).toBe("1");
    expect(seen["NO_PROXY"]).toBeUndefined();
    expect(Object.keys(seen).filter((name) => name.startsWith("UV_CONFIG"))).toEqual([]);
  });
});

/** Runs `pubpin` at a terminal of its own, in which a person types. */
async function atTerminal(
  place: Place,
  parameters: readonly string[],
  typed: string,
): Promise<{ readonly exitCode: number | null; readonly shown: string }> {
  const { command, env } = place.commandLine(parameters);
  const script = `import os, pty, sys
typed = ${JSON.stringify(typed)}.encode()
seen = b""
def read(fd):
    global seen, typed
    data = os.read(fd, 1024)
    seen += data
    if typed and b"[y/N]" in seen:
        os.write(fd, typed)
        typed = b""
    return data
code = pty.spawn(sys.argv[1:], read)
sys.exit(os.waitstatus_to_exitcode(code))
`;
  const child = spawn("python3", ["-c", script, ...command], {
    cwd: place.folder,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...env, TERM: "xterm-256color" },
  });
  let shown = "";
  child.stdout.on("data", (chunk: Buffer) => void (shown += chunk.toString()));
  const [exitCode] = (await once(child, "close")) as [number | null];
  return { exitCode, shown };
}

describe("at a terminal", () => {
  test("new publishers are shown and asked for, and pinned with a yes", async () => {
    const place = project("");
    const { exitCode, shown } = await atTerminal(place, ["uv", "sync"], "y\n");
    expect(shown).toContain("+ foo  https://github.com/octo/example");
    expect(shown).toContain("Pin them? [y/N]");
    expect(exitCode).toBe(0);
    expect(place.read(".provenance.txt")).toMatch(/^foo /m);
    expect(place.read("uv.lock")).toContain("foo");
  });

  test("nothing is written and nothing installed with a no", async () => {
    const place = project("");
    const { exitCode } = await atTerminal(place, ["uv", "sync"], "n\n");
    expect(exitCode).toBe(1);
    expect(place.read(".provenance.txt")).toBeNull();
    expect(place.read("uv.lock")).toBeNull();
    expect(place.read(".venv/pyvenv.cfg")).toBeNull();
  });

  test("uv has it, and its colours", async () => {
    const place = project(PINNED);
    const { shown } = await atTerminal(place, ["uv", "sync"], "");
    expect(shown).toContain("\u001B[");
    const code = "import sys; print(sys.stdin.isatty(), sys.stdout.isatty(), sys.stderr.isatty())";
    const run = await atTerminal(place, ["uv", "run", "python", "-c", code], "");
    expect(run.shown).toContain("True True True");
  });
});

test("the program's input is the command's", async () => {
  const place = project(PINNED);
  await place.pubpin(["uv", "sync"]);
  const parameters = ["uv", "run", "python", "-c", "print(input()[::-1])"];
  const { command, env } = place.commandLine(parameters);
  const [file = "", ...rest] = command;
  const child = spawn(file, rest, { cwd: place.folder, env, stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end("abc\n");
  let shown = "";
  child.stdout.on("data", (chunk: Buffer) => void (shown += chunk.toString()));
  await once(child, "close");
  expect(shown).toBe("cba\n");
});
