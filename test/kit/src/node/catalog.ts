/** What a local index holds. */
import type { ProvenanceBundle, VirtualSigstore } from "@pubpin/test-kit";
import { normalized } from "./faults.ts";
import { sha256Hex, wheelMetadata } from "./wheel.ts";

/** A file for a local index. */
export interface LocalFile {
  readonly filename: string;
  /** The file's bytes, or what a page says of a file that cannot be downloaded. */
  readonly content: Uint8Array | { readonly sha256: string; readonly size: number };
  /** By default what the file name says. */
  readonly project?: string | undefined;
  readonly version?: string | undefined;
  /**
   * A finished document, or who attests: the index's Sigstore then signs when the document is first
   * asked for. By default the file is not attested.
   */
  readonly provenance?: Uint8Array | readonly ProvenanceBundle[] | undefined;
  /** PEP 592: a reason, perhaps empty. */
  readonly yanked?: string | undefined;
  /** ISO 8601; by default a fixed date. */
  readonly uploadTime?: string | undefined;
}

/** A file that an index holds. */
export interface HeldFile {
  readonly filename: string;
  /** Normalised. */
  readonly project: string;
  readonly version: string;
  readonly sha256: string;
  readonly size: number;
  readonly bytes: Uint8Array | null;
  /** METADATA of a wheel (PEP 658), or null. */
  readonly metadata: Uint8Array | null;
  readonly requiresPython: string | null;
  readonly yanked: string | null;
  readonly uploadTime: string;
  /** The provenance document; null where the file is not attested. */
  readonly provenance: (() => Promise<Uint8Array>) | null;
}

/** What can be asked of an index about one file. */
export type FilePart = "file" | "metadata" | "provenance";

/** The files of an index. */
export interface Catalog {
  /** Adds a file, or replaces the one with its name. */
  add(file: HeldFile): void;
  remove(filename: string): void;
  /** The projects' normalised names, sorted. */
  projects(): readonly string[];
  /** The files of a project, in the order in which they were added. */
  ofProject(name: string): readonly HeldFile[];
  /** What is at a decoded path. */
  at(path: string): { readonly part: FilePart; readonly file: HeldFile } | null;
}

const UPLOAD_TIME = "2025-01-01T00:00:00.000000Z";

/** Without files. */
export function createCatalog(): Catalog {
  const byName = new Map<string, HeldFile>();
  const byProject = new Map<string, Map<string, HeldFile>>();
  const byPath = new Map<string, { readonly part: FilePart; readonly file: HeldFile }>();
  const remove = (filename: string): void => {
    const file = byName.get(filename);
    if (file === undefined) return;
    byName.delete(filename);
    byProject.get(file.project)?.delete(filename);
    for (const path of Object.values(pathsOf(file))) byPath.delete(path);
  };
  return {
    remove,
    add(file) {
      remove(file.filename);
      byName.set(file.filename, file);
      const project = byProject.get(file.project) ?? new Map<string, HeldFile>();
      byProject.set(file.project, project.set(file.filename, file));
      for (const part of ["file", "metadata", "provenance"] as const) {
        byPath.set(pathsOf(file)[part], { part, file });
      }
    },
    projects: () => [...byProject].flatMap(([name, { size }]) => (size > 0 ? name : [])).toSorted(),
    ofProject: (name) => [...(byProject.get(name)?.values() ?? [])],
    at: (path) => byPath.get(path) ?? null,
  };
}

/**
 * Where the parts of a file are, below the index's root, not percent-encoded: as on PyPI, one
 * address for one content (PEP 658; PyPI documentation, "Integrity API").
 */
export function pathsOf(file: HeldFile): Readonly<Record<FilePart, string>> {
  const { sha256, filename, project, version } = file;
  const path = `/files/${sha256.slice(0, 2)}/${sha256.slice(2)}/${filename}`;
  const provenance = `/integrity/${project}/${version}/${filename}/provenance`;
  return { file: path, metadata: `${path}.metadata`, provenance };
}

/** Prepares a file. `sigstore` signs what is not signed yet. */
export function holdFile(file: LocalFile, sigstore: VirtualSigstore | undefined): HeldFile {
  const { filename, content, yanked = null, uploadTime = UPLOAD_TIME } = file;
  const [name, version] = nameAndVersion(filename);
  const bytes = content instanceof Uint8Array ? content : null;
  const metadata = bytes !== null && filename.endsWith(".whl") ? wheelMetadata(bytes) : null;
  const size = content instanceof Uint8Array ? content.length : content.size;
  const sha256 = content instanceof Uint8Array ? sha256Hex(content) : content.sha256;
  return {
    filename,
    project: normalized(file.project ?? name),
    version: file.version ?? version,
    sha256,
    size,
    bytes,
    metadata,
    requiresPython: requiresPythonOf(metadata),
    yanked,
    uploadTime,
    provenance: provenanceOf(file.provenance, { filename, sha256 }, sigstore),
  };
}

/** A new document for a file, by one publisher. */
export async function signProvenance(
  file: { readonly filename: string; readonly sha256: string },
  bundles: readonly ProvenanceBundle[],
  sigstore: VirtualSigstore | undefined,
): Promise<Uint8Array> {
  if (sigstore === undefined) {
    throw new Error(`${file.filename}: the local index needs a sigstore to sign provenance`);
  }
  return (await sigstore.provenance(file, { bundles })).bytes;
}

function provenanceOf(
  given: LocalFile["provenance"],
  file: { readonly filename: string; readonly sha256: string },
  sigstore: VirtualSigstore | undefined,
): HeldFile["provenance"] {
  if (given === undefined) return null;
  if (given instanceof Uint8Array) return async () => given;
  let signed: Promise<Uint8Array> | null = null;
  return async () => (signed ??= signProvenance(file, given, sigstore));
}

function nameAndVersion(filename: string): readonly [string, string] {
  const stem = filename.replace(/\.(?:whl|tar\.gz|zip)$/, "");
  const parts = stem.split("-");
  if (filename.endsWith(".whl")) return [parts[0] ?? "", parts[1] ?? ""];
  return [parts.slice(0, -1).join("-"), parts.at(-1) ?? ""];
}

function requiresPythonOf(metadata: Uint8Array | null): string | null {
  if (metadata === null) return null;
  const [headers = ""] = Buffer.from(metadata)
    .toString("utf8")
    .split(/\r?\n\r?\n/);
  return /^Requires-Python:[ \t]*(?<range>.*?)\r?$/im.exec(headers)?.groups?.["range"] ?? null;
}
