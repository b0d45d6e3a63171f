/** Repositories with something staged, in which the hook is timed. */
import { DEFAULT_INDEX_URL } from "@pubpin/shared";
import {
  type GitFolder,
  type GitRepository,
  mintedPackages,
  mintPins,
  mintUvLock,
} from "@pubpin/test-kit/node";
import { type BenchLock, LARGEST, mintedLocks, realLocks } from "../lock/locks.ts";

/** A repository with something staged. */
export interface Staged {
  readonly what: string;
  readonly repository: GitRepository;
}

/** What the targets compare. */
export interface Situations {
  readonly nothing: Staged;
  readonly nothingInMany: Staged;
  readonly small: Staged;
  readonly smallInMany: Staged;
  /** Locks as large as the largest real one, and the largest real ones where they are at hand. */
  readonly large: readonly Staged[];
  /** What is not there, and why. */
  readonly skipped: readonly string[];
}

/** Files of a large repository. */
export const MANY = 20_000;
const FILES_IN_A_FOLDER = 100;
const PACKAGES = 20;
const PINS = ".provenance.txt";
const README = { "README.md": "Changed.\n" };

/** Makes the repositories. */
export async function makeSituations(folder: GitFolder): Promise<Situations> {
  const packages = mintedPackages(PACKAGES);
  const before = mintUvLock(packages);
  const after = mintUvLock(packages.map(({ name }) => ({ name, version: "2.0" })));
  const small: LockChange = { name: "uv.lock", before, after };
  const real = await realLocks();
  const large = [...mintedLocks().filter(isLargest), ...(typeof real === "string" ? [] : real)];
  return {
    nothing: await stage(folder, "no lock", small, README),
    nothingInMany: await stage(folder, `no lock, ${MANY} files`, small, README, MANY),
    small: await stage(folder, `a lock of ${PACKAGES} packages`, small),
    smallInMany: await stage(
      folder,
      `a lock of ${PACKAGES} packages, ${MANY} files`,
      small,
      undefined,
      MANY,
    ),
    large: await Promise.all(
      large.map((lock) => stage(folder, `a lock: ${lock.title}`, changeOf(lock))),
    ),
    skipped: typeof real === "string" ? [real] : [],
  };
}

interface LockChange {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

function isLargest({ title, others }: BenchLock): boolean {
  return others === 0 && title.includes(String(LARGEST.files));
}

/** One file of the lock gets other bytes: all of it has to be read, before and after. */
function changeOf({ name, text }: BenchLock): LockChange {
  const before = text(DEFAULT_INDEX_URL);
  return { name, before, after: before.replace(/[0-9a-f]{64}/, "0".repeat(64)) };
}

/** @param staged by default the lock, with the provenance file that belongs to it */
async function stage(
  folder: GitFolder,
  what: string,
  { name, before, after }: LockChange,
  staged?: Readonly<Record<string, string>>,
  files = 0,
): Promise<Staged> {
  const repository = await folder.newRepository();
  const pins = await mintPins({ [name]: before });
  await repository.commitUnchecked({ ...filler(files), [name]: before, [PINS]: pins });
  await repository.must("gc", "--quiet");
  const renewed = async (): Promise<Readonly<Record<string, string>>> => ({
    [name]: after,
    [PINS]: await mintPins({ [name]: after }, { before: pins }),
  });
  await repository.stage(staged ?? (await renewed()));
  return { what, repository };
}

function filler(count: number): Readonly<Record<string, string>> {
  const files = Array.from({ length: count }, (_none, index): [string, string] => {
    const folder = Math.floor(index / FILES_IN_A_FOLDER);
    return [`src/part-${folder}/file-${index}.ts`, `export const number = ${index};\n`];
  });
  return Object.fromEntries(files);
}
