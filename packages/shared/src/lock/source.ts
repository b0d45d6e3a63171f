/** The sources of distributions, each made in one place from what the formats say. */
import type { DistributionSource, VcsName } from "../model.ts";
import { isArchive, readLocation } from "./path.ts";
import { invalid, unsupported } from "./refuse.ts";
import type { LockText } from "./text.ts";
import {
  type LockUrl,
  looksLikeUrl,
  quoteUrl,
  readFileUrl,
  readIndexUrl,
  readPairs,
  readRepositoryUrl,
  readUrl,
} from "./url.ts";

/** The version control systems, for formats that use their names as keys. */
export const VCS_NAMES = ["git", "hg", "svn", "bzr"] as const;

const VCS_PREFIX = /^(?<vcs>git|hg|svn|bzr)\+(?<url>.+)$/s;
const GIT_COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;
/** What the query of a repository's URL may say in uv's and pixi's locks. */
const QUERY_KEYS = ["branch", "lfs", "path", "rev", "subdirectory", "tag"];
const PARTS = ["lfs", "path", "subdirectory"] as const;
/** What the fragment of pip's URLs may say besides hashes. */
const FRAGMENT_KEYS = ["egg", "subdirectory"];

/** What is asked of a repository besides its URL. */
export interface VcsDetails {
  /** The commit that was locked; with Git, anything but a full commit is a mere reference. */
  readonly revision: string | null;
  /** The branch, tag or commit that the lock was made from. */
  readonly requested: string | null;
  readonly subdirectory: string | null;
}

/** From an index that the lock does not name. */
export const UNNAMED_INDEX: DistributionSource = { kind: "index", url: null, alternatives: [] };

/** From the index with this URL, or, where it is no URL, from this folder. */
export function indexSource(given: string, lock: LockText, where: string): DistributionSource {
  const url = looksLikeUrl(given)
    ? readIndexUrl(given, lock.logins, where)
    : readLocation(given, lock.folder, where);
  return { kind: "index", url, alternatives: [] };
}

/** From a repository whose URL and commit the lock gives apart. */
export function vcsSource(
  vcs: VcsName,
  url: string,
  details: VcsDetails,
  where: string,
): DistributionSource {
  const repository = readRepositoryUrl(url, where);
  requireNoMore(repository, url, where);
  const { revision, requested, subdirectory } = details;
  const parts = subdirectory === null ? [] : [["subdirectory", subdirectory] as const];
  return {
    kind: "vcs",
    vcs,
    location: `${vcs}+${repository.base}`,
    ...commitOf(vcs, revision, requested),
    part: formatPart(new Map(parts)),
  };
}

/**
 * From a Git repository as uv and pixi write it: the reference, folder and the like in the query,
 * the commit behind `#`, or `@` as pip has it.
 */
export function gitQuerySource(given: string, where: string): DistributionSource {
  const { base, query, fragment } = readRepositoryUrl(given, where);
  const pairs = readPairs(query.slice(1), QUERY_KEYS, where);
  const { url, revision } = splitRevision(base);
  if (fragment !== "" && revision !== null) {
    invalid(where, `expected one commit in ${quoteUrl(given)}, found two`);
  }
  const commit = fragment === "" ? revision : fragment;
  if (commit === null || !GIT_COMMIT.test(commit)) {
    invalid(where, `expected a repository with a full commit, found ${quoteUrl(given)}`);
  }
  const requested = pairs.get("rev") ?? pairs.get("tag") ?? pairs.get("branch") ?? null;
  return {
    kind: "vcs",
    vcs: "git",
    location: `git+${url}`,
    ...commitOf("git", commit, requested),
    part: formatPart(pairs),
  };
}

/** A source as pip spells it, with what its fragment says. */
export interface PipSource {
  readonly source: DistributionSource;
  /** The `egg` of the fragment, or null. */
  readonly egg: string | null;
}

/**
 * From a URL as pip reads it: `git+URL@REVISION`, an archive, or `file:///PATH`, each perhaps with
 * `#egg=NAME` and `#subdirectory=FOLDER`. Hashes in the fragment are the caller's.
 */
