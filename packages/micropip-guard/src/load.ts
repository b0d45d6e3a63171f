/** Starts a guarded Pyodide. */
import { fail, quote } from "@pubpin/shared";
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
 * @throws USAGE_INVALID for options that bring code in past any guard, or an `indexURL` that is a
 *   relative path in Node
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
  const module = indexUrl === undefined ? "pyodide" : `${folderAt(indexUrl)}pyodide.mjs`;
  return (await import(module)) as PyodideModule<Api>;
}

/**
 * The URL of a folder, with a slash at the end. As Pyodide itself has it, what is relative is so to
 * the page. In Node there is none: nothing here knows the working folder.
 *
 * @throws USAGE_INVALID for a relative path in Node
 */
function folderAt(text: string): string {
  const { location } = globalThis as { readonly location?: { readonly href: string } };
  if (location !== undefined) return withSlash(new URL(text, location.href).href);
  if (text.includes("://")) return withSlash(text);
  if (!text.startsWith("/")) {
    const found = `found ${quote(text)}; or give the module itself as the option pyodide`;
    fail("USAGE_INVALID", `indexURL: expected, in Node, an absolute path or a URL, ${found}`);
  }
  return withSlash(`file://${encodeURI(text).replace(/[?#]/g, encodeURIComponent)}`);
}

function withSlash(url: string): string {
  return url.replace(/\/*$/, "/");
}
