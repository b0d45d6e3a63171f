import { quote } from "../bytes/quote.ts";
import type { Candidate } from "../model.ts";
import { sameSource } from "../pins/location.ts";
import { acceptedPublishers, findIndex, findSource } from "../pins/lookup.ts";
import type { Pins } from "../pins/model.ts";
import type { DecideOptions, Ruling } from "./ruling.ts";

/** The rows about where a candidate comes from (7 and 8). */
export function decideBySource(
  { name, origin, absentFrom }: Candidate,
  pins: Pins,
  { strict, defaultIndex }: DecideOptions,
): Ruling | null {
  const expected = findSource(pins, name)?.entry.source ?? null;
  switch (origin.kind) {
    case "local":
      return null;
    case "source":
      return judgeSource(
        origin.source,
        expected,
        acceptedPublishers(pins, name).length > 0,
        strict,
      );
    case "index":
      return expected === null
        ? judgeIndex(origin.url, findIndex(pins, name)?.entry.url ?? defaultIndex, absentFrom)
        : sourceChanged(quote(expected), `the index ${quote(origin.url)}`);
  }
}

function judgeSource(
  found: string,
  expected: string | null,
  isPinned: boolean,
  strict: boolean,
): Ruling {
  if (expected !== null && sameSource(expected, found)) {
    return { code: "SOURCE_PINNED", verdict: "pass", message: `comes from ${quote(found)}` };
  }
  if (expected !== null) return sourceChanged(quote(expected), quote(found));
  if (isPinned) return sourceChanged("a file that the pinned publisher signed", quote(found));
  const message = `comes from ${quote(found)}, where no index vouches for it`;
  return {
    code: "NOT_FROM_INDEX",
    verdict: strict ? "fail" : "pass",
    message,
    notices: [{ code: "NOT_FROM_INDEX", message }],
  };
}

function sourceChanged(expected: string, found: string): Ruling {
  return {
    code: "SOURCE_CHANGED",
    verdict: "fail",
    message: `expected ${expected}, found ${found}`,
  };
}

function judgeIndex(found: string, expected: string, absentFrom?: string): Ruling | null {
  if (found === expected) return null;
  const message = `expected the index ${quote(expected)}, found ${quote(found)}`;
  if (absentFrom === undefined) return { code: "INDEX_CHANGED", verdict: "fail", message };
  return {
    code: "INDEX_CHANGED",
    verdict: "fail",
    message: `${message}: ${quote(absentFrom)} has the project and not this file`,
    cause: "HASH_NOT_ON_INDEX",
  };
}
