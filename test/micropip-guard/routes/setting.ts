/** A guarded interpreter that all routes of a pair of versions are tried in, one after the other. */
import { guardPyodide } from "micropip-guard";
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import {
  type Guarded,
  guardOptions,
  importMicropip,
  installed,
  pyodideOf,
  setGlobals,
  SILENT,
} from "../support/interpreter.ts";
import type { Pair } from "../support/pairs.ts";
import { createWorld, type World } from "../support/world.ts";
import { shapesOfEvil } from "./evil.ts";

const PATIENCE = 240_000;

/** What the routes find; it is there once the tests run. */
export interface Setting {
  readonly guarded: () => Guarded;
  readonly world: () => World;
  /** Where Python looks for what was installed. */
  readonly site: () => string;
  /** Nothing is there that was not there before, and the package `evil` cannot be imported. */
  readonly expectNothingInstalled: () => void;
}

/** Starts a setting before the tests, and ends it after them. */
export function useSetting(pair: Pair): Setting {
  let missing: string | null = null;
  let world: World | null = null;
  let guarded: Guarded | null = null;
  let before: readonly string[] = [];
  let site = "";
  let end = nothing;

  beforeAll(async () => {
    const created = await createWorld(pair.micropip);
    if ("missing" in created) {
      missing = created.missing;
      return;
    }
    world = created;
    guarded = await startLate(pair, world);
    site = guarded.py.runPython("import site; site.getsitepackages()[0]") as string;
    const shapes = await shapesOfEvil(world);
    end = shapes.close;
    setGlobals(guarded.py, { ...shapes.globals, SITE: site });
    before = installed(guarded.py);
  }, PATIENCE);

  afterAll(async () => {
    await end();
    await world?.index.close();
  });

  beforeEach((context) => {
    if (missing !== null) context.skip(missing);
  });

  return {
    guarded: () => made(guarded),
    world: () => made(world),
    site: () => site,
    expectNothingInstalled() {
      const { py } = made(guarded);
      expect(installed(py)).toEqual(before);
      const spec = "import importlib.util; importlib.util.find_spec('evil') is None";
      expect(py.runPython(spec)).toBe(true);
    },
  };
}

/** Guards a Pyodide in which parts of what is to be guarded are in other hands already. */
async function startLate(pair: Pair, world: World): Promise<Guarded> {
  const py = await (await pyodideOf(pair)).loadPyodide(SILENT);
  py.runPython("import pyodide.http\nfrom pyodide._package_loader import unpack_buffer as KEPT");
  const guard = await guardPyodide(py, guardOptions(world));
  await importMicropip(py, world);
  return { py, guard };
}

async function nothing(): Promise<void> {
  return undefined;
}

function made<T>(value: T | null): T {
  if (value === null) throw new Error("the setting has not started");
  return value;
}
