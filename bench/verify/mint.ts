/** Mints what is verified, under a trust root of its own. */
import {
  createSigstore,
  fromUtf8,
  type Leaf,
  type Publisher,
  type VirtualSigstore,
} from "@pubpin/test-kit";
import type { Job, JobSet } from "./jobs.ts";

const FRESH = 100;
const FILES_PER_RELEASE = 15;
const THOUSAND = 1000;

/** A tree as large as the public log's, for an inclusion proof of genuine length. */
const TREE = { first: 100_000_000, size: 190_000_000 } as const;
const PUBLISHER: Publisher = { kind: "GitHub", repository: "octo/example" };

/** The jobs that are there on every machine. */
export async function mintWorkload(): Promise<Record<"fresh" | "release" | "thousand", JobSet>> {
  const sigstore = await createSigstore();
  const trustedRoot = fromUtf8(await sigstore.trustedRootJson());
  const [warmUp, ...fresh] = await mintEach(FRESH + 1, () => mintFile(sigstore, 0));
  if (warmUp === undefined) throw new Error("nothing was minted");
  const releases = await mintEach(Math.ceil(THOUSAND / FILES_PER_RELEASE), () =>
    mintRelease(sigstore),
  );
  const set = (jobs: readonly Job[]): JobSet => ({ trustedRoot, warmUp, jobs });
  return {
    fresh: set(fresh),
    release: set(await mintRelease(sigstore)),
    thousand: set(releases.flat().slice(0, THOUSAND)),
  };
}

async function mintRelease(sigstore: VirtualSigstore): Promise<readonly Job[]> {
  const leaf = await sigstore.issue(PUBLISHER);
  return mintEach(FILES_PER_RELEASE, (index) => mintFile(sigstore, index, leaf));
}

async function mintFile(sigstore: VirtualSigstore, index: number, leaf?: Leaf): Promise<Job> {
  const file = {
    filename: `example-1.0-cp3${index}-cp3${index}-manylinux_2_17_x86_64.whl`,
    sha256: "5a".repeat(32),
  };
  const { bytes } = await sigstore.provenance(file, {
    bundles: [
      {
        publisher: PUBLISHER,
        signer: leaf,
        attestations: [{ treeIndex: TREE.first + index, treeSize: TREE.size }],
      },
    ],
  });
  return { ...file, provenance: fromUtf8(bytes) };
}

async function mintEach<T>(
  count: number,
  mint: (index: number) => Promise<T>,
): Promise<readonly T[]> {
  const minted: T[] = [];
  for (let index = 0; index < count; index++) minted.push(await mint(index));
  return minted;
}
