/** A guarded Pyodide, whose installs are shown as at Python's prompt. */
import { guardOf, loadPyodide, type GuardEvent } from "micropip-guard";
import type { PyodideAPI } from "pyodide";
import { answered, typed } from "./say.ts";
import type { World } from "./world.ts";

/** Python in this process. */
export interface Python {
  /** Installs, as a notebook would. @throws where it is not refused and should be, or the other way */
  readonly install: (requirement: string, code: string | null) => Promise<void>;
  /** Shows which version of a package is there. */
  readonly show: (name: string) => void;
}

const SILENT = { stdout: () => undefined, stderr: () => undefined };
const PREPARE = `
import importlib.metadata, micropip
from micropip_guard import ProvenanceError

async def attempt(requirement, index):
    micropip.set_index_urls(index)
    try:
        await micropip.install(requirement, reinstall=True)
    except ProvenanceError as error:
        return f"ProvenanceError: {error}", error.code
    return "", None
`;

/** What Python's own prompt needs of Pyodide. */
type Attempt = (requirement: string, index: string) => Promise<{ toJs: () => unknown }>;

/**
 * Starts Pyodide with a guard.
 *
 * @param pins the text of a `.provenance.txt`
 * @param micropip the path of its wheel
 */
export async function startPython(world: World, pins: string, micropip: string): Promise<Python> {
  const heard: GuardEvent[] = [];
  const py = await loadPyodide<PyodideAPI>({
    ...SILENT,
    packages: [micropip],
    guard: {
      pins,
      index: world.index.simpleUrl,
      trustedRoot: world.trustedRoot,
      onDecision: (event) => void heard.push(event),
    },
  });
  if (guardOf(py) === null) throw new Error("there is no guard");
  await py.runPythonAsync(PREPARE);
  return {
    install: async (requirement, expectedCode) => {
      typed(">>>", `await micropip.install("${requirement}")`);
      heard.length = 0;
      const attempt = (py.globals as unknown as Map<string, Attempt>).get("attempt") as Attempt;
      const [text, code] = (await attempt(requirement, world.index.simpleUrl)).toJs() as [
        string,
        string | null | undefined,
      ];
      answered(text === "" ? heard.map(lineOf).join("\n") : text);
      if ((code ?? null) !== expectedCode) {
        throw new Error(`expected ${expectedCode}, found ${code} for ${requirement}`);
      }
    },
    show: (name) => {
      typed(">>>", `importlib.metadata.version("${name}")`);
      answered(String(py.runPython(`repr(importlib.metadata.version("${name}"))`)));
    },
  };
}

function lineOf({ outcome, decision: { name, version, code, found } }: GuardEvent): string {
  const by = found.map(({ url }) => `signed by ${url}`);
  return [`${outcome}  ${name} ${version}`, code, ...by].join("  ");
}
