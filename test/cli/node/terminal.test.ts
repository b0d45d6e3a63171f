import { PassThrough } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { type ColorChoice, createPainter, isAutomated, isColored } from "@pubpin/shared";
import { describe, expect, test } from "vitest";
import { createProgress } from "../../../packages/cli/src/node/progress.ts";
import { askYesNo, type PromptOptions } from "../../../packages/cli/src/node/prompt.ts";
import { startProgram } from "./support/child.ts";

describe("colours", () => {
  test.each<[ColorChoice, Record<string, string>, boolean, boolean]>([
    ["auto", {}, true, true],
    ["auto", {}, false, false],
    ["auto", { TERM: "dumb" }, true, false],
    ["auto", { NO_COLOR: "1" }, true, false],
    ["auto", { NO_COLOR: "" }, true, true],
    ["auto", { FORCE_COLOR: "1" }, false, true],
    ["auto", { FORCE_COLOR: "0" }, true, false],
    ["auto", { FORCE_COLOR: "" }, false, false],
    ["auto", { NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
    ["always", { NO_COLOR: "1" }, false, true],
    ["never", { FORCE_COLOR: "1" }, true, false],
  ])("--color %s with %j, terminal: %s: %s", (choice, env, isTTY, expected) => {
    expect(isColored(choice, env, { isTTY })).toBe(expected);
  });

  test("are put around text, or the text stays as it is", () => {
    expect(createPainter(true)("fail", "no")).toBe("\u001b[31mno\u001b[39m");
    expect(createPainter(false)("fail", "no")).toBe("no");
  });
});

test.each([
  [{}, false],
  [{ CI: "" }, false],
  [{ CI: "false" }, false],
  [{ CI: "0" }, false],
  [{ CI: "true" }, true],
  [{ CI: "1" }, true],
  [{ CI: "woodpecker" }, true],
])("with %j an automation is at work: %s", (env, expected) => {
  expect(isAutomated(env)).toBe(expected);
});

describe("progress", () => {
  /** What a run of 100 files in 10 seconds shows. */
  function shown(options: Partial<Parameters<typeof createProgress>[0]>): readonly string[] {
    const written: string[] = [];
    let time = 0;
    const progress = createProgress({
      write: (text) => void written.push(text),
      isTerminal: true,
      isQuiet: false,
      label: "uv.lock",
      unit: "files",
      now: () => time,
      ...options,
    });
    for (let done = 0; done <= 100; done++) {
      time = done * 100;
      progress.update({ done, total: 100 });
    }
    progress.clear();
    return written;
  }

  test("is one line on a terminal, drawn again and in the end gone", () => {
    const written = shown({});
    expect(written[49]).toBe(
      "\r\u001b[2Kuv.lock: [##########          ] 50 of 100 files (50 %), 10/s",
    );
    expect(written).toHaveLength(101);
    expect(written.at(-1)).toBe("\r\u001b[2K");
  });

  test("is not drawn ten times as often when there is ten times as much", () => {
    let time = 0;
    const written: string[] = [];
    const write = (text: string): void => void written.push(text);
    const now = (): number => time;
    const options = { write, now, isTerminal: true, isQuiet: false, label: "a", unit: "files" };
    const { update } = createProgress(options);
    for (let done = 0; done <= 10_000; done++) {
      time = done;
      update({ done, total: 10_000 });
    }
    expect(written.length).toBeLessThanOrEqual(101);
  });

  test("is never wider than the terminal", () => {
    const columns = 30;
    for (const line of shown({ columns }).slice(0, -1)) {
      expect(line.replace("\r\u001b[2K", "").length).toBeLessThan(columns);
    }
  });

  test("is a plain line every five seconds elsewhere", () => {
    expect(shown({ isTerminal: false })).toEqual([
      "uv.lock: 50 of 100 files (50 %), 10/s\n",
      "uv.lock: 100 of 100 files (100 %), 10/s\n",
    ]);
  });

  test("is nothing when quiet", () => {
    expect(shown({ isQuiet: true })).toEqual([]);
  });

  test("shows no control characters of a name", () => {
    expect(shown({ isTerminal: false, label: "a\u001b[2J\nb" })[0]).toMatch(/^a\?\[2J\?b: /);
  });
});

describe("a question", () => {
  /** Asks, with these lines typed; gives the answer and what was shown. */
  async function ask(
    typed: string | null,
    more: Partial<PromptOptions> & { readonly isTTY?: boolean } = {},
  ): Promise<readonly [string, string]> {
    const { isTTY = true, ...options } = more;
    const input = Object.assign(new PassThrough(), { isTTY });
    const output = Object.assign(new PassThrough(), { isTTY });
    let shown = "";
    output.on("data", (chunk: Buffer) => void (shown += chunk.toString()));
    if (typed !== null) input.end(typed);
    const answer = await askYesNo("Accept?", { input, output, env: {}, ...options });
    return [answer, shown];
  }

  test.each([
    ["y\n", "yes"],
    ["YES\r\n", "yes"],
    [" yes \n", "yes"],
    ["n\n", "no"],
    ["No\n", "no"],
    ["\n", "no"],
    ["y", "yes"],
  ])("that is answered with %j means %s", async (typed, expected) => {
    expect(await ask(typed)).toEqual([expected, "Accept? [y/N] "]);
  });

  test("is asked again until the answer is clear", async () => {
    expect(await ask("maybe\nyess\ny\n")).toEqual(["yes", "Accept? [y/N] ".repeat(3)]);
  });

  test("is answered with no by the end of the input", async () => {
    expect(await ask("")).toEqual(["no", "Accept? [y/N] \n"]);
    expect(await ask("maybe\n")).toEqual(["no", `${"Accept? [y/N] ".repeat(2)}\n`]);
  });

  test("is not asked where nobody is there to answer", async () => {
    expect(await ask("y\n", { isTTY: false })).toEqual(["nobody", ""]);
    expect(await ask("y\n", { env: { CI: "true" } })).toEqual(["nobody", ""]);
  });

  test("ends when the run is cancelled", async () => {
    const controller = new AbortController();
    const asked = ask(null, { signal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await expect(asked).rejects.toThrow(expect.objectContaining({ name: "AbortError" }));
    await expect(ask("y\n", { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });
});

describe.runIf(process.platform !== "win32")("a process", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("that gets %s ends its work in order, with exit code %i", async (signal, code) => {
    const { child, ended, says } = startProgram("interrupted.ts", { isStubborn: false });
    await says("started");
    child.kill(signal);
    expect(await ended).toMatchObject({
      exitCode: code,
      stdout: "started\nending\nAbortError\n",
      stderr: "",
    });
  });

  test("that does not end after the first Ctrl-C ends at once after the second", async () => {
    const { child, ended, says } = startProgram("interrupted.ts", { isStubborn: true });
    await says("started");
    child.kill("SIGINT");
    await says("ending");
    await delay(50);
    child.kill("SIGINT");
    expect(await ended).toMatchObject({ exitCode: 130, stdout: "started\nending\n" });
  });
});
