import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { guardOf, loadPyodide } from "micropip-guard";
import type { PyodideAPI } from "pyodide";

const here = (name: string): string => join(import.meta.dirname, name);

const py = await loadPyodide<PyodideAPI>({
  packages: [here("micropip-0.11.1-py3-none-any.whl")],
  guard: { pins: await readFile(here("provenance.txt"), "utf8") },
});
try {
  await py.runPythonAsync(`
    import micropip
    await micropip.install("sampleproject==4.0.0")
    import sample.simple
  `);
  console.log("Installed:", py.runPython("sample.simple.add_one(5)"));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
console.log(guardOf(py)?.report().text);
