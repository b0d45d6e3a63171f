import { PubpinError } from "micropip-guard";
import { beforeAll, describe, expect, test } from "vitest";
import {
  errorOf,
  type Guarded,
  type Refused,
  refusalOf,
  startGuarded,
} from "./support/interpreter.ts";
import { NEWEST } from "./support/pairs.ts";
import { PATIENCE, useWorld } from "./support/use-world.ts";
import { pinOf } from "./support/world.ts";

const world = useWorld(NEWEST);
let guarded: Guarded;

beforeAll(async () => {
  guarded = await startGuarded(NEWEST, world());
}, PATIENCE);

/** A stack of JavaScript, or one of its frames. */
const JAVASCRIPT = /\.m?[jt]s\b|wasm|JsException|PythonError|\bat \w+ \(/;

describe("the exception of a refused install", () => {
  test("is of its own class, which nobody catches by accident", async () => {
    const { bases } = (await refusalOf(guarded.py, `await micropip.install("evil")`)) as Refused;
    expect(bases).toEqual(["ProvenanceError", "Exception", "BaseException", "object"]);
  });

  test("says what was refused, why, and what accepts it", async () => {
    const refused = (await refusalOf(guarded.py, `await micropip.install("evil")`)) as Refused;
    expect(refused).toMatchObject({
      code: "PUBLISHER_CHANGED",
      package: "evil",
      version: "1.0",
      filename: "evil-1.0-py3-none-any.whl",
      expected: ["https://github.com/good/evil"],
      found: ["https://github.com/mallory/evil"],
    });
    expect(refused.text.split("\n")).toEqual([
      "evil 1.0 was refused: PUBLISHER_CHANGED",
      "  expected https://github.com/good/evil (repository 1, owner 2, release.yml)",
      "  found    https://github.com/mallory/evil (repository 66, owner 77, release.yml)",
      `  ${refused.remedy}`,
      "  Nothing of this install was unpacked.",
    ]);
    expect(refused.remedy).toContain(
      "evil https://github.com/mallory/evil#repository-id=66&owner-id=77&workflow=release.yml",
    );
  });

  test("says how many more were refused", async () => {
    const code = `await micropip.install(["evil", "withheld", "unsigned"])`;
    const { text } = (await refusalOf(guarded.py, code)) as Refused;
    expect(text).toContain("So were 2 more packages of this install.");
  });

  test("shows no stack of JavaScript in a notebook's cell", async () => {
    const shown = (await guarded.py.runPythonAsync(`
import traceback
try:
    await micropip.install("wants-evil")
except Exception:
    shown = traceback.format_exc()
shown`)) as string;
    expect(shown).toContain("micropip_guard.ProvenanceError: evil 1.0 was refused");
    expect(shown).not.toMatch(JAVASCRIPT);
    expect(shown.split("\n").length).toBeLessThan(20);
  });

  test("is an error of JavaScript for callers of loadPackage, with the same words", async () => {
    const refused = (await refusalOf(guarded.py, `await micropip.install("evil")`)) as Refused;
    const error = await errorOf(() => guarded.py.loadPackage(world().url("evil")));
    expect(error).toBeInstanceOf(PubpinError);
    const { text, code, remedy } = refused;
    expect(error).toMatchObject({
      code: "INSTALL_REFUSED",
      message: text,
      refusal: { text, code, remedy },
    });
  });

  test("leaves an interpreter that installs as before", async () => {
    await refusalOf(guarded.py, `await micropip.install(["leaf", "evil"])`);
    await guarded.py.runPythonAsync(`await micropip.install("leaf")`);
    expect(guarded.py.runPython("import leaf; leaf.__version__")).toBe("1.0");
    guarded.py.runPython(`micropip.uninstall("leaf")`);
  });
});

describe("the line that a refusal shows", { timeout: PATIENCE }, () => {
  test.each([
    ["evil", "PUBLISHER_CHANGED"],
    ["unpinned", "PUBLISHER_UNPINNED"],
    ["withheld", "ATTESTATION_MISSING"],
    ["unsigned", "UNSIGNED"],
  ])("for %s (%s) accepts it, once a person has put it into the file", async (name, code) => {
    const refused = (await refusalOf(guarded.py, `await micropip.install("${name}")`)) as Refused;
    expect(refused.code).toBe(code);
    const [, line = ""] = /accepts it with: (\S+ \S+)/.exec(refused.remedy) ?? [];
    const others = world()
      .pins.split("\n")
      .filter((each) => {
        return each !== pinOf(name) && !each.startsWith(`#unsigned:${name} `);
      });
    const { py } = await startGuarded(NEWEST, world(), {
      pins: [...others, line, ""].join("\n").replace(/\n+/g, "\n"),
    });
    await py.runPythonAsync(`await micropip.install("${name}")`);
    expect(py.runPython(`import ${name}; ${name}.__version__`)).toBe("1.0");
  });
});
