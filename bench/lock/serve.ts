/** Serves what a lock needs: an index on loopback with minted provenance, and the lock's folder. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GitHubPublisher, VirtualSigstore } from "@pubpin/test-kit";
import { type LocalFile, mintPins, sha256Hex, startLocalIndex } from "@pubpin/test-kit/node";
import type { BenchLock, Release, ReleaseFile } from "./locks.ts";

/** Provenance by the name and digest of its file: locks share what is costly to mint. */
export type Minted = Map<string, Uint8Array>;

/** A folder with a lock, its pins and a trust root, and an index that has all that it asks for. */
export interface Served {
  readonly folder: string;
  readonly indexUrl: string;
  /** How many requests there were since the last call. */
  readonly takeRequests: () => number;
  readonly close: () => Promise<void>;
}

/** A tree as large as the public log's, for inclusion proofs of genuine length. */
const TREE = { first: 100_000_000, size: 190_000_000 } as const;

/** Mints what is not minted yet: each release has a certificate of its own. */
export async function mintReleases(
  sigstore: VirtualSigstore,
  releases: readonly Release[],
  minted: Minted,
): Promise<void> {
  for (const { project, files } of releases) {
    const missing = files.filter((file) => !minted.has(keyOf(file)));
    if (missing.length === 0) continue;
    const publisher = publisherOf(project);
    const signer = await sigstore.issue(publisher);
    for (const [index, file] of missing.entries()) {
      const attestations = [{ treeIndex: TREE.first + index, treeSize: TREE.size }];
      const bundles = [{ publisher, signer, attestations }];
      minted.set(keyOf(file), (await sigstore.provenance(file, { bundles })).bytes);
    }
  }
}

/** Starts the index and writes the folder. */
export async function serveLock(
  lock: BenchLock,
  minted: Minted,
  trustedRoot: Uint8Array,
): Promise<Served> {
  const index = await startLocalIndex({ files: lock.releases.flatMap(localFiles(lock, minted)) });
  const folder = await mkdtemp(join(tmpdir(), "pubpin-bench-"));
  const text = lock.text(index.simpleUrl);
  await writeFile(join(folder, lock.name), text);
  await writeFile(join(folder, ".provenance.txt"), await mintPins({ [lock.name]: text }));
  await writeFile(join(folder, "trusted_root.json"), trustedRoot);
  let taken = 0;
  return {
    folder,
    indexUrl: index.simpleUrl,
    takeRequests: () => {
      const fresh = index.requests.length - taken;
      taken = index.requests.length;
      return fresh;
    },
    close: async () => {
      await index.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The publisher that the test kit's pins name. */
export function publisherOf(project: string): GitHubPublisher {
  return { kind: "GitHub", repository: `octo/${project}`, repositoryId: "123", ownerId: "456" };
}

/** The files of a release, and before them those of older ones, which nobody asks for. */
function localFiles(
  { others }: BenchLock,
  minted: Minted,
): (release: Release) => readonly LocalFile[] {
  return ({ project, files }) => {
    const older = Array.from({ length: others }, (_none, index): ReleaseFile => {
      const filename = `${project.replaceAll("-", "_")}-0.${index}-py3-none-any.whl`;
      return { filename, sha256: sha256Hex(Buffer.from(filename)) };
    });
    return [...older, ...files].map((file) => ({
      filename: file.filename,
      project,
      content: { sha256: file.sha256, size: 1_000_000 },
      provenance: minted.get(keyOf(file)),
    }));
  };
}

function keyOf({ filename, sha256 }: ReleaseFile): string {
  return `${filename} ${sha256}`;
}
