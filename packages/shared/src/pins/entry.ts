/** An entry as the two tokens of its line. */
import { comparableSource, encodeLocation } from "./location.ts";
import type { PinsEntry } from "./model.ts";
import { comparableUrl, writePinnedPublisher } from "./publisher.ts";
import { encodeToken } from "./token.ts";

/** The name by which `#index:` means every project that has no line of its own. */
export const EVERY_PROJECT = "*";

const NAME_COLUMNS = 49;

/** The first token of an entry's line, by which it is told from all others: names normalised. */
export function entryKey(entry: PinsEntry): string {
  switch (entry.kind) {
    case "pin":
      return entry.name;
    case "also":
      return `#also:${entry.name}:${entry.ordinal}`;
    case "unsigned":
    case "index":
    case "source":
      return `#${entry.kind}:${entry.name}`;
    case "file":
      return `#file:${encodeToken(entry.filename)}`;
    case "lock":
    case "lock-bytes":
      return `#${entry.kind}:${encodeToken(entry.path)}`;
    case "note":
      return `#note:${encodeToken(entry.key)}`;
  }
}

/** The second token of an entry's line. */
export function entryValue(entry: PinsEntry): string {
  switch (entry.kind) {
    case "pin":
    case "also":
      return writePinnedPublisher(entry.publisher);
    case "unsigned":
      return entry.state;
    case "file":
    case "lock-bytes":
      return `sha256:${entry.sha256}`;
    case "index":
      return encodeLocation(entry.url);
    case "source":
      return encodeLocation(entry.source);
    case "lock":
      return entry.digest;
    case "note":
      return encodeToken(entry.text);
  }
}

/** A line as pypi-verify-now 0.8 writes it: the first token padded to 49 columns, then a space. */
export function formatLine(key: string, value: string): string {
  return `${key.padEnd(NAME_COLUMNS)} ${value}`;
}

/** Whether two entries say the same; GitHub's URLs compare without regard to case. */
export function sameEntry(a: PinsEntry, b: PinsEntry): boolean {
  return entryKey(a) === entryKey(b) && comparableValue(a) === comparableValue(b);
}

function comparableValue(entry: PinsEntry): string {
  if (entry.kind === "source") return comparableSource(entry.source);
  if (entry.kind !== "pin" && entry.kind !== "also") return entryValue(entry);
  const { publisher } = entry;
  return entryValue({ ...entry, publisher: { ...publisher, url: comparableUrl(publisher) } });
}
