/** The vectors of docs/provenance-file.md, which other implementations may use as they are. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { diffPins } from "../../packages/shared/src/pins/diff.ts";
import {
  addEntries,
  completePublisher,
  removeEntryByPerson,
  replaceEntryByPerson,
  setLock,
} from "../../packages/shared/src/pins/edit.ts";
import { formatPins, parsePins } from "../../packages/shared/src/pins/file.ts";
import type {
  AlsoEntry,
  LockBytesEntry,
  LockEntry,
  PinEntry,
  Pins,
  PinsEntry,
} from "../../packages/shared/src/pins/model.ts";

interface ValidVector {
  readonly name: string;
  readonly text: string;
  readonly entries: readonly {
    readonly line: number;
    readonly key: string;
    readonly entry: PinsEntry;
  }[];
  readonly warnings: readonly { readonly line: number; readonly code: string }[];
}

interface InvalidVector {
  readonly name: string;
  readonly text?: string;
  readonly hex?: string;
  readonly code: string;
  readonly line: number;
}

/** Exactly one of the keys is there. */
interface Edit {
  readonly add?: readonly PinsEntry[];
  readonly complete?: PinEntry | AlsoEntry;
  readonly setLock?: LockEntry | LockBytesEntry;
  readonly replace?: PinsEntry;
  readonly remove?: string;
}

interface EditVector {
  readonly name: string;
  readonly before: string;
  readonly edit: Edit;
  readonly after?: string;
  readonly code?: string;
}

interface DiffVector {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly changes: readonly {
    readonly key: string;
    readonly before: number | null;
    readonly after: number | null;
    readonly weakenings: readonly string[];
  }[];
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, "pins", `${name}.json`), "utf8"));
}

const VALID = read("valid") as readonly ValidVector[];
const INVALID = read("invalid") as readonly InvalidVector[];
const EDITS = read("edits") as readonly EditVector[];
const DIFFS = read("diffs") as readonly DiffVector[];

function parse(text: string): Pins {
  return parsePins(new TextEncoder().encode(text));
}

function apply(pins: Pins, edit: Edit): Pins {
  if (edit.add !== undefined) return addEntries(pins, edit.add);
  if (edit.complete !== undefined) return completePublisher(pins, edit.complete);
  if (edit.setLock !== undefined) return setLock(pins, edit.setLock);
  if (edit.replace !== undefined) return replaceEntryByPerson(pins, edit.replace);
  return removeEntryByPerson(pins, edit.remove ?? "");
}

describe("a valid .provenance.txt", () => {
  it.each(VALID)("$name", ({ text, entries, warnings }) => {
    const pins = parse(text);
    expect(
      [...pins.byKey].map(([key, { number, entry }]) => ({ line: number, key, entry })),
    ).toEqual(entries);
    expect(pins.warnings.map(({ line, code }) => ({ line, code }))).toEqual(warnings);
    expect(formatPins(pins)).toBe(text);
  });
});

describe("an invalid .provenance.txt", () => {
  it.each(INVALID)("$name", ({ text, hex, code, line }) => {
    const bytes = hex === undefined ? Buffer.from(text ?? "", "utf8") : Buffer.from(hex, "hex");
    expect(() => parsePins(bytes)).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringMatching(
          new RegExp(`^\\.provenance\\.txt, line ${line}: expected [ -~]+$`),
        ) as unknown,
      }),
    );
  });

  it("is refused without showing credentials", () => {
    const secrets = INVALID.filter(({ text = "" }) => text.includes("secret"));
    expect(secrets.length).toBeGreaterThan(2);
    for (const { text = "" } of secrets) {
      expect(() => parse(text)).toThrow(/^(?!.*secret)/);
    }
  });
});

describe("an edit of a .provenance.txt", () => {
  it.each(EDITS)("$name", ({ before, edit, after, code }) => {
    const pins = parse(before);
    if (after === undefined) {
      expect(() => apply(pins, edit)).toThrow(expect.objectContaining({ code }));
    } else {
      const edited = apply(pins, edit);
      expect(formatPins(edited)).toBe(after);
      expect(parse(after)).toEqual(edited);
    }
    expect(formatPins(pins)).toBe(before);
  });
});

describe("the difference of two .provenance.txt", () => {
  it.each(DIFFS)("$name", ({ before, after, changes }) => {
    const found = diffPins(parse(before), parse(after)).map(({ key, weakenings, ...lines }) => ({
      key,
      before: lines.before?.number ?? null,
      after: lines.after?.number ?? null,
      weakenings,
    }));
    expect(found).toEqual(changes);
  });
});
