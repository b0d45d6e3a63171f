/** The guard's Python as it is embedded is the Python in pyodide/python. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { GUARD_PYTHON } from "../../packages/micropip-guard/src/generated/guard-python.ts";
import { PYTHON_FILES } from "../../scripts/generate-guard.ts";
import { pyodideOf, setGlobals, SILENT } from "./support/interpreter.ts";
import { NEWEST } from "./support/pairs.ts";
import { PATIENCE } from "./support/use-world.ts";

const FOLDER = join(import.meta.dirname, "../../packages/micropip-guard/src/pyodide/python");

/** Python that compares two programs by their syntax trees, texts that document something aside. */
const COMPARE = `
import ast

def tree(source):
    parsed = ast.parse(source)
    for node in ast.walk(parsed):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            node.body = [each for each in node.body if not is_text(each)]
    return ast.dump(parsed)

def is_text(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)

tree(WRITTEN) == tree(EMBEDDED)`;

test("the embedded Python means the same as its sources", { timeout: PATIENCE }, async () => {
  const parts = await Promise.all(PYTHON_FILES.map((name) => readFile(join(FOLDER, name), "utf8")));
  const py = await (await pyodideOf(NEWEST)).loadPyodide(SILENT);
  setGlobals(py, { WRITTEN: parts.join("\n"), EMBEDDED: GUARD_PYTHON });
  expect(py.runPython(COMPARE)).toBe(true);
  setGlobals(py, { EMBEDDED: GUARD_PYTHON.replace("is not types", "is types") });
  expect(py.runPython(COMPARE)).toBe(false);
});
