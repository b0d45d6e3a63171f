/** Locks made on the spot, and the `.provenance.txt` that goes with them. */
import {
  addEntries,
  DEFAULT_INDEX_URL,
  EMPTY_PINS,
  findSource,
  findUnsigned,
  firstUseIndexes,
  formatPins,
  type Lock,
  lockDigest,
  type LockParsers,
  parsePins,
  type Pins,
  type PinsEntry,
  readLock,
  setLock,
} from "@pubpin/shared";
import { sha256Hex } from "./wheel.ts";

/** A package of a lock. */
export interface MintedPackage {
  readonly name: string;
  /** By default 1.0. */
  readonly version?: string;
  /** An inline table of TOML; by default an index. */
  readonly source?: string;
  /** By default one wheel, whose digest follows from name and version. */
  readonly files?: readonly MintedLockFile[];
}

/** A file of a package. */
export interface MintedLockFile {
  readonly filename: string;
  /** In lower-case hexadecimal, or null where the lock has none. */
  readonly sha256: string | null;
}

/** Lines of a `.provenance.txt` that are not made up. */
export interface MintedPinsOptions {
  /** The text that is completed; by default empty. */
  readonly before?: string;
  /** Entries that it must have beside: a package that has one gets no other. */
  readonly entries?: readonly PinsEntry[];
  /** What is said of a package from an index that has no line; by default it is pinned. */
  readonly line?: "pin" | "unsigned";
  /** For a pixi.lock. */
  readonly parsers?: LockParsers;
}

/** So many packages: `package-000`, `package-001` and so on. */
export function mintedPackages(count: number): readonly MintedPackage[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `package-${String(index).padStart(3, "0")}`,
  }));
}

/** The wheel that a package has in a lock, if nothing else is said. */
export function mintedFile(name: string, version: string = "1.0", tag = "any"): MintedLockFile {
  const filename = `${name.replaceAll("-", "_")}-${version}-py3-none-${tag}.whl`;
  return { filename, sha256: sha256Hex(Buffer.from(filename)) };
}

/** The text of a uv.lock. */
export function mintUvLock(packages: readonly MintedPackage[]): string {
  const parts = packages.map(({ name, version = "1.0", source, files }) => {
    const from = source ?? `{ registry = "${DEFAULT_INDEX_URL}" }`;
    const wheels = files ?? (source === undefined ? [mintedFile(name, version)] : []);
    const list = wheels.length === 0 ? "" : `wheels = [\n${wheels.map(wheelLine).join("")}]\n`;
    return `\n[[package]]\nname = "${name}"\nversion = "${version}"\nsource = ${from}\n${list}`;
  });
  return `version = 1\nrevision = 3\nrequires-python = ">=3.10"\n${parts.join("")}`;
}

function wheelLine({ filename, sha256 }: MintedLockFile): string {
  const hash = sha256 === null ? "" : `, hash = "sha256:${sha256}"`;
  return `    { url = "https://files.example/${filename}"${hash}, size = 1000 },\n`;
}

/**
 * The text of a `.provenance.txt` that governs these locks: a line for each of their packages that
 * has none, and the digest of each lock.
 *
 * @param locks texts by their paths from the folder of the file
 */
export async function mintPins(
  locks: Readonly<Record<string, string>>,
  { before = "", entries = [], line = "pin", parsers = {} }: MintedPinsOptions = {},
): Promise<string> {
  const start = before === "" ? EMPTY_PINS : parsePins(new TextEncoder().encode(before));
  let pins = addEntries(start, entries);
  for (const [path, text] of Object.entries(locks)) {
    const lock = readLock(path, new TextEncoder().encode(text), parsers);
    const indexes = firstUseIndexes(lock.distributions, pins, DEFAULT_INDEX_URL);
    pins = addEntries(addEntries(pins, indexes), missingLines(lock, pins, line));
    pins = setLock(pins, { kind: "lock", path, digest: await lockDigest(lock) });
  }
  return formatPins(pins);
}

/** The publisher that a package has, if nothing else is said. */
export function mintedPin(name: string): PinsEntry {
  const publisher = {
    kind: "GitHub",
    url: `https://github.com/octo/${name}`,
    repositoryId: "123",
    ownerId: "456",
    workflow: "release.yml",
  } as const;
  return { kind: "pin", name, publisher };
}

function missingLines(lock: Lock, pins: Pins, line: "pin" | "unsigned"): readonly PinsEntry[] {
  const lines = new Map<string, PinsEntry>();
  for (const { name, source, member } of lock.distributions) {
    const isKnown =
      pins.byKey.has(name) || findUnsigned(pins, name) !== null || findSource(pins, name) !== null;
    if (member || isKnown || lines.has(name)) continue;
    if ("location" in source) lines.set(name, { kind: "source", name, source: source.location });
    else if (line === "pin") lines.set(name, mintedPin(name));
    else lines.set(name, { kind: "unsigned", name, state: "seen" });
  }
  return [...lines.values()];
}
