/** What the guarding index is told, and what it gives to those who run an installer against it. */
import type { CheckIo, Decision, DecisionCode, ErrorCode, Pins, PinsEntry } from "@pubpin/shared";
import type { Session } from "../session.ts";

/** An index that packages really come from. */
export interface Upstream {
  /** As configured. A user name and password in it stay on our side. */
  readonly url: string;
  /** The name that the installer's configuration gives it, or null. */
  readonly name: string | null;
  /**
   * Whether the installer asks it only for projects that its configuration names (uv's
   * `explicit = true`). Such an index never owns a name only because it has it.
   */
  readonly explicit?: boolean;
}

/** How a guarding index is started. */
export interface GuardingIndexOptions {
  readonly session: Session;
  /** As `openCheckIo` makes it: transport, store, credentials, trust root. */
  readonly io: CheckIo;
  /**
   * At least one, in the order in which a project that is new belongs to the first that has it. The
   * main one is last: uv's default index, and pip's `--index-url` after all of its
   * `--extra-index-url`, which pip itself would mix. A public index before a private one would take
   * over whatever name somebody registers on it.
   */
  readonly upstreams: readonly Upstream[];
  /** The pins that govern what is installed; null where there is no `.provenance.txt` yet. */
  readonly pins: Pins | null;
  /** The index that packages come from where the pins name none; by default the session's. */
  readonly defaultIndex?: string;
  /** Unsigned packages and changed workflows are refused too; by default as the session says. */
  readonly strict?: boolean;
  /** What becomes of publishers, and of further indexes, of projects that are new here. */
  readonly tofu: "refuse" | "accept";
  /**
   * Asked once for each project that is new, before anything signed of it is served, and only where
   * `tofu` is `accept` and the second verifier agrees. By default the answer is `accept`.
   */
  readonly onFirstUse?: (use: NewProject) => Promise<"accept" | "refuse">;
  /** Hears of every refusal as it happens, the same ones again included. */
  readonly onRefusal?: (refusal: Refusal) => void;
  /** Hears of everything that is decided: for logs and figures. */
  readonly onEvent?: (event: GuardingEvent) => void;
  /** What `TOKEN/metrics` answers; by default there is nothing there. */
  readonly metrics?: () => string;
  /** Once aborted, what is under way ends; `close` is still the caller's to call. */
  readonly signal?: AbortSignal;
  /** The address to listen at, by default 127.0.0.1. Only a person may ask for another one. */
  readonly host?: string;
  /** By default 0: any that is free. */
  readonly port?: number;
  /** The secret part of every path; by default a new random one. */
  readonly token?: string;
}

/** A project that the pins did not know, as it was met here. */
export interface NewProject {
  /** Normalised (PEP 503). */
  readonly name: string;
  /** The lines that trust on first use makes of it: a publisher, an index, or both. */
  readonly entries: readonly PinsEntry[];
  /** What they were made from. */
  readonly decision: Decision;
}

/** Something that was asked for and not served, because it may not be, or nobody can tell. */
export interface Refusal {
  readonly code: DecisionCode | ErrorCode;
  /** The HTTP status that the installer got: 403, or 502 where an index failed. */
  readonly status: 403 | 502;
  /** Normalised (PEP 503). */
  readonly name: string;
  readonly filename: string | null;
  /** The URL of the index that it would have come from, without credentials. */
  readonly index: string;
  /** The decision that refused it; null where the page already could not be had. */
  readonly decision: Decision | null;
  /** What was expected and found, in a sentence. */
  readonly message: string;
  /** The whole explanation for a person, in lines, with the remedy: for stderr. */
  readonly text: string;
}

/** Files of a project with a pinned publisher that pages did not show: nobody signed them. */
export interface HiddenFiles {
  readonly name: string;
  readonly index: string;
  readonly filenames: readonly string[];
}

/** Something that happened. Every file that is asked for makes one `served` or `refused`. */
export type GuardingEvent =
  | {
      readonly kind: "served";
      readonly decision: Decision;
      /** Bytes of the file. */
      readonly size: number;
      /** Whether it had been verified for an earlier request. */
      readonly again: boolean;
    }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  | {
      readonly kind: "page";
      readonly name: string;
      readonly index: string;
      readonly hidden: number;
    }
  | { readonly kind: "first-use"; readonly use: NewProject }
  | {
      readonly kind: "upstream";
      /** Milliseconds until the answer's last byte, or until it failed. */
      readonly ms: number;
      /** Null where there was no answer. */
      readonly status: number | null;
    }
  /** An answer of an upstream was taken from the cache, and nothing was asked. */
  | { readonly kind: "cached" };

/** A guarding index that listens. */
export interface GuardingIndex {
  /** Where it listens, with the token, without a slash at the end. */
  readonly baseUrl: string;
  /**
   * The root of the Simple API that stands for an upstream, for UV_DEFAULT_INDEX, `--index-url` and
   * the like. It ends with a slash exactly if the upstream's URL does.
   *
   * @throws INDEX_URL_INVALID for an upstream that is none of those it was started with
   */
  indexUrl(upstream: Upstream): string;
  /**
   * A text, such as a `uv.lock`, with our addresses replaced by the upstreams', which have no
   * credentials. What is no address of ours stays as it is, to the byte.
   */
  toUpstream(text: string): string;
  /**
   * A text with the upstreams' addresses, roots of indexes and files of distributions, replaced by
   * ours. `toUpstream(fromUpstream(text))` is `text`.
   */
  fromUpstream(text: string): string;
  /** Every refusal so far, each once. */
  readonly refusals: readonly Refusal[];
  /** Every new project that was accepted so far. */
  readonly firstUses: readonly NewProject[];
  /** What pages have not shown so far: why an installer may say that there is no version. */
  readonly hidden: readonly HiddenFiles[];
  /** The pins with what was accepted here: what is decided by from now on. */
  readonly pins: Pins;
  /** Ends what is under way, and returns once nothing is left: no socket, no file. */
  close(): Promise<void>;
}
