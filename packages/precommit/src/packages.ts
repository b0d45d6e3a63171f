/** What a change of a lock means, package by package, and who publishes what is in it now. */
import {
  acceptedPublishers,
  diffLocks,
  type Distribution,
  findSource,
  findUnsigned,
  type LockChange,
  type Pins,
} from "@pubpin/shared";
import type { PackageChange, Standing } from "./finding.ts";
import type { Difference } from "./former.ts";
import { isEveryFileRecorded } from "./judge.ts";

/** The changes of a lock, from before to now. */
export function packageChanges(
  { before, after }: Difference,
  pinsBefore: Pins | null,
  pins: Pins,
): { readonly packages: readonly PackageChange[]; readonly directivesChanged: boolean } {
  const { changes, directives } = diffLocks(before, after);
  return {
    packages: changes.map((change) => describe(change, pinsBefore, pins)),
    directivesChanged: directives !== null,
  };
}

function describe(change: LockChange, pinsBefore: Pins | null, pins: Pins): PackageChange {
  const { name, kinds, before, after } = change;
  return {
    name,
    kinds,
    before: versionsOf(before),
    after: versionsOf(after),
    publishers: urlsOf(pins, name),
    standing: standingOf(change, pinsBefore, pins),
  };
}

function standingOf({ name, after }: LockChange, before: Pins | null, pins: Pins): Standing {
  const foreign = after.filter(({ member }) => !member);
  if (after.length === 0) return "removed";
  if (foreign.length === 0) return "own";
  const urls = urlsOf(pins, name);
  if (urls.length > 0) return comparePublishers(before === null ? [] : urlsOf(before, name), urls);
  if (findSource(pins, name) !== null) return "source";
  if (findUnsigned(pins, name) !== null) return "unsigned";
  return foreign.every((each) => isEveryFileRecorded(each, pins)) ? "file" : "missing";
}

function comparePublishers(before: readonly string[], after: readonly string[]): Standing {
  if (before.length === 0) return "new";
  return after.join(" ") === before.join(" ") ? "unchanged" : "changed";
}

function urlsOf(pins: Pins, name: string): readonly string[] {
  return acceptedPublishers(pins, name).map(({ url }) => url);
}

function versionsOf(distributions: readonly Distribution[]): readonly string[] {
  return [...new Set(distributions.flatMap(({ version }) => version ?? []))];
}
