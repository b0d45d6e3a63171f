/** Python with the guard in its place, in a worker, so that the page stays quick. */
import { guardOf, loadPyodide } from "./micropip-guard.min.js";

/** In Python: installs, and says as JSON what came of it. */
const INSTALL = `
import importlib, importlib.metadata, json
import micropip
from micropip_guard import ProvenanceError

def installed():
    importlib.invalidate_caches()
    found = importlib.metadata.distributions()
    return sorted(f"{each.name} {each.version}" for each in found)

async def install(requirement):
    outcome = {"kind": "installed"}
    try:
        await micropip.install(requirement)
    except ProvenanceError as error:
        outcome = {"kind": "refused", "refusal": error.__dict__}
    except Exception as error:
        outcome = {"kind": "failed", "message": str(error) or type(error).__name__}
    return json.dumps({**outcome, "installed": installed()})
`;
const PROVENANCE = /\/(?<filename>[^/]+)\/provenance$/;

let py = null;

const tell = (kind, more) => postMessage({ kind, ...more }, []);

/** The guard's way to the index: it shows for which files a signature is being asked. */
async function shownFetch(url, init) {
  const { filename } = PROVENANCE.exec(new URL(url).pathname)?.groups ?? {};
  if (filename !== undefined) tell("asking", { filename: decodeURIComponent(filename) });
  return fetch(url, init);
}

async function start({ pyodide, micropip, index, trustedRoot }, pins) {
  const { loadPyodide: load } = await import(`${pyodide}pyodide.mjs`);
  tell("stage", { text: "Starting Python", step: 2 });
  py = await loadPyodide({
    indexURL: pyodide,
    packages: [micropip],
    pyodide: {
      loadPyodide: async (options) => {
        const started = await load(options);
        tell("stage", { text: "Putting the guard in its place", step: 3 });
        return started;
      },
    },
    guard: {
      pins,
      index,
      trustedRoot: trustedRoot === null ? undefined : new URL(trustedRoot),
      fetch: shownFetch,
      onDecision: (event) => tell("decision", { event }),
    },
  });
  await py.runPythonAsync(INSTALL);
  py.globals.get("micropip").set_index_urls([index]);
  return JSON.parse(py.runPython("json.dumps(installed())"));
}

async function install(requirement) {
  const outcome = JSON.parse(await py.globals.get("install")(requirement));
  tell("done", { outcome, trustRoot: guardOf(py).report().trustRoot });
}

async function tryToStart(configuration, pins) {
  try {
    tell("ready", { installed: await start(configuration, pins) });
  } catch (error) {
    tell("failed", { message: error.message });
  }
}

addEventListener("message", ({ data }) => {
  if (data.kind === "install") void install(data.requirement);
  else void tryToStart(data.configuration, data.pins);
});