export function pipSource(given: string, where: string): PipSource {
  const { vcs, url = "" } = VCS_PREFIX.exec(given)?.groups ?? {};
  if (vcs === undefined) {
    const { fragment } = readUrl(given, where);
    const pairs = readPairs(withoutHashes(fragment), FRAGMENT_KEYS, where);
    const source = urlSource(given, pairs.get("subdirectory") ?? null, where);
    return { source, egg: pairs.get("egg") ?? null };
  }
  const repository = readRepositoryUrl(url, where);
  const pairs = readPairs(repository.fragment, FRAGMENT_KEYS, where);
  requireNoMore({ ...repository, fragment: "" }, given, where);
  const { url: base, revision } = splitRevision(repository.base);
  return {
    source: {
      kind: "vcs",
      vcs: vcs as VcsName,
      location: `${vcs}+${base}`,
      ...commitOf(vcs as VcsName, revision, null),
      part: formatPart(pairs),
    },
    egg: pairs.get("egg") ?? null,
  };
}

/** From an archive at a URL, or from what a `file:` URL names. The fragment is the caller's. */
export function urlSource(
  given: string,
  subdirectory: string | null,
  where: string,
): DistributionSource {
  const { scheme, base, query } = readUrl(given, where);
  const part = formatPart(new Map(subdirectory === null ? [] : [["subdirectory", subdirectory]]));
  if (scheme === "file") {
    const { location } = readFileUrl(given, where);
    return { kind: isArchive(location) ? "path" : "directory", location, part };
  }
  if (scheme !== "http" && scheme !== "https") {
    unsupported(where, `expected an http, https or file URL, found ${quoteUrl(given)}`);
  }
  return { kind: "url", location: base + query, part };
}

/** From a path. */
export function pathSource(
  kind: "path" | "directory" | "editable" | "virtual",
  path: string,
  subdirectory: string | null,
  lock: LockText,
  where: string,
): DistributionSource {
  const parts = subdirectory === null ? [] : [["subdirectory", subdirectory] as const];
  return {
    kind,
    location: readLocation(path, lock.folder, where),
    part: formatPart(new Map(parts)),
  };
}

/** The hashes in the fragment of a pip URL, `ALGORITHM=HEX`. */
export function hashesInFragment(fragment: string): readonly (readonly [string, string])[] {
  return fragment
    .split("&")
    .filter(isHashPair)
    .map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]);
}

function withoutHashes(fragment: string): string {
  return fragment
    .split("&")
    .filter((pair) => !isHashPair(pair))
    .join("&");
}

function isHashPair(pair: string): boolean {
  return /^(?:md5|sha\d)/.test(pair);
}

function commitOf(
  vcs: VcsName,
  revision: string | null,
  requested: string | null,
): { readonly commit: string | null; readonly reference: string | null } {
  if (vcs !== "git") return { commit: revision, reference: requested };
  if (revision !== null && GIT_COMMIT.test(revision)) {
    return { commit: revision.toLowerCase(), reference: requested };
  }
  return { commit: null, reference: revision ?? requested };
}

/** What stands behind an `@` in the path is the revision. */
function splitRevision(base: string): { readonly url: string; readonly revision: string | null } {
  const at = base.lastIndexOf("@");
  if (at <= base.indexOf("/", base.indexOf("//") + 2)) return { url: base, revision: null };
  return { url: base.slice(0, at), revision: base.slice(at + 1) };
}

function requireNoMore({ query, fragment }: LockUrl, given: string, where: string): void {
  if (query !== "" || fragment !== "") {
    unsupported(
      where,
      `expected the URL of a repository without query and fragment, found ${quoteUrl(given)}`,
    );
  }
}

function formatPart(pairs: ReadonlyMap<string, string>): string | null {
  const part = PARTS.flatMap((key) => {
    const value = pairs.get(key);
    if (value === undefined || (key === "lfs" && value.toLowerCase() !== "true")) return [];
    return [`${key}=${encodeURIComponent(key === "lfs" ? "true" : value)}`];
  });
  return part.length === 0 ? null : part.join("&");
}
