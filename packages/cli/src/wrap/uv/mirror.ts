/**
 * A stand-in for projects, in which uv may write: the files that it changes are copies, and
 * everything else leads to the real place. Nothing real changes before it was verified.
 */
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, parse, relative, sep } from "node:path";
import { MAX_LOCK_BYTES } from "@pubpin/shared";
import { readFileIfAny } from "../../node/read-file.ts";

/** A file that uv may change. */
interface Copied {
  /** Where it really is. */
  readonly path: string;
  /** What it holds; null where there is none. */
  readonly text: string | null;
}

/** A file that is to be put in the real place. */
export interface ChangedFile {
  readonly path: string;
  /** What it must still hold; null where there must be none. */
  readonly before: string | null;
  readonly after: string;
}

/** The stand-in. */
export interface Mirror {
  /** Where a real path is in it. */
  readonly at: (path: string) => string;
  /** What is different in it now. */
  readonly changes: () => Promise<readonly ChangedFile[]>;
}

/** How a text is changed on the way into the mirror, and back. */
export interface Translation {
  readonly into: (text: string) => string;
  readonly back: (text: string) => string;
}

/** Environments: uv would start their Python, and nobody has looked into them yet. */
const LEFT_OUT: ReadonlySet<string> = new Set([".venv"]);

/**
 * Makes a mirror below a folder.
 *
 * @param tops the folders that it begins with: what lies beside them is there only as far as they
 *   name it by path
 * @param files what uv may change, each in one of these folders
 * @throws FILE_UNREADABLE LIMIT_EXCEEDED
 */
export async function makeMirror(
  base: string,
  tops: readonly string[],
  files: readonly string[],
  { into, back }: Translation,
): Promise<Mirror> {
  const at = (path: string): string => join(base, relative(parse(path).root, path));
  const copied: readonly Copied[] = await Promise.all(
    files.map(async (path) => ({ path, text: await readText(path) })),
  );
  const folders = new Set(files.flatMap((file) => foldersDownTo(file, tops)));
  for (const folder of [...folders].toSorted()) mkdirSync(at(folder), { recursive: true });
  for (const folder of folders) fill(folder, at, folders, new Set(files));
  for (const { path, text } of copied) if (text !== null) writeFileSync(at(path), into(text));
  const changes = async (): Promise<readonly ChangedFile[]> => {
    const all = await Promise.all(
      copied.map(async ({ path, text: before }) => {
        const written = await readText(at(path));
        return { path, before, after: written === null ? null : back(written) };
      }),
    );
    return all.flatMap(({ path, before, after }) =>
      after === null || after === before ? [] : [{ path, before, after }],
    );
  };
  return { at, changes };
}

/** The folders from the outermost top that a file lies in down to its own. */
function foldersDownTo(file: string, tops: readonly string[]): readonly string[] {
  const folder = dirname(file);
  const holding = tops.filter((top) => folder === top || folder.startsWith(top + sep));
  const [top = folder] = holding.toSorted((a, b) => a.length - b.length);
  const found: string[] = [];
  for (let current = folder; ; current = dirname(current)) {
    found.push(current);
    if (current === top) return found;
  }
}

function fill(
  folder: string,
  at: (path: string) => string,
  folders: ReadonlySet<string>,
  files: ReadonlySet<string>,
): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (folders.has(path) || files.has(path) || LEFT_OUT.has(entry.name)) continue;
    symlinkSync(path, at(path), entry.isDirectory() ? "junction" : "file");
  }
}

async function readText(path: string): Promise<string | null> {
  const bytes = await readFileIfAny(path, MAX_LOCK_BYTES, path);
  return bytes === null
    ? null
    : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}
