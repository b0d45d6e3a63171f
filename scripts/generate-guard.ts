/** What `npm run generate` writes for the guard: its Python, and the digests of official locks. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { PYODIDE_LOCKS, pyodideLockDigest } from "./pyodide-locks.ts";

/** A source file that is made from something else. The path is relative to the repository. */
interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

const GUARD = "packages/micropip-guard/src";
const REPOSITORY = join(import.meta.dirname, "..");
const LOCK = "pyodide-lock.json";
/** One program in several files: later ones use what earlier ones define. */
export const PYTHON_FILES: readonly string[] = ["common.py", "gate.py", "installer.py", "start.py"];
/** A text, which stays as it is, or an operator with the spaces around it. */
const TEXT_OR_OPERATOR = /(?<text>"(?:[^"\\]|\\.)*")| *(?<operator>[-+*/%=<>!|&,:()[\]{}]+) */g;
/** The supported releases of Pyodide, as packages of npm. */
const PYODIDES = ["pyodide-0.28", "pyodide-0.29", "pyodide"];

/** The generated files of the guard, as they have to be with the dependencies that are installed. */
export async function guardFiles(): Promise<readonly GeneratedFile[]> {
  return [await guardPython(), await officialLocks()];
}

async function guardPython(): Promise<GeneratedFile> {
  const parts = await Promise.all(
    PYTHON_FILES.map((name) => readFile(join(REPOSITORY, GUARD, "pyodide/python", name), "utf8")),
  );
  const text = withoutComments(parts.join("\n")).replace(/[\\`]|\$\{/g, String.raw`\$&`);
  return {
    path: `${GUARD}/generated/guard-python.ts`,
    text: `/** The files of pyodide/python in one, without comments and spare spaces. Written by \`npm run generate\`. */
export const GUARD_PYTHON: string = \`${text}\`;
`,
  };
}

/**
 * Lines that say nothing to Python are left out, four spaces of indentation become one, and none
 * stands beside an operator. What is left means the same (`test/micropip-guard/python.test.ts`).
 */
function withoutComments(source: string): string {
  const lines = source
    .split("\n")
    .filter((line) => !/^\s*(?:#.*|"""[^"]*""")?$/.test(line))
    .map((line) => {
      const indent = /^ */.exec(line)?.[0].length ?? 0;
      const code = line.trim().replace(/ {2}# .*$/, "");
      return " ".repeat(indent / 4) + code.replace(TEXT_OR_OPERATOR, "$<text>$<operator>");
    });
  if (lines.some((line) => line.includes('"""'))) {
    throw new Error(
      "the guard's Python: expected texts in triple quotes to be comments of one line",
    );
  }
  return `${lines.join("\n")}\n`;
}

/** The table, once it agrees with the releases that are installed. */
async function officialLocks(): Promise<GeneratedFile> {
  for (const name of PYODIDES) {
    const { version } = await readVersion(name);
    const digest = await pyodideLockDigest(await readFile(resolve(`${name}/${LOCK}`)));
    if (PYODIDE_LOCKS[version] === digest) continue;
    throw new Error(`scripts/pyodide-locks.ts: expected ${digest} for Pyodide ${version}`);
  }
  const entries = Object.entries(PYODIDE_LOCKS).map(
    ([version, digest]) => `  "${version}": "${digest}",\n`,
  );
  return {
    path: `${GUARD}/generated/official-locks.ts`,
    text: `/**
 * The digest (docs/lock-digest.md, without its prefix) of the ${LOCK} that each release of
 * Pyodide came with, from its package of npm. Written by \`npm run generate\`.
 */
export const OFFICIAL_LOCKS: Readonly<Record<string, string>> = {
${entries.join("")}};
`,
  };
}

async function readVersion(name: string): Promise<{ readonly version: string }> {
  return JSON.parse(await readFile(resolve(`${name}/package.json`), "utf8")) as {
    readonly version: string;
  };
}

function resolve(specifier: string): string {
  return createRequire(import.meta.url).resolve(specifier);
}
