/**
 * The digests of the locks that releases of Pyodide came with: a committed table. As a script it
 * fetches these releases, or those that are named, with npm and compares.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { lockDigest, readLock } from "@pubpin/shared";
import { npm } from "./run.ts";

/** Digests (docs/lock-digest.md, without their prefix) by version, for the supported releases. */
export const PYODIDE_LOCKS: Readonly<Record<string, string>> = {
  "0.28.0": "c4c5e1b83595654ae6d0f473651f4cd0fffbf663e1bf18851b23bb859f6863b9",
  "0.28.1": "176127cf25aaefc391b5c74f501d55dfa7b7c15b38b50c9f4ecbbc64e1f5610f",
  "0.28.2": "176127cf25aaefc391b5c74f501d55dfa7b7c15b38b50c9f4ecbbc64e1f5610f",
  "0.28.3": "176127cf25aaefc391b5c74f501d55dfa7b7c15b38b50c9f4ecbbc64e1f5610f",
  "0.29.0": "42767e3cc62b23fa5e5f4b436d5e61d9161e2e42b9f8ee310666b28a30c2b3ad",
  "0.29.1": "42767e3cc62b23fa5e5f4b436d5e61d9161e2e42b9f8ee310666b28a30c2b3ad",
  "0.29.2": "e7e0890dde0c76354c9575eec330c6300041e8d33b0a71b1bead6bc00b2859b7",
  "0.29.3": "e7e0890dde0c76354c9575eec330c6300041e8d33b0a71b1bead6bc00b2859b7",
  "0.29.4": "038ba916387082b0290429bd523eede4bd9d539b3e987fa5d32e874538c0d69e",
  "0.29.5": "038ba916387082b0290429bd523eede4bd9d539b3e987fa5d32e874538c0d69e",
  "314.0.0": "a332d6d4efd02055eddaf8076aca8a477bca8ffe12b16709896a8c4f17a8e726",
  "314.0.1": "a332d6d4efd02055eddaf8076aca8a477bca8ffe12b16709896a8c4f17a8e726",
  "314.0.2": "f57a078e420b1bdc14fba634a13b3f569c814146b07fce2c3ca295d6636626cc",
  "314.0.3": "f57a078e420b1bdc14fba634a13b3f569c814146b07fce2c3ca295d6636626cc",
  "314.0.4": "f57a078e420b1bdc14fba634a13b3f569c814146b07fce2c3ca295d6636626cc",
  "314.0.5": "febde455510d78e5e9923fc6a2657861c2a8fb76f319292a13ec97848ee00e78",
  "314.0.6": "febde455510d78e5e9923fc6a2657861c2a8fb76f319292a13ec97848ee00e78",
  "314.0.7": "82d5d730a07f93f9a6af9f0721c4251749206c563d6a189b8a96f0a37900390b",
};

const CACHE = join(import.meta.dirname, "../.cache");
const LOCK = "pyodide-lock.json";
const PREFIX = "v1-sha256:";
const BLOCK = 512;

/** The digest of a lock's bytes, as the table has it. */
export async function pyodideLockDigest(bytes: Uint8Array): Promise<string> {
  return (await lockDigest(readLock(LOCK, bytes))).slice(PREFIX.length);
}

/** The lock in the package of a version, as npm has it. */
async function fetchLock(version: string): Promise<Uint8Array> {
  const folder = await mkdtemp(join(CACHE, "pyodide-"));
  try {
    const command = ["pack", `pyodide@${version}`, "--pack-destination", folder, "--silent"];
    await npm(command, { quiet: true });
    return fileInTar(gunzipSync(await readFile(join(folder, `pyodide-${version}.tgz`))));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The lock in a tar archive (POSIX.1-1988, "ustar"), whose names npm writes in one field. */
function fileInTar(archive: Buffer): Uint8Array {
  for (let at = 0; at + BLOCK <= archive.length;) {
    const name = archive.toString("latin1", at, at + 100).replace(/\0.*$/s, "");
    const size = Number.parseInt(archive.toString("latin1", at + 124, at + 136), 8);
    const start = at + BLOCK;
    if (name === `package/${LOCK}`) return archive.subarray(start, start + size);
    at = start + Math.ceil((Number.isNaN(size) ? 0 : size) / BLOCK) * BLOCK;
  }
  throw new Error(`expected ${LOCK} in the package, found none`);
}

if (import.meta.main) {
  const asked = process.argv.slice(2);
  for (const version of asked.length === 0 ? Object.keys(PYODIDE_LOCKS) : asked) {
    const found = await pyodideLockDigest(await fetchLock(version));
    const expected = PYODIDE_LOCKS[version];
    const state = expected === found ? "as in the table" : `expected ${expected ?? "none"}`;
    console.log(`  "${version}": "${found}", // ${state}`);
    if (expected !== found) process.exitCode = 1;
  }
}
