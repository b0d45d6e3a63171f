/** Starts an interpreter and times installs in it. The same code in Node and in Chromium. */
import type { GuardStore } from "micropip-guard";
import { CONTENDERS, type ContenderName } from "./contenders.ts";
import { ASKED, INSTALLED } from "./names.ts";

/** What to measure. */
export interface Job {
  readonly contender: ContenderName;
  /** The address of the Simple API. */
  readonly index: string;
  readonly pins: string;
  /** Sigstore's trust root, in JSON. */
  readonly trustedRoot: string;
  /** Where micropip's wheel is. */
  readonly micropip: string;
  /** How many installs there are after the first. */
  readonly later: number;
}

/** Milliseconds. */
export interface Timing {
  /** `loadPyodide`. */
  readonly load: number;
  /** Putting the guard in place. */
  readonly start: number;
  /** Loading micropip's wheel and importing it. */
  readonly micropip: number;
  readonly first: number;
  /** What the main thread computed in the first install; null where nobody can say. */
  readonly firstCpu: number | null;
  /** The same wheels once more, each time after they were removed. */
  readonly later: readonly number[];
}

/** The part of a Pyodide that is used. */
interface Pyodide {
  readonly runPythonAsync: (code: string) => Promise<unknown>;
  readonly loadPackage: (url: string, options: object) => Promise<unknown>;
}

/** What depends on where this runs. */
export interface Surroundings {
  readonly loadPyodide: (options: object) => Promise<object>;
  /** Milliseconds that the main thread has computed so far; null where nobody can say. */
  readonly cpu: () => number | null;
  /** Where provenance is kept for the next page. */
  readonly store: GuardStore;
}

const QUIET = { messageCallback: () => undefined };
const SILENT = { stdout: () => undefined, stderr: () => undefined };
const COUNT = `
import importlib
importlib.invalidate_caches()
NAMES = ${JSON.stringify(INSTALLED)}
sum(len(list(importlib.metadata.distributions(name=name))) for name in NAMES)`;

/**
 * Times one contender in an interpreter of its own.
 *
 * @throws where an install did not install what it should
 */
export async function measure(job: Job, surroundings: Surroundings): Promise<Timing> {
  const [load, found] = await timed(async () => surroundings.loadPyodide(SILENT));
  const py = found as Pyodide;
  const contender = CONTENDERS[job.contender];
  const [start, check] = await timed(async () => contender(py, job, surroundings.store));
  const [micropip] = await timed(async () => {
    await py.loadPackage(job.micropip, QUIET);
    await py.runPythonAsync(`import micropip\nmicropip.set_index_urls(${text(job.index)})`);
  });
  const install = async (): Promise<number> => {
    const [time] = await timed(async () =>
      py.runPythonAsync(`await micropip.install(${JSON.stringify(ASKED)})`),
    );
    await requireInstalled(py, INSTALLED.length);
    return time;
  };
  const before = surroundings.cpu();
  const first = await install();
  const after = surroundings.cpu();
  check();
  const later: number[] = [];
  while (later.length < job.later) {
    await py.runPythonAsync(`micropip.uninstall(${JSON.stringify(INSTALLED)})`);
    await requireInstalled(py, 0);
    later.push(await install());
  }
  const firstCpu = before === null || after === null ? null : after - before;
  return { load, start, micropip, first, firstCpu, later };
}

async function timed<T>(act: () => Promise<T>): Promise<readonly [milliseconds: number, T]> {
  const start = performance.now();
  const value = await act();
  return [performance.now() - start, value];
}

async function requireInstalled(py: Pyodide, expected: number): Promise<void> {
  const found = await py.runPythonAsync(COUNT);
  if (found !== expected) {
    throw new Error(`expected ${expected} installed wheels, found ${String(found)}`);
  }
}

function text(value: string): string {
  return JSON.stringify(value);
}
