/** Starts a guarded Pyodide. */
import { fail } from "@pubpin/shared";
import type { GuardOptions } from "./model.ts";
import { putInPlace } from "./pyodide/guard-pyodide.ts";
import { requirePyodide } from "./pyodide/internals.ts";
import { requireGuardable } from "./pyodide/present.ts";
import { readSettings } from "./settings.ts";

/** The module `pyodide`, of a supported version. */
export interface PyodideModule<Api extends object> {
  readonly loadPyodide: (options?: Readonly<Record<string, unknown>>) => Promise<Api>;
}

/** Pyodide's own options, with those of the guard. */
export interface LoadOptions<Api extends object> {
  readonly guard: GuardOptions;
  /** Pyodide itself; by default what is at `indexURL`, else the package `pyodide`. */
  readonly pyodide?: PyodideModule<Api> | undefined;
  readonly indexURL?: string | undefined;
  /** Loaded once the guard is in place, and judged like everything else. */
  readonly packages?: readonly string[] | undefined;
  readonly [option: string]: unknown;
}

/**
 * Starts Pyodide and guards it before anything is installed.
 *
 * @throws as `guardPyodide`; INSTALL_REFUSED also for `packages`, and for what `fsInit` installed
 * @throws USAGE_INVALID for options that bring code in past any guard
 */
export async function loadPyodide<Api extends object>(options: LoadOptions<Api>): Promise<Api> {
  const { guard, pyodide, packages = [], ...others } = options;
  if (guard === undefined) {
    fail("USAGE_INVALID", "loadPyodide: expected the option guard, found none");
  }
  requireGuardable(others);
  const start = async (): Promise<Api> => {
    const { loadPyodide: load } = pyodide ?? (await findPyodide<Api>(options.indexURL));
    return load(others);
  };
  const [api, settings] = await Promise.all([start(), readSettings(guard)]);
  const internals = requirePyodide(api);
  await putInPlace(internals, settings);
  if (packages.length > 0) {
    await internals.py.loadPackage([...packages], { messageCallback: () => undefined });
  }
  return api;
}

async function findPyodide<Api extends object>(
  indexUrl: string | undefined,
): Promise<PyodideModule<Api>> {
  const module = indexUrl === undefined ? "pyodide" : `${indexUrl.replace(/\/*$/, "/")}pyodide.mjs`;
  return (await import(module)) as PyodideModule<Api>;
}
