import { dirname } from "node:path";
import {
  acceptedPublishers,
  asciiJson,
  diffLocks,
  type Distribution,
  EMPTY_PINS,
  findUnsigned,
  type Lock,
  type LockChange,
  type LockParsers,
  MAX_PINS_BYTES,
  parsePins,
  type Pins,
  readLock,
} from "@pubpin/shared";
import { loadYamlParser, readAt } from "pubpin-precommit";
import { loadProjects, type Selection } from "../project.ts";
import type { Format } from "../render.ts";
import type { Session } from "../session.ts";

/** What `pubpin diff` is told. */
export interface DiffOptions extends Selection {
  readonly revision: string;
  readonly format: Format;
}

/** The name and version of the JSON document. */
const SCHEMA = "pubpin-diff/1";

/** What changed in one lock. */
interface LockDifference {
  readonly path: string;
  readonly changes: readonly Difference[];
  /** Whether what it tells the installer changed: options and includes. */
  readonly directives: boolean;
}

/** What changed of one project. */
interface Difference extends Pick<LockChange, "name" | "kinds"> {
  /** Versions; null for an entry without one. */
  readonly before: readonly (string | null)[];
  readonly after: readonly (string | null)[];
  readonly filesAdded: number;
  readonly filesRemoved: number;
  /** Who was, and is, pinned: URLs, or a word where there are none. */
  readonly pinnedBefore: string;
  readonly pinnedAfter: string;
}

/**
 * `pubpin diff`: what changed in the locks since a Git revision, with who publishes it. It compares
 * what is written and verifies nothing.
 */
export async function diff(session: Session, options: DiffOptions): Promise<number> {
  const { world } = session;
  const locks: LockDifference[] = [];
  for (const { pinsPath, pins, locks: now } of await loadProjects(session, options)) {
    const at = (path: string, maxBytes?: number): Promise<Uint8Array<ArrayBuffer> | null> =>
      readAt({
        folder: dirname(pinsPath),
        revision: options.revision,
        path,
        signal: world.signal,
        ...(maxBytes === undefined ? {} : { maxBytes }),
      });
    const bytes = await at(pinsPath, MAX_PINS_BYTES);
    const before = bytes === null ? EMPTY_PINS : parsePins(bytes, options.revision);
    for (const lock of now) {
      const old = await at(lock.path);
      locks.push(compare(await readOld(lock, old), lock, before, pins));
    }
  }
  if (options.format === "json") world.out(asciiJson({ schema: SCHEMA, exitCode: 0, locks }));
  else world.out(locks.map(textOf).join(""));
  return 0;
}

async function readOld(lock: Lock, bytes: Uint8Array | null): Promise<Lock> {
  if (bytes === null) return { ...lock, distributions: [], directives: [], logins: [] };
  const parsers: LockParsers = lock.format === "pixi" ? { yaml: await loadYamlParser() } : {};
  return readLock(lock.path, bytes, parsers);
}

function compare(before: Lock, after: Lock, oldPins: Pins, pins: Pins): LockDifference {
  const { changes, directives } = diffLocks(before, after);
  return {
    path: after.path,
    changes: changes.map(({ name, kinds, ...change }) => ({
      name,
      kinds,
      before: versionsOf(change.before),
      after: versionsOf(change.after),
      filesAdded: change.filesAdded.length,
      filesRemoved: change.filesRemoved.length,
      pinnedBefore: pinnedFor(oldPins, name),
      pinnedAfter: pinnedFor(pins, name),
    })),
    directives: directives !== null,
  };
}

function versionsOf(distributions: readonly Distribution[]): readonly (string | null)[] {
  return distributions.map(({ version }) => version);
}

function pinnedFor(pins: Pins, name: string): string {
  const urls = acceptedPublishers(pins, name).map(({ url }) => url);
  if (urls.length > 0) return urls.join(", ");
  return findUnsigned(pins, name) === null ? "not pinned" : "unsigned";
}

function textOf({ path, changes, directives }: LockDifference): string {
  const lines = [
    `${path}: ${changes.length} changed`,
    ...changes.map((change) => `  ${describe(change)}`),
    ...(directives ? ["  what it tells the installer changed"] : []),
  ];
  return `${lines.join("\n")}\n`;
}

function describe(change: Difference): string {
  const { name, kinds, before, after, pinnedBefore, pinnedAfter } = change;
  const versions = [before, after]
    .filter((each) => each.length > 0)
    .map((each) => each.map((version) => version ?? "no version").join(", "));
  const files = `+${change.filesAdded} -${change.filesRemoved} files`;
  const isSame = pinnedBefore === pinnedAfter || before.length === 0;
  const pinned = isSame ? pinnedAfter : `${pinnedBefore} -> ${pinnedAfter}`;
  return `${name} ${[...new Set(versions)].join(" -> ")} (${kinds.join(", ")}; ${files}): ${pinned}`;
}
