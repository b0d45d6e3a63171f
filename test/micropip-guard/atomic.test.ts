import { mintWheel } from "@pubpin/test-kit/node";
import { beforeAll, describe, expect, test } from "vitest";
import { type Guarded, installed, refusalOf, startGuarded } from "./support/interpreter.ts";
import { NEWEST } from "./support/pairs.ts";
import { PATIENCE, useWorld } from "./support/use-world.ts";
import { pinOf, publisherOf } from "./support/world.ts";

const world = useWorld(NEWEST);
let guarded: Guarded;

beforeAll(async () => {
  for (const [version, owner] of [
    ["1.0", "good"],
    ["2.0", "mallory"],
    ["3.0", "good"],
  ] as const) {
    const { filename, bytes } = mintWheel({ name: "grown", version });
    const provenance = [{ publisher: publisherOf("grown", owner) }];
    world().index.addFile({ filename, content: bytes, provenance });
  }
  guarded = await startGuarded(NEWEST, world(), { pins: `${world().pins}${pinOf("grown")}\n` });
}, PATIENCE);

/** What an install changes, other than files. */
function registered(): unknown {
  return JSON.parse(
    guarded.py.runPython(`
import importlib.metadata, json, pyodide_js
json.dumps([
    sorted(each.name for each in importlib.metadata.distributions()),
    sorted(pyodide_js.loadedPackages.to_py()),
    sorted(micropip.list()),
])`) as string,
  );
}

describe("a refused install", { timeout: PATIENCE }, () => {
  test.each([
    ["first", `["evil", "leaf", "other"]`],
    ["in the middle", `["leaf", "evil", "other"]`],
    ["last", `["leaf", "other", "evil"]`],
    ["deep down", `["leaf", "wants-evil"]`],
  ])("with the refused wheel %s unpacks and registers nothing", async (_place, names) => {
    const before = [installed(guarded.py), registered()];
    const refused = await refusalOf(guarded.py, `await micropip.install(${names})`);
    expect(refused).toMatchObject({ package: "evil" });
    expect([installed(guarded.py), registered()]).toEqual(before);
  });

  test("uninstalls nothing of what it would have replaced", async () => {
    const { py } = guarded;
    await py.runPythonAsync(`await micropip.install("grown==1.0")`);
    const before = [installed(py), registered()];
    const code = `await micropip.install(["grown==2.0", "leaf"], reinstall=True)`;
    expect(await refusalOf(py, code)).toMatchObject({
      code: "PUBLISHER_CHANGED",
      package: "grown",
    });
    expect([installed(py), registered()]).toEqual(before);
    expect(py.runPython("import grown; grown.__version__")).toBe("1.0");
  });

  test("does not stand in the way of the next one", async () => {
    const { py } = guarded;
    await refusalOf(py, `await micropip.install(["leaf", "evil"])`);
    await py.runPythonAsync(`await micropip.install(["grown==3.0", "app"], reinstall=True)`);
    expect(py.runPython("import importlib.metadata; importlib.metadata.version('grown')")).toBe(
      "3.0",
    );
    expect(py.runPython("import app, mid, leaf; leaf.__version__")).toBe("1.0");
    py.runPython(`micropip.uninstall(["grown", "app", "mid", "leaf"])`);
  });

  test("does not disturb another one that runs at the same time", async () => {
    const { py } = guarded;
    const outcomes: unknown = await py.runPythonAsync(`
import asyncio, json
results = await asyncio.gather(
    micropip.install("app"), micropip.install("evil"), micropip.install("other"),
    return_exceptions=True,
)
json.dumps([type(each).__name__ for each in results])`);
    expect(JSON.parse(outcomes as string)).toEqual(["NoneType", "ProvenanceError", "NoneType"]);
    expect(py.runPython("import app, other; other.__version__")).toBe("1.0");
    py.runPython(`micropip.uninstall(["app", "mid", "leaf", "other"])`);
  });
});
