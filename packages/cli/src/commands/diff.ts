import { dirname } from "node:path";
import {
  acceptedPublishers,
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
import { readAt } from "../node/git.ts";
import { loadYamlParser } from "../node/yaml.ts";
import { loadProjects, type Project } from "../project.ts";
import type { World } from "../session.ts";

/** What `pubpin diff` is told. */
export interface DiffOptions {
  readonly revision: string;
  readonly locks: readonly string[];
  readonly pinsFile: string | undefined;
}

/**
 * `pubpin diff`: what changed in the locks since a Git revision, with who publishes it. It compares
 * what is written and verifies nothing.
 */
export async function diff(world: World, options: DiffOptions): Promise<number> {
  for (const project of await loadProjects(world.cwd, options.locks, options.pinsFile)) {
    const folder = dirname(project.pinsPath);
    const at = (path: string, maxBytes?: number): Promise<Uint8Array<ArrayBuffer> | null> =>
      readAt({
        folder,
        revision: options.revision,
        path,
        signal: world.signal,
        ...(maxBytes === undefined ? {} : { maxBytes }),
      });
    const bytes = await at(project.pinsPath, MAX_PINS_BYTES);
    const before = bytes === null ? EMPTY_PINS : parsePins(bytes, options.revision);
    for (const lock of project.locks) {
      const old = await at(lock.path);
      world.out(describe(await readOld(lock, old), lock, before, project));
    }
  }
  return 0;
}

async function readOld(lock: Lock, bytes: Uint8Array | null): Promise<Lock> {
  if (bytes === null) return { ...lock, distributions: [], directives: [], logins: [] };
  const parsers: LockParsers = lock.format === "pixi" ? { yaml: await loadYamlParser() } : {};
  return readLock(lock.path, bytes, parsers);
}

function describe(before: Lock, after: Lock, oldPins: Pins, { pins }: Project): string {
  const { changes, directives } = diffLocks(before, after);
  const lines = changes.map((change) => `  ${describeChange(change, oldPins, pins)}`);
  if (directives !== null) lines.push("  what it tells the installer changed");
  return `${after.path}: ${changes.length} changed\n${lines.join("\n")}${lines.length > 0 ? "\n" : ""}`;
}

function describeChange(change: LockChange, oldPins: Pins, pins: Pins): string {
  const { name, kinds, before, after, filesAdded, filesRemoved } = change;
  const was = publisherOf(oldPins, name);
  const is = publisherOf(pins, name);
  const versions = [versionsOf(before), versionsOf(after)].filter((text) => text !== "");
  const files = `+${filesAdded.length} -${filesRemoved.length} files`;
  const publisher = was === is || before.length === 0 ? is : `${was} -> ${is}`;
  return `${name} ${[...new Set(versions)].join(" -> ")} (${kinds.join(", ")}; ${files}): ${publisher}`;
}

function versionsOf(distributions: readonly Distribution[]): string {
  return distributions.map(({ version }) => version ?? "no version").join(", ");
}

function publisherOf(pins: Pins, name: string): string {
  const urls = acceptedPublishers(pins, name).map(({ url }) => url);
  if (urls.length > 0) return urls.join(", ");
  return findUnsigned(pins, name) === null ? "not pinned" : "unsigned";
}
