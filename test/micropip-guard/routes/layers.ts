/** What is left of the guard when a layer of it is taken away. */
import { expect, test } from "vitest";
import { errorOf, internalsOf } from "../support/interpreter.ts";
import type { Setting } from "./setting.ts";

/** Python that installs without the check of micropip's whole installs. */
export const WITHOUT_MICROPIPS_CHECK = `
kind = micropip.transaction.Transaction
guarded = kind.gather_requirements
kind.gather_requirements = guarded.__wrapped__
try:
    await micropip.install("fresh")
finally:
    kind.gather_requirements = guarded`;

interface PackageManager {
  readonly loadPackage: (names: string, options: object) => Promise<unknown>;
}

/** Without its upper layers the guard refuses more, never less. */
export function describeLayers({ guarded, world, expectNothingInstalled }: Setting): void {
  test("without micropip's check even what is allowed is stopped at the gate", async () => {
    const error = await errorOf(() => guarded().py.runPythonAsync(WITHOUT_MICROPIPS_CHECK));
    expect(String(error)).toContain("NOT_FROM_INDEX");
    expectNothingInstalled();
  });

  test("a package manager of one's own is stopped at the gate", async () => {
    const { packageManager } = internalsOf(guarded().py);
    const Manager = packageManager["constructor"] as new (...given: unknown[]) => PackageManager;
    const { py } = guarded();
    const own = new Manager(internalsOf(py), (py as unknown as Record<string, unknown>)["_module"]);
    const said: string[] = [];
    const errorCallback = (text: string): void => {
      said.push(text);
    };
    expect(await own.loadPackage(world().url("evil"), { errorCallback })).toEqual([]);
    expect(said.join("\n")).toContain("NOT_FROM_INDEX");
    expectNothingInstalled();
  });

  test("without loadPackage's check even what is allowed is stopped at the gate", async () => {
    const manager = internalsOf(guarded().py).packageManager;
    const { loadPackageInner } = manager;
    delete manager["loadPackageInner"];
    const said: string[] = [];
    const errorCallback = (text: string): void => {
      said.push(text);
    };
    const loaded = await guarded().py.loadPackage(world().url("fresh"), { errorCallback });
    manager["loadPackageInner"] = loadPackageInner;
    expect(loaded).toEqual([]);
    expect(said.join("\n")).toContain("NOT_FROM_INDEX");
    expectNothingInstalled();
  });
}
