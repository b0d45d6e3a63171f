import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffPins } from "../../../packages/shared/src/pins/diff.ts";
import {
  EMPTY_PINS,
  addEntries,
  completePublisher,
  nextAlsoOrdinal,
  removeEntryByPerson,
  setLock,
} from "../../../packages/shared/src/pins/edit.ts";
import { entryKey } from "../../../packages/shared/src/pins/entry.ts";
import { formatPins, parsePins } from "../../../packages/shared/src/pins/file.ts";
import type { PinEntry, Pins } from "../../../packages/shared/src/pins/model.ts";
import { pinnedPublisher } from "../../../packages/shared/src/pins/publisher.ts";
import type { VerifiedPublisher } from "../../../packages/shared/src/model.ts";
import { entries } from "./arbitraries.ts";

const parse = (text: string): Pins => parsePins(new TextEncoder().encode(text));
const linesOf = (pins: Pins): readonly string[] => pins.lines.map((line) => line.text);

describe("addEntries", () => {
  it("gives the same file in whatever order and in however many steps entries come", () => {
    fc.assert(
      fc.property(entries, fc.nat(), (list, rotation) => {
        const turned = list.map((_, index) => list[(index + rotation) % list.length] ?? list[0]);
        const whole = addEntries(EMPTY_PINS, list);
        const pinsFirst = turned
          .filter((entry) => entry !== undefined)
          .toSorted((a, b) => Number(a.kind === "also") - Number(b.kind === "also"));
        let stepwise = EMPTY_PINS;
        for (const entry of pinsFirst) stepwise = addEntries(stepwise, [entry]);
        expect(formatPins(stepwise)).toBe(formatPins(whole));
        const keys = whole.lines.map((line) => line.key ?? "");
        expect(keys).toEqual(keys.toSorted((a, b) => (a < b ? -1 : 1)));
      }),
    );
  });

  it("keeps every line of the file as it is and where it is", () => {
    fc.assert(
      fc.property(entries, entries, fc.nat(), (old, added, rotation) => {
        const sorted = linesOf(addEntries(EMPTY_PINS, old));
        const mixed = sorted.flatMap((_, index) => [
          "# comment",
          (sorted[(index + rotation) % sorted.length] ?? "").replace(/ +/, "  "),
        ]);
        const before = parse(mixed.join("\n"));
        const fresh = added.filter((entry) => !before.byKey.has(entryKey(entry)));
        const names = new Set(fresh.map((entry) => (entry.kind === "pin" ? entry.name : "")));
        const whole = fresh.filter((entry) => entry.kind !== "also" || names.has(entry.name));
        const after = addEntries(before, whole);
        const isNew = new Set(whole.map(entryKey));
        const kept = after.lines.filter(
          ({ entry }) => entry === null || !isNew.has(entryKey(entry)),
        );
        expect(kept.map((line) => line.text)).toEqual(linesOf(before));
        expect(parse(formatPins(after))).toEqual(after);
      }),
    );
  });

  it("is undone by removing what it added", () => {
    fc.assert(
      fc.property(entries, (list) => {
        let pins = addEntries(EMPTY_PINS, list);
        for (const entry of list.toReversed()) pins = removeEntryByPerson(pins, entryKey(entry));
        expect(pins).toEqual(EMPTY_PINS);
      }),
    );
  });

  it("changes nothing without entries", () => {
    const text = "\n# x\nbuild https://github.com/pypa/build";
    expect(formatPins(addEntries(parse(text), []))).toBe(text);
  });

  it("refuses to grow beyond what can be read again", () => {
    const full = parse("\n".repeat(65_536));
    expect(() => addEntries(full, [{ kind: "note", key: "a", text: "b" }])).toThrow(
      expect.objectContaining({ code: "LIMIT_EXCEEDED" }),
    );
  });

  it("adds five thousand lines to five thousand at once", () => {
    const pin = (index: number): PinEntry => ({
      kind: "pin",
      name: `p${index}`,
      publisher: {
        kind: "GitHub",
        url: `https://github.com/a/p${index}`,
        repositoryId: null,
        ownerId: null,
        workflow: null,
      },
    });
    const numbers = Array.from({ length: 5000 }, (_, index) => index);
    const even = addEntries(
      EMPTY_PINS,
      numbers.map((index) => pin(index * 2)),
    );
    const all = addEntries(
      even,
      numbers.map((index) => pin(index * 2 + 1)),
    );
    expect(all.publishers.size).toBe(10_000);
  });
});

