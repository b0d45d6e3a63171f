/** What the page goes by: `demo.json` beside it, and the pins that it names. */

/**
 * Reads the configuration and the pins. `problem` is null, or says in a sentence what is missing.
 * Its addresses are absolute then.
 */
export async function readConfiguration() {
  try {
    const given = await (await fetched("./demo.json")).json();
    const pins = await (await fetched(given.pins)).text();
    const configuration = {
      pyodide: here(given.pyodide),
      micropip: here(given.micropip),
      index: here(given.index).replace(/\/$/, ""),
      trustedRoot: given.trustedRoot === undefined ? null : here(given.trustedRoot),
      about: given.about ?? {},
      note: given.note ?? "",
    };
    return { configuration, pins, problem: null };
  } catch (error) {
    return { configuration: null, pins: "", problem: `The page is not complete: ${error.message}` };
  }
}

async function fetched(path) {
  const answer = await fetch(here(path));
  if (!answer.ok) throw new Error(`${path} has status ${answer.status}`);
  return answer;
}

function here(path) {
  return new URL(path, document.baseURI).href;
}
