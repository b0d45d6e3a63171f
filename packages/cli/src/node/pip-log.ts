/** What the log of pip says of where it found the files that it locked: its lock does not say it. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { unreadable } from "./read-file.ts";

/** Where pip found files. */
export interface PipSources {
  /**
   * By the address of each file that was asked for: the pages that link to it, in the order in which
   * pip read them. None for a file of which the log says nothing.
   */
  readonly pages: ReadonlyMap<string, readonly string[]>;
  /** Every page that pip asked for, once each, in that order: the main index comes first. */
  readonly asked: readonly string[];
  /** Whether pip sent a user name or password with an address. */
  readonly hasLogins: boolean;
}

/** A line of the log: time, perhaps an indentation, words. */
const PAGE = /^\S+ +Fetching project page and analyzing links: (?<url>\S+)/;
const LINK = /^\S+ +Found link (?<url>\S+) /;
const LOGIN = /^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i;

/**
 * Reads a log that pip wrote with `--log`.
 *
 * @param urls addresses of files. All addresses are compared, and returned, without user names and
 *   passwords, which the log does not have in full
 * @throws FILE_UNREADABLE
 */
export async function readPipLog(path: string, urls: readonly string[]): Promise<PipSources> {
  const wanted = new Map(urls.map((url) => [comparable(url), url]));
  const pages = new Map<string, readonly string[]>();
  const asked = new Set<string>();
  let page: string | null = null;
  let hasLogins = false;
  try {
    for await (const line of createInterface({ input: createReadStream(path) })) {
      const next = PAGE.exec(line)?.groups?.["url"];
      if (next !== undefined) {
        hasLogins ||= LOGIN.test(next);
        page = next.replace(LOGIN, "$1");
        asked.add(page);
      }
      const link = LINK.exec(line)?.groups?.["url"];
      const url = link === undefined ? undefined : wanted.get(comparable(link));
      if (url === undefined || page === null) continue;
      pages.set(url, [...new Set([...(pages.get(url) ?? []), page])]);
    }
  } catch (error) {
    throw unreadable(path, error);
  }
  return { pages, asked: [...asked], hasLogins };
}

function comparable(url: string): string {
  return url.replace(LOGIN, "$1").replace(/#.*$/s, "");
}
