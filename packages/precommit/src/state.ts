/** What one tree says of locks: its configuration, and its provenance files. */
import { type Pins, parsePins, PubpinError } from "@pubpin/shared";
import type { Blobs } from "./blobs.ts";
import { folderOf, foldersUpFrom } from "./paths.ts";
import type { TreeEntry } from "./raw-diff.ts";
import type { Tree } from "./repository.ts";
import { CONFIGURATION_PATHS, type Flags, readSettings, type Settings } from "./settings.ts";

/** A provenance file of a tree: what it says, or why it cannot be read. */
export type ReadPins = Pins | PubpinError;

/** A tree with what it says. */
export interface State {
  readonly tree: Tree;
  readonly settings: Settings;
  /** The provenance files, by path. */
  readonly pins: ReadonlyMap<string, ReadPins>;
  /** Every path that a line of theirs calls a lock, with the file that has the line. */
  readonly recorded: ReadonlyMap<string, readonly string[]>;
}

/** What has been read of several trees. */
export interface Readings {
  readonly blobs: Blobs;
  readonly flags: Flags;
  readonly pins: Map<string, ReadPins>;
}

const FILE_MODES: ReadonlySet<string> = new Set(["100644", "100755", "100664"]);

/** Whether an entry of a tree is a file, and no symbolic link or submodule. */
export function isFile(entry: TreeEntry | null | undefined): entry is TreeEntry {
  return FILE_MODES.has(entry?.mode ?? "");
}

/**
 * Reads what a tree says.
 *
 * @param onBadSettings where a configuration cannot be used: to refuse it, or to go on as if there
 *   were none, which narrows nothing
 * @throws USAGE_INVALID LIMIT_EXCEEDED HISTORY_INCOMPLETE
 */
export async function readState(
  tree: Tree,
  readings: Readings,
  onBadSettings: "refuse" | "ignore",
): Promise<State> {
  const settings = await settingsOf(tree, readings, onBadSettings);
  const paths = [...tree.keys()].filter((path) => isPinsPath(path, settings));
  readings.blobs.load(paths.flatMap((path) => fileOid(tree, path) ?? []));
  const pins = new Map(paths.map((path) => [path, pinsAt(path, tree, readings)]));
  return { tree, settings, pins, recorded: recordedBy(pins) };
}

/** The file that governs a path: the nearest of its name in the folder or above. */
export function governing({ tree, settings }: State, path: string): string | null {
  for (const folder of foldersUpFrom(folderOf(path))) {
    const candidate = folder + settings.file;
    if (tree.has(candidate)) return candidate;
  }
  return null;
}

/** A path as a line of this provenance file writes it. */
export function pathWithin(pinsPath: string, path: string): string {
  return path.slice(folderOf(pinsPath).length);
}

function isPinsPath(path: string, { file }: Settings): boolean {
  return path === file || path.endsWith(`/${file}`);
}

async function settingsOf(
  tree: Tree,
  { blobs, flags }: Readings,
  onBadSettings: "refuse" | "ignore",
): Promise<Settings> {
  const { packageJson, pyproject } = CONFIGURATION_PATHS;
  const oids = [packageJson, pyproject].map((path) => fileOid(tree, path));
  blobs.load(oids.flatMap((oid) => oid ?? []));
  const contentOf = (path: string): Uint8Array | null => {
    const oid = fileOid(tree, path);
    return oid === null ? null : blobs.bytes(oid, path);
  };
  try {
    const files = { packageJson: contentOf(packageJson), pyproject: contentOf(pyproject) };
    return await readSettings(files, flags);
  } catch (error) {
    const isBad = error instanceof PubpinError && error.code !== "HISTORY_INCOMPLETE";
    if (!isBad || onBadSettings === "refuse") throw error;
    return readSettings({ packageJson: null, pyproject: null }, flags);
  }
}

function pinsAt(path: string, tree: Tree, { blobs, pins: known }: Readings): ReadPins {
  const oid = fileOid(tree, path);
  if (oid === null) {
    return new PubpinError(
      "PATH_NOT_A_FILE",
      `${path}: expected a file, found a symbolic link or submodule`,
    );
  }
  const key = `${oid} ${path}`;
  const pins = known.get(key) ?? parse(path, oid, blobs);
  known.set(key, pins);
  return pins;
}

function parse(path: string, oid: string, blobs: Blobs): ReadPins {
  try {
    return parsePins(blobs.bytes(oid, path), path);
  } catch (error) {
    if (error instanceof PubpinError && error.code !== "HISTORY_INCOMPLETE") return error;
    throw error;
  }
}

function recordedBy(pins: ReadonlyMap<string, ReadPins>): ReadonlyMap<string, readonly string[]> {
  const recorded = new Map<string, readonly string[]>();
  for (const [path, content] of pins) {
    if (content instanceof PubpinError) continue;
    for (const { entry } of content.lines) {
      if (entry?.kind !== "lock" && entry?.kind !== "lock-bytes") continue;
      const lock = folderOf(path) + entry.path;
      recorded.set(lock, [...(recorded.get(lock) ?? []), path]);
    }
  }
  return recorded;
}

function fileOid(tree: Tree, path: string): string | null {
  const entry = tree.get(path);
  return isFile(entry) ? entry.oid : null;
}
