/** What the installs need: real wheels, minted provenance for them, and indexes near and far. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { addEntries, EMPTY_PINS, formatPins, parseFilename, type PinsEntry } from "@pubpin/shared";
import { createSigstore, type VirtualSigstore } from "@pubpin/test-kit";
import {
  type LocalFile,
  type LocalIndex,
  mintedPin,
  sha256Hex,
  startLocalIndex,
} from "@pubpin/test-kit/node";
import { REAL_FILES, realFiles } from "../../scripts/wheels.ts";
import { publisherOf } from "../lock/serve.ts";
import type { Job } from "./installs.ts";
import { INSTALLED } from "./names.ts";

/** How far away an index is. */
export const DISTANCES = ["loopback", "40 ms"] as const;

/** One of {@link DISTANCES}. */
export type Distance = (typeof DISTANCES)[number];

/** What is around the interpreters. */
export interface World {
  readonly indexes: Readonly<Record<Distance, LocalIndex>>;
  /** The path of micropip's wheel. */
  readonly micropip: string;
  /** What an install is given, whoever makes it. */
  readonly job: (distance: Distance) => Pick<Job, "index" | "pins" | "trustedRoot">;
  readonly close: () => Promise<void>;
}

const MICROPIP = "micropip-0.11.1-py3-none-any.whl";
const LATENCY_MS: Readonly<Record<Distance, number>> = { loopback: 0, "40 ms": 40 };
/** A tree as large as the public log's, for inclusion proofs of genuine length. */
const TREE = { treeIndex: 100_000_000, treeSize: 190_000_000 } as const;

/** A world; or why there is none. */
export async function createWorld(): Promise<World | string> {
  const real = await realFiles();
  if ("missing" in real) return real.missing;
  const sigstore = await createSigstore();
  const files = await Promise.all(
    REAL_FILES.filter(isInstalled).map(({ filename }) => fileAt(real.folder, filename, sigstore)),
  );
  const start = async (distance: Distance): Promise<LocalIndex> =>
    startLocalIndex({ files, latencyMs: LATENCY_MS[distance] });
  const indexes = { loopback: await start("loopback"), "40 ms": await start("40 ms") };
  const micropip = join(real.folder, MICROPIP);
  const own: PinsEntry = {
    kind: "file",
    filename: MICROPIP,
    sha256: sha256Hex(await readFile(micropip)),
  };
  const pins = formatPins(addEntries(EMPTY_PINS, [...INSTALLED.map(mintedPin), own]));
  const trustedRoot = new TextDecoder().decode(await sigstore.trustedRootJson());
  return {
    indexes,
    micropip,
    job: (distance) => ({ index: indexes[distance].simpleUrl, pins, trustedRoot }),
    close: async () => {
      await Promise.all(Object.values(indexes).map((index) => index.close()));
    },
  };
}

function isInstalled({ filename }: { readonly filename: string }): boolean {
  return filename.endsWith(".whl") && INSTALLED.includes(parseFilename(filename).name);
}

/** A file with a certificate of its own. */
async function fileAt(
  folder: string,
  filename: string,
  sigstore: VirtualSigstore,
): Promise<LocalFile> {
  const content = await readFile(join(folder, filename));
  const publisher = publisherOf(parseFilename(filename).name);
  const bundles = [{ publisher, attestations: [TREE] }];
  const { bytes } = await sigstore.provenance(
    { filename, sha256: sha256Hex(content) },
    { bundles },
  );
  return { filename, content, provenance: bytes };
}
