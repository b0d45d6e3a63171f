import type { AnswerFault } from "@pubpin/test-kit/node";
import { beforeEach, describe, expect, test, vi } from "vitest";
import {
  errorOf,
  type Guarded,
  guardOptions,
  installed,
  refusalOf,
  setGlobals,
  startGuarded,
  startWithoutMicropip,
} from "./support/interpreter.ts";
import { NEWEST } from "./support/pairs.ts";
import { PATIENCE, useWorld } from "./support/use-world.ts";

const world = useWorld(NEWEST);
let guarded: Guarded | null = null;
let before: readonly string[] = [];

/** One interpreter for all: it has to be usable after each fault. */
async function usable(): Promise<Guarded> {
  guarded ??= await startGuarded(NEWEST, world());
  return guarded;
}

beforeEach(async () => {
  before = installed((await usable()).py);
}, PATIENCE);

/** Nothing was installed, and once the fault is gone everything is as it was. */
async function expectUsable(): Promise<void> {
  const { py } = await usable();
  world().index.clearFault("provenance", "*");
  expect(installed(py)).toEqual(before);
  await py.runPythonAsync(`await micropip.install("leaf")`);
  expect(py.runPython("import leaf; leaf.__version__")).toBe("1.0");
  py.runPython(`micropip.uninstall("leaf")`);
}

/** Answers that are none, or are wrong. Only the guard asks for provenance. */
const FAULTS: Readonly<Record<string, AnswerFault>> = {
  "breaks the connection": { kind: "reset" },
  "is cut off in the middle": { kind: "cut-off" },
  "is an error": { kind: "status", status: 503 },
  "is missing": { kind: "status", status: 404 },
  "is a log-in page": { kind: "html" },
  "is nonsense": { kind: "body", body: "{" },
  "is endless": { kind: "huge", bytes: 5_000_000 },
};

describe("an index whose provenance", { timeout: PATIENCE }, () => {
  test.each(Object.entries(FAULTS))(
    "%s leads to a refusal that blames nobody",
    async (_how, fault) => {
      world().index.setFault({ part: "provenance", name: "*", fault });
      const { py } = await usable();
      const refused = await refusalOf(py, `await micropip.install("mid")`);
      expect(refused).toMatchObject({ code: "UNVERIFIABLE", remedy: "Try again in a while." });
      await expectUsable();
    },
  );

  test("comes late is waited for", async () => {
    world().index.setFault({ part: "provenance", name: "*", fault: { kind: "slow", ms: 1500 } });
    const { py } = await usable();
    await py.runPythonAsync(`await micropip.install("mid")`);
    expect(py.runPython("import mid; mid.__version__")).toBe("1.0");
    py.runPython(`micropip.uninstall(["mid", "leaf"])`);
    await expectUsable();
  });
});

describe("an install", { timeout: PATIENCE }, () => {
  test("that is cancelled while it is judged leaves nothing behind", async () => {
    world().index.setFault({ part: "provenance", name: "*", fault: { kind: "slow", ms: 1000 } });
    const { py } = await usable();
    const outcome: unknown = await py.runPythonAsync(`
import asyncio
task = asyncio.ensure_future(micropip.install("other"))
await asyncio.sleep(0.5)
task.cancel()
try:
    await task
    outcome = "installed"
except asyncio.CancelledError:
    outcome = "cancelled"
await asyncio.sleep(1)
outcome`);
    expect(outcome).toBe("cancelled");
    await expectUsable();
  });

  test("lets nothing in by another way while it is still judged", async () => {
    world().index.setFault({ part: "provenance", name: "*", fault: { kind: "slow", ms: 1000 } });
    const { py } = await usable();
    setGlobals(py, { OTHER: world().wheel("fresh").bytes });
    const code: unknown = await py.runPythonAsync(`
import asyncio
from micropip_guard import ProvenanceError
from pyodide._package_loader import unpack_buffer
task = asyncio.ensure_future(micropip.install("fresh"))
await asyncio.sleep(0.6)
try:
    unpack_buffer(OTHER, format="zip", extract_dir="/home/pyodide")
    code = "let in"
except ProvenanceError as error:
    code = error.code
await task
micropip.uninstall("fresh")
code`);
    expect(code).toBe("NOT_FROM_INDEX");
    await expectUsable();
  });

  test("does not go by the local clock, be it wrong by years", async () => {
    const { py } = await usable();
    for (const year of [1971, 2099]) {
      vi.useFakeTimers({ toFake: ["Date"], now: new Date(`${year}-01-01`) });
      try {
        await py.runPythonAsync(`await micropip.install("mid")`);
        expect(py.runPython("import mid; mid.__version__")).toBe("1.0");
        py.runPython(`micropip.uninstall(["mid", "leaf"])`);
        const refused = await refusalOf(py, `await micropip.install("evil")`);
        expect(refused).toMatchObject({ code: "PUBLISHER_CHANGED" });
      } finally {
        vi.useRealTimers();
      }
    }
  });

  test("without crypto.subtle is refused, and says why", async () => {
    vi.stubGlobal("crypto", { getRandomValues: crypto.getRandomValues.bind(crypto) });
    try {
      const error = await errorOf(() => startWithoutMicropip(NEWEST, world()));
      expect(error).toMatchObject({ code: "KEY_UNSUPPORTED" });
      expect(String(error)).toContain("https");
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe("a guard whose files", { timeout: PATIENCE }, () => {
  test.each([
    ["pins are missing", "/nothing", 404, "", "FILE_UNREADABLE"],
    ["pins are a page", "/page", 200, "<!doctype html><title>hello</title>", "PINS_INVALID"],
    ["pins break the grammar", "/bad", 200, "one two three\n", "PINS_INVALID"],
  ])("%s does not start", async (_what, path, status, body, code) => {
    const fetch = async (): Promise<Response> => new Response(body, { status });
    const pins = new URL(path, "http://127.0.0.1/");
    const error = await errorOf(() => startWithoutMicropip(NEWEST, world(), { pins, fetch }));
    expect(error).toMatchObject({ code });
  });

  test("are where URLs point", async () => {
    const { pins, trustedRoot } = guardOptions(world());
    const fetch = async (url: string, init: RequestInit): Promise<Response> => {
      if (url === "http://site.test/pins") return new Response(pins as string);
      if (url === "http://site.test/root") {
        return new Response(new Uint8Array(trustedRoot as Uint8Array));
      }
      return globalThis.fetch(url, init);
    };
    const own = {
      pins: new URL("http://site.test/pins"),
      trustedRoot: new URL("http://site.test/root"),
      fetch,
    };
    const { py, guard } = await startGuarded(NEWEST, world(), own);
    await py.runPythonAsync(`await micropip.install("leaf")`);
    expect(guard.report().trustRoot.origin).toBe("given");
  });

  test.each([
    ["mode", "strict"],
    ["installed", "ignore"],
    ["strict", "yes"],
    ["index", "ftp://example.org"],
    ["provenanceIndex", "nothing"],
    ["trustedRoot", new Uint8Array([1])],
    ["pins", 7],
  ])("option %s is not one of those it knows, does not start", async (option, value) => {
    const error = await errorOf(() => startWithoutMicropip(NEWEST, world(), { [option]: value }));
    expect(String(error)).toMatch(/PubpinError/);
  });
});
