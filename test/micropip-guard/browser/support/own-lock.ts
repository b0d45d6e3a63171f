/** Locks of Pyodide for wheels of one's own, in the place of its whole distribution. */
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { lockDigest, normalizeName, parseFilename, readLock } from "@pubpin/shared";
import { sha256Hex } from "@pubpin/test-kit/node";

/** A wheel, with the projects that it needs. */
export interface LockedWheel {
  readonly path: string;
  readonly needs: readonly string[];
}

/** A lock, and the line of pins that accepts what is in it. */
export interface OwnLock {
  readonly text: string;
  readonly line: string;
}

/** The folder of Pyodide's package. */
export const PYODIDE_FOLDER: string = dirname(
  fileURLToPath(import.meta.resolve("pyodide/package.json")),
);

/** A lock of wheels that lie beside it. */
export async function ownLock(wheels: readonly LockedWheel[]): Promise<OwnLock> {
  const official = readFileSync(join(PYODIDE_FOLDER, "pyodide-lock.json"), "utf8");
  const { info } = JSON.parse(official) as { readonly info: unknown };
  const packages = Object.fromEntries(wheels.map(entryOf));
  const text = JSON.stringify({ info, packages });
  const digest = await lockDigest(readLock("pyodide-lock.json", new TextEncoder().encode(text)));
  return { text, line: `#lock:pyodide-lock.json ${digest}\n` };
}

function entryOf({ path, needs }: LockedWheel): readonly [name: string, entry: object] {
  const filename = basename(path);
  const { name, version } = parseFilename(filename);
  const entry = {
    name,
    version,
    file_name: filename,
    sha256: sha256Hex(readFileSync(path)),
    install_dir: "site",
    package_type: "package",
    imports: [],
    depends: needs.map(normalizeName),
    unvendored_tests: false,
  };
  return [name, entry];
}
