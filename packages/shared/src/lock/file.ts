/** Files of distributions, from where the lock says they are. */
import type { Hash, LockedFile } from "../model.ts";
import { readLocation } from "./path.ts";
import { invalid } from "./refuse.ts";
import type { LockText } from "./text.ts";
import {
  decodeFilename,
  lastSegment,
  looksLikeUrl,
  readFilename,
  readFileUrl,
  readWebUrl,
} from "./url.ts";

/** What a lock says of a file besides where it is. */
export interface FileDetails {
  readonly hashes: readonly Hash[];
  readonly size: number | null;
}

/** Where a lock says that a file is: at least one of the three is not null. */
export interface FilePlace {
  readonly name: string | null;
  /** An http, https or file URL. */
  readonly url: string | null;
  /** Relative to the folder given, if it is not absolute. */
  readonly path: string | null;
}

/**
 * A file by its name, its URL or its path; the name, where it is not given, is the last segment of
 * the URL or path.
 *
 * @param folder what a relative path counts from
 * @throws LOCK_INVALID LOCK_UNSUPPORTED
 */
export function readFile(
  { name, url, path }: FilePlace,
  details: FileDetails,
  folder: LockText["folder"],
  where: string,
): LockedFile {
  const link = url === null ? null : readFileLink(url, where);
  const place = path === null ? null : readLocation(path, folder, where);
  const filename =
    name ?? link?.filename ?? (path === null ? null : lastSegment(path.replace(/\/+$/, "")));
  if (filename === null) return invalid(where, "expected the name of a file, found none");
  return {
    filename: readFilename(filename, where),
    url: link?.url ?? null,
    path: place ?? link?.path ?? null,
    hashes: details.hashes,
    size: details.size,
  };
}

function readFileLink(
  given: string,
  where: string,
): { readonly filename: string; readonly url: string | null; readonly path: string | null } {
  if (looksLikeUrl(given) && /^file:/i.test(given)) {
    const { location } = readFileUrl(given, where);
    return { filename: decodeFilename(lastSegment(location), where), url: null, path: location };
  }
  return { ...readWebUrl(given, where), path: null };
}
