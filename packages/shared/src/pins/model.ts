/** What a `.provenance.txt` says, line by line. The grammar is in docs/provenance-file.md. */
import type { PublisherKind } from "../model.ts";

/** A publisher that a person, or trust on first use, accepted for a project. */
export interface PinnedPublisher {
  readonly kind: PublisherKind;
  /** Repository URL, `mailto:` address or CircleCI pipeline definition URL, as it is written. */
  readonly url: string;
  /** Immutable identifier of the repository at its forge; null where the pin has no identifiers. */
  readonly repositoryId: string | null;
  /** Immutable identifier of the repository's owner; null exactly where `repositoryId` is. */
  readonly ownerId: string | null;
  /** As in `VerifiedPublisher`; null where any workflow is accepted. */
  readonly workflow: string | null;
}

/** `NAME URL`: NAME is published by this publisher. */
export interface PinEntry {
  readonly kind: "pin";
  /** Normalised (PEP 503), as in every entry that has a name. */
  readonly name: string;
  readonly publisher: PinnedPublisher;
}

/** `#also:NAME:N URL`: a further accepted publisher of a pinned project. */
export interface AlsoEntry {
  readonly kind: "also";
  readonly name: string;
  /** From 2 up to MAX_ALSO_ORDINAL; it orders and tells apart, and means nothing else. */
  readonly ordinal: number;
  readonly publisher: PinnedPublisher;
}

/** `#unsigned:NAME STATE`: NAME had no attestation; `allowed` is a person's decision. */
export interface UnsignedEntry {
  readonly kind: "unsigned";
  readonly name: string;
  readonly state: "seen" | "allowed";
}

/** `#file:FILENAME sha256:HEX`: these bytes are accepted under this file name. */
export interface FileEntry {
  readonly kind: "file";
  readonly filename: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** `#index:NAME URL`: NAME comes from this index; the name `*` stands for every other project. */
export interface IndexEntry {
  readonly kind: "index";
  readonly name: string;
  /** Without a slash at the end; or the location of a folder of files, as in a source. */
  readonly url: string;
}

/** `#source:NAME SOURCE`: NAME comes from this repository, URL or path, not from an index. */
export interface SourceEntry {
  readonly kind: "source";
  readonly name: string;
  readonly source: string;
}

/** `#lock:PATH v1-sha256:HEX`: the reviewed state of a lock, by what it installs. */
export interface LockEntry {
  readonly kind: "lock";
  /** Relative to the folder of the file, with `/`. */
  readonly path: string;
  /** With its prefix `v1-sha256:`. */
  readonly digest: string;
}

/** `#lock-bytes:PATH sha256:HEX`: the reviewed state of a lock, by its bytes. */
export interface LockBytesEntry {
  readonly kind: "lock-bytes";
  readonly path: string;
  readonly sha256: string;
}

/** `#note:KEY TEXT`: a comment. It means nothing to a program. */
export interface NoteEntry {
  readonly kind: "note";
  readonly key: string;
  readonly text: string;
}

/** What one line of the grammar says. */
export type PinsEntry =
  | PinEntry
  | AlsoEntry
  | UnsignedEntry
  | FileEntry
  | IndexEntry
  | SourceEntry
  | LockEntry
  | LockBytesEntry
  | NoteEntry;

/** The kinds of line. */
export type PinsEntryKind = PinsEntry["kind"];

/** The text of a line with an entry, as it stands in the file, without the line feed. */
export interface EntryText {
  readonly text: string;
  /** The first token as it is written: a name need not be normalised there. */
  readonly key: string;
  readonly entry: PinsEntry;
}

/** The text of a blank line or a free comment. */
export interface ForeignText {
  readonly text: string;
  readonly key: null;
  readonly entry: null;
}

/** A line that stands in no file yet. */
export type LineText = EntryText | ForeignText;

/** A line of a file. Numbers begin at 1. */
export type PinsLine = LineText & { readonly number: number };

/** A line of a file with an entry. */
export type EntryLine = EntryText & { readonly number: number };

/** What a person should know of a line that is kept as it is. */
export interface PinsWarning {
  readonly code: "BLANK_LINE" | "FREE_COMMENT" | "NAME_NOT_NORMALIZED";
  readonly line: number;
  readonly message: string;
}

/** A whole `.provenance.txt`. Every value of this type can be written and read again. */
export interface Pins {
  /** How messages call the file. */
  readonly path: string;
  readonly lines: readonly PinsLine[];
  /** False where the last line lacks its line feed. */
  readonly endsWithLineFeed: boolean;
  readonly warnings: readonly PinsWarning[];
  /** The lines with an entry, by the key of their entry (see `entryKey`). */
  readonly byKey: ReadonlyMap<string, EntryLine>;
  /** The accepted publishers of each pinned project: its pin first, then `#also:` by ordinal. */
  readonly publishers: ReadonlyMap<string, readonly PinnedPublisher[]>;
}
