/** What the page of chromium.ts does. Its function is called from outside, by name. */
import { indexedDbStore } from "micropip-guard";
import { type Job, measure, type Timing } from "./installs.ts";

interface PyodideModule {
  readonly loadPyodide: (options: object) => Promise<object>;
}

/** What the page offers to the one who opened it. */
export const bench = {
  measure: async (job: Job): Promise<Timing> => {
    const module = new URL("/pyodide/pyodide.mjs", globalThis.location.href).href;
    const { loadPyodide } = (await import(module)) as PyodideModule;
    return measure(job, { loadPyodide, cpu: () => null, store: indexedDbStore() });
  },
};

Object.assign(globalThis, { bench });
