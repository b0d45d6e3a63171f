/** pypi-attestations' command, as pypi-verify-now runs it: a process for each file. */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { VirtualSigstore } from "@pubpin/test-kit";
import { mintWheel } from "@pubpin/test-kit/node";
import { runProgram } from "./process.ts";
import { publisherOf } from "./serve.ts";

/** Files that pypi-attestations verifies, one in each call. */
export interface Peer {
  readonly version: string;
  /** Verifies the next file, from the first again after the last: milliseconds. */
  readonly verifyNext: () => Promise<number>;
  readonly close: () => Promise<void>;
}

const REPOSITORY = join(import.meta.dirname, "../..");
const VENV = ".cache/venv-bench";
const SCRIPTS = join(REPOSITORY, VENV, process.platform === "win32" ? "Scripts" : "bin");
const VERSION = "0.0.30";
const REMEDY = `python3 -m venv ${VENV} && ${VENV}/bin/pip install pypi-attestations==${VERSION}`;
const FILES = 15;
/** Where it keeps the trust root of the public instance, which it takes from there when offline. */
const WHERE_ROOT_IS =
  "from sigstore._internal.tuf import _get_dirs, DEFAULT_TUF_URL; print(_get_dirs(DEFAULT_TUF_URL)[1])";

/** Mints wheels with provenance and makes the trust root known; or says what is missing. */
export async function startPeer(sigstore: VirtualSigstore): Promise<Peer | string> {
  if (!existsSync(join(SCRIPTS, "python"))) return `pypi-attestations, for want of it (${REMEDY})`;
  const folder = await mkdtemp(join(tmpdir(), "pubpin-bench-"));
  const env = { HOME: folder, XDG_CACHE_HOME: folder, XDG_DATA_HOME: folder, LOCALAPPDATA: folder };
  const found = await runProgram(join(SCRIPTS, "python"), ["-c", WHERE_ROOT_IS], {
    cwd: folder,
    env,
  });
  const rootFolder = found.stdout.trim();
  await mkdir(rootFolder, { recursive: true });
  await writeFile(join(rootFolder, "trusted_root.json"), await sigstore.trustedRootJson());
  const calls: (readonly string[])[] = [];
  for (let index = 0; index < FILES; index++) calls.push(await mintCall(sigstore, folder, index));
  let next = 0;
  return {
    version: VERSION,
    verifyNext: async () => {
      const parameters = calls[next++ % FILES] ?? [];
      const { exitCode, wall, stdout, stderr } = await runProgram(
        join(SCRIPTS, "pypi-attestations"),
        parameters,
        { cwd: folder, env },
      );
      if (exitCode !== 0) throw new Error(`pypi-attestations: ${stdout}${stderr}`);
      return wall;
    },
    close: () => rm(folder, { recursive: true }),
  };
}

/** Writes a wheel and its provenance, and gives the parameters that verify it. */
async function mintCall(
  sigstore: VirtualSigstore,
  folder: string,
  index: number,
): Promise<readonly string[]> {
  const { filename, bytes, sha256 } = mintWheel({ name: `peer-${index}`, version: "1.0" });
  const publisher = publisherOf(`peer-${index}`);
  const provenance = await sigstore.provenance({ filename, sha256 }, { bundles: [{ publisher }] });
  await writeFile(join(folder, filename), bytes);
  await writeFile(join(folder, `${filename}.provenance`), provenance.bytes);
  const repository = `https://github.com/${publisher.repository}`;
  const options = ["--offline", "--repository", repository];
  return ["verify", "pypi", ...options, "--provenance-file", `${filename}.provenance`, filename];
}
