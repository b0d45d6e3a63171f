/** Pyodide's own packages: rebuilt from others' sources, and so accepted by their digests alone. */
import {
  type Decision,
  decodeUtf8,
  type Distribution,
  type DistributionSource,
  entriesOf,
  lockDigest,
  normalizeName,
  type Pins,
} from "@pubpin/shared";
import type { Archive } from "../archive.ts";
import { OFFICIAL_LOCKS } from "../generated/official-locks.ts";
import type { OwnDecision } from "../judge.ts";
import { decisionOf } from "../unvouched.ts";
import type { LockEntry, PyodideApi } from "./internals.ts";

type Packages = Readonly<Record<string, LockEntry>>;

/** SHA-256 by normalised name, of a lock that can be trusted. */
interface TrustedLock {
  readonly digests: ReadonlyMap<string, string>;
  /** In words. */
  readonly source: string;
}

const SHA256 = /^[0-9a-f]{64}$/;
const NONE: TrustedLock = { digests: new Map(), source: "" };

/**
 * Accepts the packages of a lock that can be trusted: the official one of this very version of
 * Pyodide, or one whose digest the pins hold. Where Pyodide was started with another lock, the
 * official one beside it is asked for; what both have with the same digest is accepted.
 */
export async function ownPackages(api: PyodideApi, pins: Pins): Promise<OwnDecision> {
  const official = OFFICIAL_LOCKS[api.version];
  const accepted = new Set(entriesOf(pins, "lock").map(({ entry }) => entry.digest));
  const trust = async (packages: Packages): Promise<TrustedLock | null> => {
    const found = await digestOfLock(packages);
    if (found === null) return null;
    const isOfficial = official !== undefined && found === `v1-sha256:${official}`;
    if (!isOfficial && !accepted.has(found)) return null;
    const source = isOfficial ? `the official lock of Pyodide ${api.version}` : "a #lock: line";
    return { digests: digestsOf(packages), source };
  };
  const used = await trust(api.lockfile_packages);
  let beside: Promise<TrustedLock | null> | null = null;
  return async (archive) => {
    const { name, sha256 } = archive;
    if (name === null) return null;
    const lock = used ?? (await (beside ??= lockBeside(api).then(trust))) ?? NONE;
    return lock.digests.get(normalizeName(name)) === sha256
      ? acceptedBy(lock.source, archive)
      : null;
  };
}

function acceptedBy(source: string, archive: Archive): Decision {
  const { name, version, filename, sha256 } = archive;
  return decisionOf({
    code: "FILE_PINNED",
    verdict: "pass",
    name: normalizeName(name ?? ""),
    version,
    filename,
    sha256,
    message: `accepted by its bytes, which are those in ${source}`,
  });
}

/** The lock in the folder that Pyodide itself comes from; an empty one where there is none. */
async function lockBeside({ config, loadBinaryFile }: PyodideApi): Promise<Packages> {
  try {
    const bytes = await loadBinaryFile(`${String(config["indexURL"])}pyodide-lock.json`);
    const lock = JSON.parse(decodeUtf8(bytes, "pyodide-lock.json")) as { packages: Packages };
    return lock.packages;
  } catch {
    return {};
  }
}

function digestsOf(packages: Packages): ReadonlyMap<string, string> {
  return new Map(
    Object.values(packages).map(({ name, sha256 }) => [
      normalizeName(String(name)),
      String(sha256),
    ]),
  );
}

/** The digest of a lock as `#lock:` lines have it; null where an entry is not as it should be. */
async function digestOfLock(packages: Packages): Promise<string | null> {
  const distributions: Distribution[] = [];
  for (const entry of Object.values(packages)) {
    const distribution = distributionOf(entry);
    if (distribution === null) return null;
    distributions.push(distribution);
  }
  if (distributions.length === 0) return null;
  return lockDigest({
    path: "pyodide-lock.json",
    format: "pyodide",
    distributions,
    directives: [],
    logins: [],
  });
}

/** An entry as the reader of locks in `@pubpin/shared` has it, for what the digest is made of. */
function distributionOf(entry: LockEntry): Distribution | null {
  const { name, version, file_name: place, sha256 } = entry;
  if (typeof name !== "string" || typeof version !== "string" || typeof place !== "string") {
    return null;
  }
  if (typeof sha256 !== "string" || !SHA256.test(sha256)) return null;
  const isUrl = /^[a-z][a-z0-9+.-]+:/i.test(place);
  const source: DistributionSource = isUrl
    ? { kind: "index", url: null, alternatives: [] }
    : { kind: "pyodide" };
  const filename = isUrl ? filenameAt(place) : place;
  const hashes = [{ algorithm: "sha256", value: sha256 }];
  const file = { filename, url: null, path: null, hashes, size: null };
  const files = [file];
  return { name: normalizeName(name), version, source, files, member: false, line: null };
}

/** The name of the file at a URL. */
export function filenameAt(url: string): string {
  const [path = ""] = url.split(/[?#]/);
  const last = path.slice(path.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
