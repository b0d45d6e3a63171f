/** What an installer looks for, and where: the guard looks for the same while files are on their way. */
import {
  DEFAULT_INDEX_URL,
  findIndex,
  normalizeName,
  type Pins,
  PubpinError,
  readIndexUrl,
} from "@pubpin/shared";
import type { EvidenceSource, Found } from "./evidence.ts";
import type { Settings } from "./settings.ts";

/** The requests of an installer. None of them is believed: they are reasons to ask oneself. */
export interface Asked {
  /** It asks these indexes for a project. */
  readonly queried: (name: string, indexes: readonly string[]) => void;
  /** It got an answer from one of them. */
  readonly fetched: (name: string, url: string, contentType: string, text: string) => void;
  /** It has chosen a file, which its index says to have this digest; empty where none says so. */
  readonly selected: (name: string, filename: string, sha256: string) => void;
  /**
   * Where the bytes are not on the index that they should be from, they are from another one, if
   * that is what was asked.
   */
  readonly withOrigin: (found: Found) => Found;
}

/** Follows an installer, with the pins as they are at the time. */
export function followInstaller(
  { index: defaultIndex, relay }: Settings,
  evidence: EvidenceSource,
  pins: () => Pins,
): Asked {
  const asked = new Map<string, readonly string[]>();
  const indexOf = (name: string): string => findIndex(pins(), name)?.entry.url ?? defaultIndex;
  return {
    queried: (name, indexes) => {
      asked.set(normalizeName(name), indexes);
    },
    fetched(project, url, contentType, text) {
      const name = normalizeName(project);
      const index = indexOf(name);
      if (url === `${index}/${name}/`) relay.offer(url, contentType, text);
      evidence.prepare(index, name);
    },
    selected(project, filename, sha256) {
      const name = normalizeName(project);
      const url = indexOf(name);
      if (sha256 === "") {
        evidence.prepare(url, name);
        return;
      }
      const hashes = [{ algorithm: "sha256", value: sha256 }];
      const origin = { kind: "index", url } as const;
      const early = { name, version: null, filename, origin, hashes, place: null };
      // Whoever judges the file asks again and gets the same answer, or the same failure.
      evidence.find(early).catch(() => undefined);
    },
    withOrigin(found) {
      const { candidate, evidence: error } = found;
      if (candidate.origin.kind !== "index" || !isElsewhere(error)) return found;
      const indexes = (asked.get(candidate.name) ?? []).map(plainIndex);
      const [url] = indexes;
      if (url === undefined || indexes.includes(candidate.origin.url)) return found;
      return { ...found, candidate: { ...candidate, origin: { kind: "index", url } } };
    },
  };
}

function isElsewhere(evidence: Found["evidence"]): boolean {
  if (!(evidence instanceof PubpinError)) return false;
  return evidence.code === "HASH_NOT_ON_INDEX" || evidence.code === "PROJECT_NOT_ON_INDEX";
}

/** The address of an index as micropip knows it, without its place for the project's name. */
function plainIndex(asked: string): string {
  const [text = ""] = asked.split("/{package_name}");
  try {
    return readIndexUrl(text === "PYPI" ? DEFAULT_INDEX_URL : text).url;
  } catch (error) {
    if (error instanceof PubpinError) return text;
    throw error;
  }
}
