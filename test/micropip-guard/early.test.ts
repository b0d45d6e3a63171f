import type { Fetch } from "@pubpin/shared";
import { memoryStore } from "micropip-guard";
import { describe, expect, test } from "vitest";
import { startGuarded } from "./support/interpreter.ts";
import { NEWEST } from "./support/pairs.ts";
import { PATIENCE, useWorld } from "./support/use-world.ts";

const LATENCY_MS = 40;
const world = useWorld(NEWEST, LATENCY_MS);

/** What was asked of the index since a moment, without the parts of paths that are digests. */
function askedSince(start: number): readonly string[] {
  return world()
    .index.requests.slice(start)
    .map(({ path }) => path.replace(/\/files\/.*\//, "/files/"));
}

function count(paths: readonly string[], part: string): number {
  return paths.filter((path) => path.includes(part)).length;
}

describe("provenance", { timeout: PATIENCE }, () => {
  test("is asked for while wheels are on their way, once for each file", async () => {
    const { py } = await startGuarded(NEWEST, world());
    const start = world().index.requests.length;
    await py.runPythonAsync(`await micropip.install("app")`);
    const asked = askedSince(start);
    expect(count(asked, "/provenance")).toBe(3);
    // The guard reads the very pages that micropip has fetched.
    expect(count(asked, "/simple/")).toBe(3);
    const last = asked.findLastIndex((path) => /\/files\/.*whl$/.test(path));
    const first = asked.findIndex((path) => path.endsWith("/provenance"));
    expect(first).toBeLessThan(last);
  });

  test("is asked for with a lower priority than what micropip asks for itself", async () => {
    const asked: (readonly [string, string | undefined])[] = [];
    const fetch: Fetch = async (url, init) => {
      asked.push([url.replace(/.*\//, ""), (init as RequestInit).priority]);
      return globalThis.fetch(url, init);
    };
    const { py } = await startGuarded(NEWEST, world(), { fetch });
    await py.runPythonAsync(`await micropip.install("leaf")`);
    expect(asked).toEqual([["provenance", "low"]]);
  });

  test("is not asked for again as long as the page lives", async () => {
    const { py } = await startGuarded(NEWEST, world());
    await py.runPythonAsync(`await micropip.install("app")`);
    py.runPython(`micropip.uninstall(["app", "mid", "leaf"])`);
    const start = world().index.requests.length;
    await py.runPythonAsync(`await micropip.install("app")`);
    expect(py.runPython("import app; app.__version__")).toBe("1.0");
    expect(count(askedSince(start), "/provenance")).toBe(0);
  });

  test("is kept by a store from page to page, and what indexes list is not", async () => {
    const store = memoryStore();
    const first = await startGuarded(NEWEST, world(), { store });
    await first.py.runPythonAsync(`await micropip.install("leaf")`);
    const start = world().index.requests.length;
    const second = await startGuarded(NEWEST, world(), { store });
    await second.py.runPythonAsync(`await micropip.install("leaf")`);
    const asked = askedSince(start);
    expect(count(asked, "/provenance")).toBe(0);
    expect(count(asked, "/simple/leaf/")).toBe(1);
  });

  test("that a store holds is verified again", async () => {
    const store = memoryStore();
    const first = await startGuarded(NEWEST, world(), { store });
    await first.py.runPythonAsync(`await micropip.install("leaf")`);
    const key = `provenance ${world().index.url}/integrity/leaf/1.0/leaf-1.0-py3-none-any.whl/provenance`;
    const kept = await store.get(key);
    expect(kept).not.toBeNull();
    const bytes = new Uint8Array(kept ?? []);
    const text = new TextDecoder().decode(bytes);
    const at = text.indexOf('"signature"') + 20;
    bytes[at] = text[at] === "A" ? 66 : 65;
    await store.put(key, bytes);
    const { py, guard } = await startGuarded(NEWEST, world(), { store });
    await py.runPythonAsync(`
try:
    await micropip.install("leaf")
except Exception:
    pass`);
    expect(guard.report().events.at(-1)).toMatchObject({
      outcome: "refused",
      decision: { code: "ATTESTATION_INVALID", name: "leaf" },
    });
  });
});
