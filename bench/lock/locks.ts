/** The locks that are checked: minted ones of several sizes, and the largest real ones. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type Distribution, readLock } from "@pubpin/shared";
import { mintUvLock, sha256Hex } from "@pubpin/test-kit/node";
import { dataPath, whyNoData } from "../../test/support/data-folder.ts";

/** A file of a release. */
export interface ReleaseFile {
  readonly filename: string;
  readonly sha256: string;
}

/** Files that one publisher released together. */
export interface Release {
  readonly project: string;
  readonly version: string;
  readonly files: readonly ReleaseFile[];
}

/** A lock, and what an index must have for it. */
export interface BenchLock {
  readonly title: string;
  /** What the file is called: the reader goes by it. */
  readonly name: string;
  /** The text of the lock; it names the index. */
  readonly text: (indexUrl: string) => string;
  readonly releases: readonly Release[];
  /** Files of other releases that the page of each project lists too. */
  readonly others: number;
}

/** The largest lock of the real ones: so many files, in so many releases. */
export const LARGEST = { files: 5814, releases: 648 } as const;
/** Sizes of the minted locks. The last is the largest. */
export const SIZES: readonly number[] = [500, 1500, 3000, LARGEST.files];
/** How many files pages of popular projects list, roughly, on the public index. */
const GENUINE_PAGE = 200;

/** Real locks with many files. In them a placeholder stands for the public index. */
const REAL = [
  "All-Hands-AI+OpenHands/poetry.lock",
  "pydantic+pydantic-ai/uv.lock",
  "mozilla+treeherder/requirements/common.txt",
] as const;
const PLACEHOLDER = "https://index.example/simple";

/** Locks of each size, then the largest once more, on pages of genuine length. */
export function mintedLocks(): readonly BenchLock[] {
  const locks = SIZES.map((size) => mintedLock(size));
  const [last] = locks.slice(-1);
  if (last === undefined) return locks;
  return [...locks, { ...last, title: `${last.title}, on long pages`, others: GENUINE_PAGE }];
}

/** The largest real locks, or why there are none. */
export async function realLocks(): Promise<readonly BenchLock[] | string> {
  const missing = whyNoData();
  if (missing !== null) return "real locks, for want of their folder (PUBPIN_DATA=/path/to/data)";
  return Promise.all(REAL.map(realLock));
}

/** How many files a lock has that come from its index. */
export function countFiles({ releases }: BenchLock): number {
  return releases.reduce((sum, { files }) => sum + files.length, 0);
}

/** Releases of nearly the same size, as many in proportion as the largest lock has. */
function mintedLock(size: number): BenchLock {
  const count = Math.round((size * LARGEST.releases) / LARGEST.files);
  const releases = Array.from({ length: count }, (_none, index): Release => {
    const [first, end] = [index, index + 1].map((each) => Math.floor((each * size) / count));
    return mintedRelease(`package-${String(index).padStart(4, "0")}`, (end ?? 0) - (first ?? 0));
  });
  return {
    title: `minted, ${size} files`,
    name: "uv.lock",
    text: (indexUrl) => {
      const source = `{ registry = "${indexUrl}" }`;
      return mintUvLock(
        releases.map(({ project, version, files }) => ({ name: project, version, source, files })),
      );
    },
    releases,
    others: 0,
  };
}

function mintedRelease(project: string, size: number): Release {
  const files = Array.from({ length: size }, (_none, index) =>
    withDigest(wheelName(project, "1.0", `cp3${index}-cp3${index}-manylinux_2_17_x86_64`)),
  );
  return { project, version: "1.0", files };
}

async function realLock(path: string): Promise<BenchLock> {
  const name = basename(path);
  const bytes = await readFile(dataPath("locks/real", path));
  const { distributions } = readLock(name, bytes);
  const [owner = ""] = path.split("/");
  return {
    title: `${owner.split("+")[1] ?? owner}, ${name}`,
    name,
    text: (indexUrl) => {
      const text = bytes.toString("utf8").replaceAll(PLACEHOLDER, indexUrl);
      return name === "poetry.lock" ? withSources(text, indexUrl) : text;
    },
    releases: distributions.flatMap(releaseOf),
    others: 0,
  };
}

/** What an index has for an entry. Locks that hold only hashes leave the names of files open. */
function releaseOf({ name, version, source, files }: Distribution): readonly Release[] {
  if (source.kind !== "index" || version === null || files.length === 0) return [];
  const held = files.flatMap(({ filename, hashes }, index) => {
    const sha256 = hashes.find(({ algorithm }) => algorithm === "sha256")?.value;
    if (sha256 === undefined) return [];
    return { filename: filename ?? wheelName(name, version, `py3-none-any`, index + 1), sha256 };
  });
  return [{ project: name, version, files: held }];
}

/** Names the index in a poetry.lock, which names no index where it is the public one. */
function withSources(text: string, indexUrl: string): string {
  const source = `\n[package.source]\ntype = "legacy"\nurl = "${indexUrl}"\nreference = "local"\n\n`;
  return text
    .split(/^(?=\[\[package\]\]|\[extras\]|\[metadata\])/m)
    .map((part) => {
      const isOfIndex = part.startsWith("[[package]]") && !part.includes("[package.source]");
      return isOfIndex ? part.trimEnd() + source : part;
    })
    .join("");
}

function withDigest(filename: string): ReleaseFile {
  return { filename, sha256: sha256Hex(Buffer.from(filename)) };
}

/** PEP 427, with a build number where one is given. */
function wheelName(project: string, version: string, tags: string, build?: number): string {
  const number = build === undefined ? "" : `-${build}`;
  return `${project.replaceAll("-", "_")}-${version}${number}-${tags}.whl`;
}
