export { PubpinError } from "@pubpin/shared";
export { loadPyodide, type LoadOptions, type PyodideModule } from "./load.ts";
export type {
  Guard,
  GuardEvent,
  GuardMode,
  GuardOptions,
  GuardOutcome,
  GuardReport,
  GuardRoute,
  GuardStore,
} from "./model.ts";
export { guardOf, guardPyodide } from "./pyodide/guard-pyodide.ts";
export type { InstallRefused } from "./refuse.ts";
export { indexedDbStore } from "./store/indexed-db.ts";
export { memoryStore } from "./store/memory.ts";
export type { Refusal } from "./words.ts";
