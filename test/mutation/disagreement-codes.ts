/** The codes of `docs/disagreements.md`: what sigstore-js may accept although pubpin refuses. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const DOCUMENT = join(import.meta.dirname, "../../docs/disagreements.md");
const ROW = /^\| `([A-Z0-9_]+)` +\| (\S.*?) +\| (\S.*?) +\|$/gm;

/** The codes, in the document's order; each row has what is accepted, and why it is not here. */
export async function documentedDisagreements(): Promise<readonly string[]> {
  const text = await readFile(DOCUMENT, "utf8");
  return [...text.matchAll(ROW)].flatMap(([, code]) => code ?? []);
}
