/** An index of packages by publishers good and bad, and the pins that tell them apart. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Publisher, type VirtualSigstore, createSigstore } from "@pubpin/test-kit";
import {
  type LocalFile,
  type LocalIndex,
  type MintedWheel,
  mintWheel,
  sha256Hex,
  startLocalIndex,
} from "@pubpin/test-kit/node";
import { realFiles } from "../../../scripts/wheels.ts";

/** What a test file has around it. */
export interface World {
  readonly index: LocalIndex;
  readonly sigstore: VirtualSigstore;
  /** The trust root that signed what the index has. */
  readonly trustedRoot: Uint8Array;
  readonly pins: string;
  /** Where pip has put micropip. */
  readonly micropip: string;
  /** A wheel of the index by its project. */
  readonly wheel: (name: string) => MintedWheel;
  /** Where the index has it. */
  readonly url: (name: string) => string;
}

const OWNER = { repositoryId: "1", ownerId: "2" };

/** Projects that are attested by the publisher of their name, unless it says otherwise. */
const PROJECTS = {
  app: { requires: ["mid"] },
  mid: { requires: ["leaf"] },
  leaf: {},
  other: {},
  fresh: {},
  evil: { publisher: "mallory/evil" },
  "wants-evil": { requires: ["leaf", "deep", "other"] },
  deep: { requires: ["evil"] },
  withheld: { publisher: null },
  unsigned: { publisher: null, line: "#unsigned:unsigned seen" },
  allowed: { publisher: null, line: "#unsigned:allowed allowed" },
  unpinned: { line: null },
  bundled: { publisher: null, isServed: false },
} as const satisfies Readonly<Record<string, Project>>;

interface Project {
  readonly requires?: readonly string[];
  readonly publisher?: string | null;
  readonly line?: string | null;
  /** False for a wheel that no index has, and whose bytes the pins accept. */
  readonly isServed?: boolean;
}

/** Who signs a project's files where it has no other publisher. */
export function publisherOf(project: string, owner: string = "good"): Publisher {
  const ids = owner === "good" ? OWNER : { repositoryId: "66", ownerId: "77" };
  return { kind: "GitHub", repository: `${owner}/${project}`, ...ids };
}

/** The line that pins a project to its publisher. */
export function pinOf(project: string, owner: string = "good"): string {
  const { repositoryId, ownerId } = OWNER;
  const fragment = `repository-id=${repositoryId}&owner-id=${ownerId}&workflow=release.yml`;
  return `${project} https://github.com/${owner}/${project}#${fragment}`;
}

/** A world, or what is missing to make one. */
export async function createWorld(
  micropip: string,
  latencyMs: number = 0,
): Promise<World | { readonly missing: string }> {
  const real = await realFiles();
  if ("missing" in real) return real;
  const filename = `micropip-${micropip}-py3-none-any.whl`;
  const path = join(real.folder, filename);
  const sigstore = await createSigstore();
  const wheels = new Map<string, MintedWheel>();
  const files: LocalFile[] = [];
  const lines = [`#file:${filename} sha256:${sha256Hex(await readFile(path))}`];
  for (const [name, project] of Object.entries<Project>(PROJECTS)) {
    const { requires, publisher = `good/${name}`, line = pinOf(name), isServed = true } = project;
    const wheel = mintWheel({ name, version: "1.0", requires });
    wheels.set(name, wheel);
    if (!isServed) {
      lines.push(`#file:${wheel.filename} sha256:${wheel.sha256}`);
      continue;
    }
    const [owner = "", repository = ""] = publisher?.split("/") ?? [];
    const provenance =
      publisher === null ? undefined : [{ publisher: publisherOf(repository, owner) }];
    files.push({ filename: wheel.filename, content: wheel.bytes, provenance });
    if (line !== null) lines.push(line);
  }
  const index = await startLocalIndex({ sigstore, files, latencyMs });
  const wheel = (name: string): MintedWheel => {
    const found = wheels.get(name);
    if (found === undefined) throw new Error(`no wheel ${name}`);
    return found;
  };
  return {
    index,
    sigstore,
    trustedRoot: await sigstore.trustedRootJson(),
    pins: `${lines.join("\n")}\n`,
    micropip: path,
    wheel,
    url: (name) => {
      const { filename: file, sha256 } = wheel(name);
      return `${index.url}/files/${sha256.slice(0, 2)}/${sha256.slice(2)}/${file}`;
    },
  };
}
