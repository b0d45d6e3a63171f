/** Merges provenance files line by line: by what each line is about, and not by where it stands. */
import {
  addEntries,
  type EntryLine,
  entryKey,
  type Pins,
  type PinsEntry,
  PubpinError,
  removeEntryByPerson,
  replaceEntryByPerson,
  sameEntry,
} from "@pubpin/shared";

/** A line of which the two sides made different things. */
export interface PinsConflict {
  readonly key: string;
  readonly ours: EntryLine | null;
  readonly theirs: EntryLine | null;
}

/** A merge of provenance files. It has our line wherever there is a conflict. */
export interface MergedPins {
  readonly pins: Pins;
  readonly conflicts: readonly PinsConflict[];
}

/**
 * Merges two files that began as one. What one side changed and the other left alone is taken. Ours
 * keeps its order and its comments.
 *
 * @returns null where the sides exclude each other: one adds to a pin that the other removed
 */
export function mergePins(base: Pins, ours: Pins, theirs: Pins): MergedPins | null {
  const keys = new Set([...base.byKey.keys(), ...ours.byKey.keys(), ...theirs.byKey.keys()]);
  const conflicts: PinsConflict[] = [];
  const added: PinsEntry[] = [];
  const changes: ((pins: Pins) => Pins)[] = [];
  for (const key of [...keys].toSorted()) {
    const old = base.byKey.get(key) ?? null;
    const our = ours.byKey.get(key) ?? null;
    const their = theirs.byKey.get(key) ?? null;
    if (isSame(our, their) || isSame(their, old)) continue;
    if (!isSame(our, old)) conflicts.push({ key, ours: our, theirs: their });
    else if (their === null) changes.push((pins) => removeEntryByPerson(pins, key));
    else if (our === null) added.push(their.entry);
    else changes.push((pins) => replaceEntryByPerson(pins, their.entry));
  }
  try {
    const changed = changes.reduce((pins, change) => change(pins), ours);
    return { pins: addEntries(changed, added), conflicts };
  } catch (error) {
    if (error instanceof PubpinError) return null;
    throw error;
  }
}

/**
 * The text of a merge, with the comments that theirs has and the base has not, and with Git's conflict
 * markers around each line about which the sides disagree.
 */
export function mergedText({ pins, conflicts }: MergedPins, base: Pins, theirs: Pins): string {
  const comments = newComments(base, pins, theirs);
  const open = new Map(conflicts.map((conflict) => [conflict.key, conflict]));
  const lines = pins.lines.flatMap((line) => {
    if (line.entry === null) return [line.text];
    const key = entryKey(line.entry);
    const before = comments.get(key) ?? [];
    const conflict = open.get(key);
    comments.delete(key);
    open.delete(key);
    return [...before, ...(conflict === undefined ? [line.text] : marked(conflict))];
  });
  const rest = [...[...comments.values()].flat(), ...[...open.values()].flatMap(marked)];
  return [...lines, ...rest].map((line) => `${line}\n`).join("");
}

function isSame(a: EntryLine | null, b: EntryLine | null): boolean {
  if (a === null || b === null) return a === b;
  return sameEntry(a.entry, b.entry);
}

/** Free comments that only theirs has, by the key of the line that they stand above. */
function newComments(base: Pins, merged: Pins, theirs: Pins): Map<string, readonly string[]> {
  const known = new Set([...base.lines, ...merged.lines].map(({ text }) => text));
  const comments = new Map<string, readonly string[]>();
  let pending: readonly string[] = [];
  for (const { text, entry } of theirs.lines) {
    if (entry !== null) {
      if (pending.length > 0) comments.set(entryKey(entry), pending);
      pending = [];
    } else if (text.trim() !== "" && !known.has(text)) {
      pending = [...pending, text];
    }
  }
  return pending.length === 0 ? comments : comments.set("", pending);
}

function marked({ ours, theirs }: PinsConflict): readonly string[] {
  return [
    "<<<<<<< ours",
    ...(ours === null ? [] : [ours.text]),
    "=======",
    ...(theirs === null ? [] : [theirs.text]),
    ">>>>>>> theirs",
  ];
}
