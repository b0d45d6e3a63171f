/** The versions of Pyodide and micropip that are tried together, each pair in a process of its own. */

/** A Pyodide and a micropip in it. */
export interface Pair {
  /** The package of npm. */
  readonly pyodide: "pyodide" | "pyodide-0.29" | "pyodide-0.28";
  readonly micropip: string;
}

/** The pair that everything is tried with which does not depend on versions. */
export const NEWEST: Pair = { pyodide: "pyodide", micropip: "0.11.1" };
