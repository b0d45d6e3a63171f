/** What stands in the way of an install: nothing, the whole guard, or a part of it. */
import { guardPyodide, type GuardStore } from "micropip-guard";
import type { Judge } from "../../packages/micropip-guard/src/judge.ts";
import { requirePyodide } from "../../packages/micropip-guard/src/pyodide/internals.ts";
import { loadInterpreter } from "../../packages/micropip-guard/src/pyodide/interpreter.ts";
import { guardLoadPackage } from "../../packages/micropip-guard/src/pyodide/load-package.ts";
import { EMPTY_HOOKS } from "./empty-hooks.ts";
import { INSTALLED } from "./names.ts";
import type { Job } from "./installs.ts";

/** Puts something in the way; what it gives back throws where that did not do its work. */
type Contender = (py: object, job: Job, store: GuardStore) => Promise<() => void>;

/** Every contender by its name. */
export const CONTENDERS = {
  unguarded: async () => () => undefined,
  "empty hooks": async (py) => putEmptyHooks(py),
  "judging nothing": async (py) => putIdleGuard(py),
  guarded: async (py, job) => putGuard(py, job),
  "guarded, with a store": async (py, job, store) => putGuard(py, job, store),
} as const satisfies Readonly<Record<string, Contender>>;

/** One of the contenders. */
export type ContenderName = keyof typeof CONTENDERS;

async function putGuard(py: object, job: Job, store?: GuardStore): Promise<() => void> {
  const { pins, index } = job;
  const trustedRoot = new TextEncoder().encode(job.trustedRoot);
  const guard = await guardPyodide(py, { pins, index, trustedRoot, store });
  return () => {
    const matches = guard.report().events.filter(({ decision }) => {
      return decision.code === "PUBLISHER_MATCH";
    });
    if (matches.length === INSTALLED.length) return;
    throw new Error(`expected ${INSTALLED.length} accepted publishers, found ${matches.length}`);
  };
}

/** The guard's hooks and all that it does inside the interpreter; then everything is accepted. */
function putIdleGuard(py: object): () => void {
  const internals = requirePyodide(py);
  const approved = new Set<string>();
  const judge: Judge = {
    asked: { queried: ignore, fetched: ignore, selected: ignore, withOrigin: (found) => found },
    judge: async (_route, archives) => {
      for (const { sha256 } of archives) approved.add(sha256);
      return { decisions: [], refusal: null };
    },
    isApproved: (sha256) => approved.has(sha256),
    judgeAtOnce: () => null,
    note: ignore,
    report: () => {
      throw new Error("nothing is judged");
    },
    pins: () => {
      throw new Error("nothing is judged");
    },
  };
  const interpreter = loadInterpreter(internals);
  const loader = guardLoadPackage(internals.api, judge, interpreter.metadataFolders);
  interpreter.start(judge, loader, () => {
    throw new Error("nothing is judged");
  });
  return () => {
    if (approved.size < INSTALLED.length) throw new Error("the hooks did not see everything");
  };
}

function ignore(): void {}

/** Functions in the places of the guard's that only call what was there. */
function putEmptyHooks(py: object): () => void {
  const { py: pyodide } = requirePyodide(py);
  const seen = new Set<string>();
  const namespace = pyodide.toPy({ __name__: "empty_hooks" });
  namespace.set("bridge", { seen: (hook: string) => void seen.add(hook) });
  pyodide.runPython(EMPTY_HOOKS, { globals: namespace });
  return () => {
    if (seen.size !== 5) throw new Error(`expected 5 hooks at work, found ${[...seen].join(", ")}`);
  };
}
