/** The guard's half inside the interpreter, started and tried out. */
import { type Decision, PubpinError } from "@pubpin/shared";
import type { Archive } from "../archive.ts";
import { GUARD_PYTHON } from "../generated/guard-python.ts";
import type { Judge } from "../judge.ts";
import type { Bytes } from "../model.ts";
import { refusalByError } from "../words.ts";
import { type Internals, type PyodideApi, refuseWithout } from "./internals.ts";
import type { GuardedLoader } from "./load-package.ts";

/** A wheel as the guard's Python hands it over. */
type GivenWheel = readonly [
  sha256: string,
  metadataFolders: readonly string[],
  name: string,
  version: string,
  filename: string,
  url: string,
];

/** Something that can be imported: a distribution, or a file of none. */
export type Present = readonly [
  name: string,
  version: string,
  kind: "installed" | "mock" | "file",
  place: string,
];

/** The interpreter's half of the guard. */
export interface Interpreter {
  readonly metadataFolders: (bytes: Bytes) => readonly string[];
  /**
   * Puts everything in place, and makes sure that what nobody judged is stopped.
   *
   * @throws PYODIDE_UNSUPPORTED MICROPIP_UNSUPPORTED
   */
  readonly start: (judge: Judge, loader: GuardedLoader, present: PresentRule) => void;
  readonly present: () => readonly Present[];
  /** The folders that hold nothing but what was installed. */
  readonly libraries: () => readonly string[];
}

/** Judges what can be imported already and came past the guard. */
export type PresentRule = (present: Present) => {
  readonly decision: Decision;
  readonly blocks: boolean;
};

type Call = (...given: readonly unknown[]) => unknown;

const FILENAME = "micropip_guard.py";
const PROBE = "micropip_guard_probe.zip";
const MICROPIP = "micropip 0.10.1, 0.11.0 or 0.11.1";

/** Loads the guard's Python. Nothing is guarded before `start`. */
export function loadInterpreter({ py, api }: Internals): Interpreter {
  const namespace = py.toPy({ __name__: "micropip_guard" });
  py.runPython(GUARD_PYTHON, { globals: namespace, filename: FILENAME });
  const [start, present, libraries, folders, probe] = [
    "start",
    "present",
    "libraries",
    "folders_in_buffer",
    "probe",
  ].map((name) => namespace.get(name) as Call) as [Call, Call, Call, Call, Call];
  return {
    metadataFolders: (bytes) => folders(bytes) as readonly string[],
    present: () => JSON.parse(present() as string) as readonly Present[],
    libraries: () => libraries() as readonly string[],
    start(judge, loader, rule) {
      const { bridge, state } = bridgeTo(judge, loader, rule, api.version);
      try {
        start(bridge);
      } catch (error) {
        if (state.unsupported !== null) throw state.unsupported;
        refuseWithout(`a Python that starts the guard (${String(error)})`, api.version);
      }
      proveGate(api, probe() as Bytes, libraries() as readonly string[]);
      if (!state.isProbeStopped) refuseWithout("unpack_buffer", api.version);
    },
  };
}

/** Offers to unpack what nobody judged. */
function proveGate(api: PyodideApi, buffer: Bytes, [place]: readonly string[]): void {
  const options = { buffer, filename: PROBE, extract_dir: place };
  try {
    api.package_loader.unpack_buffer.callKwargs(options);
  } catch {
    return;
  }
  refuseWithout("unpack_buffer", api.version);
}

interface BridgeState {
  isProbeStopped: boolean;
  unsupported: PubpinError | null;
}

/** What the guard's Python calls. Answers are JSON: every version of Pyodide hands texts over as they are. */
function bridgeTo(
  judge: Judge,
  loader: GuardedLoader,
  rule: PresentRule,
  version: string,
): { readonly bridge: object; readonly state: BridgeState } {
  const state: BridgeState = { isProbeStopped: false, unsupported: null };
  const bridge = {
    approved: judge.isApproved,
    digestOf: (buffer: object) => loader.digestOf(buffer),
    unpacking(sha256: string, filename: string, place: string): string {
      state.isProbeStopped ||= filename === PROBE;
      if (filename === PROBE) return JSON.stringify(refusalByError("UNVERIFIABLE", PROBE));
      const refusal = judge.judgeAtOnce(sha256, filename, place);
      return refusal === null ? "" : JSON.stringify(refusal);
    },
    queried: judge.asked.queried,
    fetched: judge.asked.fetched,
    selected: judge.asked.selected,
    judge: async (
      wheels: readonly GivenWheel[],
      names: readonly string[],
      satisfied: readonly Present[],
    ): Promise<string> => {
      const given = satisfied.map(rule);
      const blocking = given.filter(({ blocks }) => blocks).map(({ decision }) => decision);
      for (const { decision } of given.filter(({ blocks }) => !blocks)) {
        judge.note(decision, "reported", "present");
      }
      const { refusal } = await loader.judgeWith(wheels.map(archiveOf), names, blocking);
      return refusal === null ? "" : JSON.stringify(refusal);
    },
    unsupported(module: string, found: string): string {
      const isOwn = module.startsWith("pyodide");
      const code = isOwn ? "PYODIDE_UNSUPPORTED" : "MICROPIP_UNSUPPORTED";
      const expected = isOwn ? `Pyodide ${version} as it was released` : MICROPIP;
      const message = `${module}: expected ${expected}, found ${found}`;
      state.unsupported = new PubpinError(code, message);
      return JSON.stringify(refusalByError(code, message));
    },
    report(): string {
      const { events, text, html } = judge.report();
      const decisions = events.map(({ decision, outcome, route }) =>
        Object.assign({ outcome, route }, decision),
      );
      return JSON.stringify({ text, html, decisions }, (_key, value: unknown) =>
        typeof value === "bigint" ? value.toString() : value,
      );
    },
  };
  return { bridge, state };
}

function archiveOf([sha256, folders, name, version, filename, url]: GivenWheel): Archive {
  return { sha256, name, version, filename, url, metadataFolders: () => folders };
}
