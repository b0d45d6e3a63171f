/** What a local index can get wrong, on demand. */
import type { Publisher } from "@pubpin/test-kit";

/** What can go wrong with any answer. */
export type AnswerFault =
  /** An error with a short body; `retryAfter` is the value of Retry-After. */
  | { readonly kind: "status"; readonly status: number; readonly retryAfter?: string }
  /** The answer comes, but later. */
  | { readonly kind: "slow"; readonly ms: number }
  /** Half of the body, then the connection breaks. */
  | { readonly kind: "cut-off" }
  /** The connection breaks before there is an answer. */
  | { readonly kind: "reset" }
  /** Other content with status 200 and the answer's own type. */
  | { readonly kind: "body"; readonly body: string }
  /** The content, then white space up to this many bytes: JSON and HTML stay what they are. */
  | { readonly kind: "huge"; readonly bytes: number }
  /** A log-in page in HTML with status 200. */
  | { readonly kind: "html" }
  | { readonly kind: "content-type"; readonly type: string }
  | { readonly kind: "redirect"; readonly to: string }
  /** No CORS headers, whatever the status. */
  | { readonly kind: "no-cors" };

/** What can go wrong with a project's page as a whole. */
export type PageFault =
  | AnswerFault
  /** The index has no JSON of this project. */
  | { readonly kind: "html-only" }
  /** PEP 792; a quarantined project has no files. */
  | { readonly kind: "project-status"; readonly status: string; readonly reason?: string }
  /** The page of another project. */
  | { readonly kind: "other-name"; readonly name: string }
  | { readonly kind: "api-version"; readonly version: string };

/** What can go wrong with the entry of one file on its project's page. */
export type EntryFault =
  /** There is provenance, but the page does not say so. */
  | { readonly kind: "missing-key" }
  /** The page names this address, whether or not there is provenance. */
  | { readonly kind: "provenance-url"; readonly url: string }
  /** By default a digest of nothing. */
  | { readonly kind: "wrong-digest"; readonly sha256?: string }
  | { readonly kind: "file-url"; readonly url: string }
  /** The file is not on the page. */
  | { readonly kind: "unlisted" };

/** What can go wrong with a provenance document. */
export type ProvenanceFault =
  | AnswerFault
  /** A document without bundles of attestations. */
  | { readonly kind: "empty-bundles" }
  /** A valid attestation by another publisher: a fork, or a repository with another id. */
  | { readonly kind: "publisher"; readonly publisher: Publisher };

/** What can go wrong with a file. */
export type FileFault =
  | AnswerFault
  /** The file's bytes but for the last one. */
  | { readonly kind: "other-bytes" };

/** The parts of an index that can have faults. */
export interface Faults {
  /** By the project's name, normalised or not. */
  readonly page: PageFault;
  /** This and the others by file name. */
  readonly entry: EntryFault;
  readonly provenance: ProvenanceFault;
  readonly file: FileFault;
  readonly metadata: AnswerFault;
}

/** One fault, for the start of an index. */
export type FaultSetting = {
  readonly [Part in keyof Faults]: {
    readonly part: Part;
    /** `*` stands for everything that has no fault of its own. */
    readonly name: string;
    readonly fault: Faults[Part];
    /** After so many answers the fault is gone; by default it stays. */
    readonly times?: number;
  };
}[keyof Faults];

/** The faults of an index, and how often each still applies. */
export interface FaultBook {
  set(setting: FaultSetting): void;
  clear(part: keyof Faults, name: string): void;
  /** The fault that applies to this answer; that counts as one time. */
  take<Part extends keyof Faults>(part: Part, name: string): Faults[Part] | null;
}

/** A book without faults, or with these. */
export function createFaultBook(settings: readonly FaultSetting[]): FaultBook {
  const entries = new Map<string, { readonly fault: unknown; left: number }>();
  const book: FaultBook = {
    set({ part, name, fault, times = Number.POSITIVE_INFINITY }) {
      entries.set(keyOf(part, name), { fault, left: times });
    },
    clear(part, name) {
      entries.delete(keyOf(part, name));
    },
    take<Part extends keyof Faults>(part: Part, name: string) {
      const entry = entries.get(keyOf(part, name)) ?? entries.get(keyOf(part, "*"));
      if (entry === undefined || entry.left <= 0) return null;
      entry.left--;
      return entry.fault as Faults[Part];
    },
  };
  for (const setting of settings) book.set(setting);
  return book;
}

function keyOf(part: keyof Faults, name: string): string {
  return `${part} ${part === "page" ? normalized(name) : name}`;
}

/** PEP 503. */
export function normalized(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
