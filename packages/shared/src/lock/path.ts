/** Paths as locks write them: as locations that count from the folder that the lock's path counts from. */
import { quote } from "../bytes/quote.ts";
import { invalid, unsupported } from "./refuse.ts";

const HIDDEN = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/u;
const DRIVE = /^[A-Za-z]:(?:\/|$)/;
/** How installers tell an archive from a folder where the lock does not. */
const ARCHIVE = /\.(?:whl|zip|tar|tar\.(?:gz|bz2|xz|lzma|zst|Z)|t(?:gz|bz|bz2|xz|lz))$/;

/** Whether a path or URL is that of an archive, by its name. */
export function isArchive(path: string): boolean {
  return ARCHIVE.test(path);
}

/**
 * The location of a path: `.`, or beginning with `./`, `../` or `file:///`, without other dot
 * segments and without a slash at the end.
 *
 * @param folder what a relative path counts from: empty, or with a slash at the end
 * @throws LOCK_INVALID when it is empty or hides something
 * @throws LOCK_UNSUPPORTED when it has a backslash: what that means depends on the system
 */
export function readLocation(path: string, folder: string, where: string): string {
  requirePlain(path, where);
  if (isAbsolute(path)) return absoluteLocation(path, where);
  if (isAbsolute(folder)) return absoluteLocation(folder + path, where);
  const segments = tidy(folder + path, false);
  if (segments.length === 0) return ".";
  const joined = segments.join("/");
  return segments[0] === ".." ? joined : `./${joined}`;
}

/** The location of an absolute path: a `file:` URL as the WHATWG URL standard writes it. */
export function absoluteLocation(path: string, where: string): string {
  requirePlain(path, where);
  const url = new URL("file:///");
  url.pathname = tidy(path, true).join("/").replaceAll("%", "%25");
  return url.href;
}

/** Whether a path of a lock is the folder in which the lock lies. */
export function isOwnFolder(path: string): boolean {
  return path !== "" && path.split("/").every((segment) => segment === "" || segment === ".");
}

/** Whether a path begins at a root, be it of POSIX or of a drive. */
export function isAbsolute(path: string): boolean {
  return path.startsWith("/") || DRIVE.test(path);
}

function tidy(path: string, isRooted: boolean): readonly string[] {
  const tidied: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") tidied.push(segment);
    else if (tidied.length > 0 && tidied.at(-1) !== "..") tidied.pop();
    else if (!isRooted) tidied.push(segment);
  }
  return tidied;
}

function requirePlain(path: string, where: string): void {
  if (path === "" || HIDDEN.test(path)) {
    invalid(where, `expected a path without control characters, found ${quote(path)}`);
  }
  if (path.includes("\\")) {
    unsupported(where, `expected a path with "/", found ${quote(path)}`);
  }
}
