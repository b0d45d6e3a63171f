/**
 * An ES module for the place of Pyodide's own `pyodide.mjs`: JupyterLite's `pyodideUrl`, PyScript's
 * `interpreter`. It exports what that exports. Where its configuration cannot be had or is not
 * valid, its `loadPyodide` starts nothing.
 */
import { fail, type Fetch, PubpinError } from "@pubpin/shared";
import { loadPyodide as loadGuarded } from "../load.ts";
import { type Configuration, FILENAME, readConfiguration } from "./configuration.ts";
import { show } from "./show.ts";

/** The module that this one stands for. */
interface RealPyodide {
  readonly loadPyodide: (options?: Readonly<Record<string, unknown>>) => Promise<object>;
  readonly version: string;
}

/** Pyodide's own options, as whoever runs Python passes them. */
export interface HostOptions {
  readonly stderr?: ((text: string) => void) | undefined;
  readonly [option: string]: unknown;
}

/** What the configuration leads to. */
interface Start {
  readonly configuration: Configuration;
  readonly real: RealPyodide;
}

/** Options that the configuration decides, not the caller. */
const DECIDED = ["guard", "pyodide"];

// Started now: what the page's own code does to `fetch` later has no say in what the guard is told.
const started: Promise<Start> = start(globalThis.fetch.bind(globalThis));

/** The version of Pyodide; undefined where `loadPyodide` is going to refuse. */
export const version: string | undefined = await started.then(
  ({ real }) => real.version,
  () => undefined,
);

/**
 * Starts Pyodide with the guard that the configuration describes. Whatever folder the caller takes
 * for Pyodide's, it is the one of the configuration. A refusal is also said to the caller's
 * `stderr`, and shown on a page, for not all of them show why nothing starts.
 *
 * @throws FILE_UNREADABLE JSON_INVALID and others where the configuration is no good
 * @throws USAGE_INVALID for options of the guard, and for those that bring code in past it
 * @throws as the guard's own `loadPyodide`
 */
export async function loadPyodide(options: HostOptions = {}): Promise<object> {
  try {
    const { configuration, real } = await started;
    const decided = DECIDED.find((option) => options[option] !== undefined);
    if (decided !== undefined) {
      fail("USAGE_INVALID", `the option ${decided}: expected none, for it belongs in ${FILENAME}`);
    }
    const indexURL = new URL(".", configuration.pyodide).href;
    const { guard } = configuration;
    return await loadGuarded({ ...options, indexURL, pyodide: real, guard });
  } catch (error) {
    if (error instanceof PubpinError) {
      const text = `micropip-guard did not start Pyodide: ${error.message}`;
      options.stderr?.(text);
      show(text);
    }
    throw error;
  }
}

async function start(fetch: Fetch): Promise<Start> {
  const configuration = await readConfiguration(new URL(FILENAME, import.meta.url), fetch);
  return { configuration, real: await importReal(configuration.pyodide) };
}

async function importReal(url: URL): Promise<RealPyodide> {
  const own = new URL(import.meta.url);
  if (url.origin === own.origin && url.pathname === own.pathname) {
    fail("USAGE_INVALID", `${url.href}: expected Pyodide's own module, found this one`);
  }
  let module: Partial<RealPyodide>;
  try {
    module = (await import(url.href)) as Partial<RealPyodide>;
  } catch (error) {
    return fail("FILE_UNREADABLE", `${url.href}: expected Pyodide's module, found none`, error);
  }
  if (typeof module.loadPyodide !== "function" || typeof module.version !== "string") {
    fail("PYODIDE_UNSUPPORTED", `${url.href}: expected Pyodide's module, found another`);
  }
  return module as RealPyodide;
}
