/** micropip, which comes with Pyodide's distribution and not with its package. */
import { join } from "node:path";
import { REAL_FILES, realFiles } from "../scripts/wheels.ts";

/** Where its wheel is and the line that pins its bytes, or why there is none and what helps. */
export type Micropip =
  | { readonly path: string; readonly filename: string; readonly line: string }
  | { readonly missing: string };

const FILENAME = "micropip-0.11.1-py3-none-any.whl";

/** Takes micropip's wheel from the cache, or lets pip download it into that: 90 kB, once. */
export async function findMicropip(): Promise<Micropip> {
  // Without a network this ends at once, and not after pip's usual five attempts.
  process.env["PIP_RETRIES"] ??= "0";
  process.env["PIP_DEFAULT_TIMEOUT"] ??= "10";
  const wanted = REAL_FILES.filter(({ filename }) => filename === FILENAME);
  const found = await realFiles(wanted);
  if ("missing" in found) {
    return { missing: `micropip is to come from PyPI by pip, and did not: ${found.missing}` };
  }
  const lines = wanted.map(({ filename, sha256 }) => `#file:${filename} sha256:${sha256}`);
  return { path: join(found.folder, FILENAME), filename: FILENAME, line: lines.join("\n") };
}
