/** Archives that are about to be unpacked, and what is to be decided about them. */
import {
  type Candidate,
  entriesOf,
  findFile,
  findIndex,
  findSource,
  normalizeName,
  type Origin,
  parseFilename,
  type Pins,
  PubpinError,
} from "@pubpin/shared";

/** An archive at hand. Nothing that others say about it is believed. */
export interface Archive {
  /** Of its bytes, in lower-case hexadecimal. */
  readonly sha256: string;
  /** The project that was asked for, or null where nobody asked by name. */
  readonly name: string | null;
  readonly version: string | null;
  /** What it is called, or called by: perhaps no file name at all. */
  readonly filename: string;
  /** Where it came from, if not from an index. */
  readonly url: string | null;
  /** The folders at its top whose names end with `.dist-info`. */
  readonly metadataFolders: () => readonly string[];
}

const METADATA_FOLDER = /^(?<name>[^-]+)-(?<version>[^-]+)\.dist-info$/i;

/**
 * What is to be decided about an archive; null where neither a request nor the archive itself has
 * the name of a project. Its bytes are looked up on the index that the pins name for the project,
 * wherever they came from: what that index has under the same digest is the same file.
 */
export function candidateOf(archive: Archive, pins: Pins, defaultIndex: string): Candidate | null {
  const { sha256 } = archive;
  const metadataFolders = archive.metadataFolders();
  const [folder = ""] = metadataFolders;
  const inside = METADATA_FOLDER.exec(folder)?.groups;
  const name = nameOf(archive.name ?? inside?.["name"] ?? "");
  if (name === null) return null;
  const pinnedName = pinnedFile(pins, sha256);
  const isWheel = archive.filename.endsWith(".whl") || metadataFolders.length > 0;
  return {
    name,
    version: archive.version ?? inside?.["version"] ?? null,
    filename: pinnedName ?? (isFilename(archive.filename) ? archive.filename : null),
    origin: originOf(archive, name, pinnedName !== null, pins, defaultIndex),
    hashes: [{ algorithm: "sha256", value: sha256 }],
    place: null,
    ...(isWheel ? { metadataFolders } : {}),
  };
}

/** The name of the `#file:` line that accepts these bytes, or null. */
export function pinnedFile(pins: Pins, sha256: string): string | null {
  const line = entriesOf(pins, "file").find(({ entry }) => entry.sha256 === sha256);
  return line?.entry.filename ?? null;
}

function originOf(
  { url, filename }: Archive,
  name: string,
  isPinned: boolean,
  pins: Pins,
  defaultIndex: string,
): Origin {
  if (isPinned || findFile(pins, filename) !== null) return { kind: "local" };
  if (url !== null && findSource(pins, name) !== null) return { kind: "source", source: url };
  return { kind: "index", url: findIndex(pins, name)?.entry.url ?? defaultIndex };
}

function nameOf(text: string): string | null {
  try {
    return normalizeName(text);
  } catch (error) {
    if (error instanceof PubpinError) return null;
    throw error;
  }
}

function isFilename(text: string): boolean {
  try {
    parseFilename(text);
    return true;
  } catch (error) {
    if (error instanceof PubpinError) return false;
    throw error;
  }
}
