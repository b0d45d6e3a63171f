/** The process of `installs.ts`: prints a line of memory figures every so many rounds. */
import type { PyodideAPI } from "pyodide";
import { NEWEST } from "../../test/micropip-guard/support/pairs.ts";
import { startGuarded } from "../../test/micropip-guard/support/interpreter.ts";
import type { World } from "../../test/micropip-guard/support/world.ts";

/** Memory in bytes after so many rounds. */
export interface Sample {
  readonly rounds: number;
  readonly heap: number;
  readonly wasm: number;
  readonly python: number;
}

interface Given {
  readonly index: string;
  readonly pins: string;
  readonly micropip: string;
  /** In base64. */
  readonly trustedRoot: string;
  readonly rounds: number;
  readonly until: number;
}

const BETWEEN = 50;

/** Installs what is signed by its publisher, takes it away, and is refused what is not. */
const ROUND = `
import importlib, gc, sys, micropip
from micropip_guard import ProvenanceError
async def _rounds(count):
    for _ in range(count):
        await micropip.install("leaf==1.0")
        importlib.invalidate_caches()
        import leaf
        micropip.uninstall("leaf")
        del sys.modules["leaf"]
        try:
            await micropip.install("evil==1.0")
        except ProvenanceError as error:
            assert error.code == "PUBLISHER_CHANGED", error.code
        else:
            raise AssertionError("evil was installed")
def _bytes():
    gc.collect()
    return sum(map(sys.getsizeof, gc.get_objects()))
`;

const given = JSON.parse(process.argv[2] ?? "") as Given;
const world = {
  index: { simpleUrl: given.index },
  pins: given.pins,
  micropip: given.micropip,
  trustedRoot: new Uint8Array(Buffer.from(given.trustedRoot, "base64")),
} as unknown as World;
const { py } = await startGuarded(NEWEST, world);
await py.runPythonAsync(ROUND);
for (let rounds = 0; rounds < given.rounds && Date.now() < given.until; rounds += BETWEEN) {
  await py.runPythonAsync(`await _rounds(${BETWEEN})`);
  console.log(JSON.stringify(sampleOf(py, rounds + BETWEEN)));
}
process.exit(0);

function sampleOf(api: PyodideAPI, rounds: number): Sample {
  globalThis.gc?.();
  const { _module: wasm } = api as unknown as { readonly _module: { readonly HEAPU8: Uint8Array } };
  return {
    rounds,
    heap: process.memoryUsage().heapUsed,
    wasm: wasm.HEAPU8.buffer.byteLength,
    python: api.runPython("_bytes()") as number,
  };
}