describe("edits that a program may make", () => {
  it("never weaken the file: completing, digests of locks, seen, notes, first pins", () => {
    const before = parse(
      `#lock:uv.lock v1-sha256:${"a".repeat(64)}\nbuild https://github.com/pypa/build\n`,
    );
    const publisher = {
      kind: "GitHub",
      url: "https://github.com/PyPA/build",
      repositoryId: "1",
      ownerId: "2",
      workflow: "release.yml",
    } as const;
    const completed = completePublisher(before, { kind: "pin", name: "Build", publisher });
    const digest = `v1-sha256:${"b".repeat(64)}`;
    const locked = setLock(completed, { kind: "lock", path: "uv.lock", digest });
    const after = addEntries(locked, [
      { kind: "pin", name: "other", publisher },
      { kind: "unsigned", name: "peppercorn", state: "seen" },
      { kind: "note", key: "a", text: "b" },
    ]);
    const changes = diffPins(before, after);
    expect(changes.map((change) => change.key)).toEqual([
      "#lock:uv.lock",
      "#note:a",
      "#unsigned:peppercorn",
      "build",
      "other",
    ]);
    expect(changes.flatMap((change) => change.weakenings)).toEqual([]);
  });
});

describe("nextAlsoOrdinal", () => {
  const pin = "build https://github.com/pypa/build\n";
  const also = (ordinal: number): string => `#also:build:${ordinal} https://github.com/a/b\n`;

  it("is 2 for the first, and beyond the highest for the next", () => {
    expect(nextAlsoOrdinal(parse(pin), "Build")).toBe(2);
    expect(nextAlsoOrdinal(parse(pin + also(7) + also(3)), "build")).toBe(8);
  });

  it("refuses a project without a pin, and a number beyond the bound", () => {
    for (const [text, name] of [
      [pin, "other"],
      [pin + also(999), "build"],
    ] as const) {
      expect(() => nextAlsoOrdinal(parse(text), name)).toThrow(
        expect.objectContaining({ code: "PINS_CONFLICT" }),
      );
    }
  });
});

describe("pinnedPublisher", () => {
  const verified: VerifiedPublisher = {
    kind: "GitHub",
    url: "https://github.com/pypa/build",
    workflow: "release.yml",
    ref: "refs/tags/1.0",
    commit: "0".repeat(40),
    repositoryId: "1",
    ownerId: "2",
    issuer: "https://issuer.example",
    predicateType: "https://predicate.example",
    time: new Date(0),
    logIndex: 1n,
  };
  const written = (publisher: VerifiedPublisher): string =>
    formatPins(
      addEntries(EMPTY_PINS, [
        { kind: "pin", name: "build", publisher: pinnedPublisher(publisher) },
      ]),
    );

  it("pins URL, identifiers and workflow of a verified publisher", () => {
    expect(written(verified)).toBe(
      `${"build".padEnd(49)} https://github.com/pypa/build#repository-id=1&owner-id=2&workflow=release.yml\n`,
    );
  });

  it("pins both identifiers or none", () => {
    expect(written({ ...verified, ownerId: null, workflow: null })).toBe(
      `${"build".padEnd(49)} https://github.com/pypa/build\n`,
    );
  });

  it("is refused where the pin could not be read again", () => {
    expect(() => written({ ...verified, workflow: "a/b.yml" })).toThrow(
      expect.objectContaining({ code: "PINS_INVALID" }),
    );
  });
});
