/** What pip is asked for: a name, a folder of one's own, a file with a pin, or nothing else. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { entriesOf, fail, findFile, type Pins, sameSource } from "@pubpin/shared";
import { pathFrom } from "../../node/pins-location.ts";
import { redact } from "../../node/redact.ts";

/** By what sources are judged. */
export interface SourceRules {
  /** The folder that paths count from: pip's own. */
  readonly cwd: string;
  /** The folder whose contents are the user's own: the repository, or the current one. */
  readonly own: string;
  readonly pins: Pins;
  readonly pinsPath: string;
}

/** What one requirement is. */
export type Source =
  | { readonly kind: "name"; readonly text: string }
  | { readonly kind: "folder"; readonly text: string; readonly folder: string }
  | {
      readonly kind: "file";
      readonly text: string;
      readonly path: string;
      readonly sha256: string;
    };

/**
 * PEP 508 without URLs: a name, extras, versions, a marker. pip takes a text with a separator of
 * paths in it, or the ending of an archive, for a path.
 */
const NAMED =
  /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])? *(?:\[[A-Za-z0-9._, -]*\])? *(?:\(?[<>=!~][^;@/\\()"'#]*\)?)?(?: *;[^#\\]*)?$/;
const ARCHIVE = /\.(?:whl|zip|tar|tgz|tbz|txz|tlz|tar\.(?:gz|bz2|xz|lz|lzma))$/i;
const EXTRAS = /^(?<path>.+?)(?<extras>\[[A-Za-z0-9._, -]*\])?$/s;
const URL_FORM = /^(?:[a-z0-9+.-]+ *@ *)?[a-z][a-z0-9+.-]*:(?:\/\/)?/i;
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/**
 * Judges one requirement of the command line or of a file, without extras, hashes and the like.
 *
 * @param text as it is written
 * @param where for messages
 * @throws USAGE_INVALID for what can be none
 * @throws SOURCE_REFUSED for what no index vouches for and no pin names
 */
export function readSource(text: string, where: string, rules: SourceRules): Source {
  if (CONTROL.test(text)) fail("USAGE_INVALID", `${where}: expected a requirement on one line`);
  const [beforeMarker = ""] = text.split(";");
  if (NAMED.test(text) && !ARCHIVE.test(beforeMarker.trim())) return { kind: "name", text };
  const local = localPath(text, rules.cwd);
  if (local === null) return refuse(text, where);
  const stats = statSync(local.path, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) {
    requireOwnFolder(local.path, where, rules);
    return { kind: "folder", text, folder: local.path };
  }
  if (stats?.isFile() === true && ARCHIVE.test(local.path)) {
    return pinnedFile(local, where, rules);
  }
  return fail("USAGE_INVALID", `${where}: ${redact(text)}: expected a name, a folder or a file`);
}

/**
 * Judges what is installed so that it can be edited (`-e`): a folder of one's own.
 *
 * @throws USAGE_INVALID SOURCE_REFUSED
 */
export function readEditable(text: string, where: string, rules: SourceRules): Source {
  const local = CONTROL.test(text) ? null : localPath(text, rules.cwd);
  const isFolder =
    local !== null && statSync(local.path, { throwIfNoEntry: false })?.isDirectory() === true;
  if (!isFolder) return refuse(text, where);
  requireOwnFolder(local.path, where, rules);
  return { kind: "folder", text, folder: local.path };
}

interface LocalPath {
  readonly path: string;
  readonly extras: string;
}

/** A path as pip reads it, or null for an address. */
function localPath(text: string, cwd: string): LocalPath | null {
  const { path = "", extras = "" } = EXTRAS.exec(text.trim())?.groups ?? {};
  const isDrive = /^[a-z]:[\\/]/i.test(path);
  if (!URL_FORM.test(path) || isDrive) return { path: resolve(cwd, path), extras };
  if (!/^file:\/\/\/[^#?]*$/i.test(path)) return null;
  return { path: fileURLToPath(path), extras };
}

/** A folder of the project's own is what a person works on; another one needs its line. */
function requireOwnFolder(
  folder: string,
  where: string,
  { own, pins, pinsPath }: SourceRules,
): void {
  if (isBelow(folder, own)) return;
  const way = pathFrom(dirname(pinsPath), folder);
  const locations = [pathToFileURL(folder).href, way.startsWith("../") ? way : `./${way}`];
  const isPinned = entriesOf(pins, "source").some(({ entry }) =>
    locations.some((location) => sameSource(entry.source, location)),
  );
  if (isPinned) return;
  fail(
    "SOURCE_REFUSED",
    `${where}: ${folder}: it lies outside of ${own}, and no #source: line names it: add one`,
  );
}

/** Whether a path is a folder or lies in it; both absolute. */
export function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** A file at hand counts by its bytes alone; pip checks them again by the hash in its address. */
function pinnedFile({ path, extras }: LocalPath, where: string, { pins }: SourceRules): Source {
  const filename = basename(path);
  const pin = findFile(pins, filename);
  const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
  if (pin === null || pin.entry.sha256 !== sha256) {
    const expected = pin === null ? "a #file: line for it" : `sha256:${pin.entry.sha256}`;
    fail(
      "SOURCE_REFUSED",
      `${where}: ${filename}: expected ${expected}, found sha256:${sha256}: whoever made it, these ` +
        `bytes are accepted by the line "#file:${filename}  sha256:${sha256}"`,
    );
  }
  if (extras !== "") {
    fail("USAGE_INVALID", `${where}: ${filename}${extras}: expected a file without extras`);
  }
  return { kind: "file", text: `${pathToFileURL(path).href}#sha256=${sha256}`, path, sha256 };
}

function refuse(text: string, where: string): never {
  return fail(
    "SOURCE_REFUSED",
    `${where}: ${redact(text)}: expected a package from an index, found an address, which nobody ` +
      "vouches for: download it, look it over, pin the file (`#file:`), and name its path",
  );
}
