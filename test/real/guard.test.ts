/** The guard on real files with their real provenance, and the trust root that it comes with. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type LocalIndex, sha256Hex, startLocalIndex } from "@pubpin/test-kit/node";
import type { PyodideAPI } from "pyodide";
import { loadPyodide } from "micropip-guard";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { realFiles } from "../../scripts/wheels.ts";
import { installed, refusalOf, setGlobals, SILENT } from "../micropip-guard/support/interpreter.ts";
import { PATIENCE } from "../micropip-guard/support/use-world.ts";
import { dataPath, whyNoData } from "../support/data-folder.ts";

const SAMPLE = "sampleproject-4.0.0-py3-none-any.whl";
const PEPPERCORN = "peppercorn-0.6-py3-none-any.whl";
const MICROPIP = "micropip-0.11.1-py3-none-any.whl";
const PIN = "sampleproject https://github.com/pypa/sampleproject";

let missing: string | null = null;
let index: LocalIndex;
let folder = "";
let files: readonly string[] = [];

beforeAll(async () => {
  index = await startLocalIndex();
  const real = await realFiles();
  missing = "missing" in real ? real.missing : whyNoData();
  if (missing !== null || "missing" in real) return;
  folder = real.folder;
  const provenance = await readFile(dataPath("pep740", `${SAMPLE}.provenance`));
  index.addFile({ filename: SAMPLE, content: await readFile(join(folder, SAMPLE)), provenance });
  index.addFile({ filename: PEPPERCORN, content: await readFile(join(folder, PEPPERCORN)) });
  files = await Promise.all([MICROPIP, PEPPERCORN].map(fileLine));
}, PATIENCE);

afterAll(async () => {
  await index.close();
});

beforeEach((context) => {
  if (missing !== null) context.skip(missing);
});

async function fileLine(filename: string): Promise<string> {
  return `#file:${filename} sha256:${sha256Hex(await readFile(join(folder, filename)))}`;
}

/** A guarded Pyodide with micropip, which asks the local index. */
async function start(...lines: readonly string[]): Promise<PyodideAPI> {
  const pins = `${lines.toSorted().join("\n")}\n`;
  const guard = { pins, index: index.simpleUrl };
  const py = (await loadPyodide({ ...SILENT, guard })) as PyodideAPI;
  await py.loadPackage(join(folder, MICROPIP), { messageCallback: () => undefined });
  setGlobals(py, { INDEX: index.simpleUrl });
  await py.runPythonAsync("import micropip\nmicropip.set_index_urls(INDEX)");
  return py;
}

async function expectRefused(py: PyodideAPI, code: string): Promise<void> {
  const before = installed(py);
  const refused = await refusalOf(py, `await micropip.install("sampleproject==4.0.0")`);
  expect(refused).toMatchObject({ code, package: "sampleproject" });
  expect(installed(py)).toEqual(before);
}

describe("sampleproject 4.0.0, as PyPI has it", { timeout: PATIENCE }, () => {
  test.each([
    ["a #file: line", () => files],
    ["a person's #unsigned: line", () => [files[0] ?? "", "#unsigned:peppercorn allowed"]],
  ])("installs, imports and runs, with peppercorn accepted by %s", async (_how, lines) => {
    const py = await start(PIN, ...lines());
    await py.runPythonAsync(`await micropip.install("sampleproject==4.0.0")`);
    expect(py.runPython("from sample.simple import add_one; add_one(41)")).toBe(42);
    expect(py.runPython("import peppercorn; peppercorn.parse([('a', '1')])['a']")).toBe("1");
  });

  test("is refused with the pin of another repository, and nothing is installed", async () => {
    const py = await start("sampleproject https://github.com/pypa/other", ...files);
    await expectRefused(py, "PUBLISHER_CHANGED");
  });

  test("is refused with its attestation withheld, or not to be had", async () => {
    const py = await start(PIN, ...files);
    index.setFault({ part: "entry", name: SAMPLE, fault: { kind: "missing-key" } });
    await expectRefused(py, "ATTESTATION_MISSING");
    index.clearFault("entry", SAMPLE);
    index.setFault({ part: "provenance", name: SAMPLE, fault: { kind: "status", status: 404 } });
    await expectRefused(py, "UNVERIFIABLE");
    index.clearFault("provenance", SAMPLE);
    await py.runPythonAsync(`await micropip.install("sampleproject==4.0.0")`);
  });

  test("is refused with one byte of the wheel changed", async () => {
    const py = await start(PIN, ...files);
    index.setFault({ part: "file", name: SAMPLE, fault: { kind: "other-bytes" } });
    await expectRefused(py, "HASH_NOT_ON_INDEX");
    index.clearFault("file", SAMPLE);
  });
});
