/** Trust on first use in a wrapper: what is new is shown, and pinned where a person says so. */
import { setTimeout as delay } from "node:timers/promises";
import {
  entryKey,
  entryValue,
  EVERY_PROJECT,
  type Pins,
  type PinsEntry,
  readIndexUrl,
} from "@pubpin/shared";
import type { GuardingIndexOptions, NewProject, Upstream } from "../guarding-index/types.ts";
import type { World } from "../session.ts";

/** Who is asked. */
interface Asking {
  readonly world: World;
  /** Whether new publishers are pinned without a question. */
  readonly tofu: boolean;
}

/** Milliseconds in which questions gather that can be asked together. */
const GATHERING_MS = 400;

/** What pins that are empty begin with: the index, where it is not the usual one. */
export function firstLines(
  defaultIndex: string,
  pins: Pins,
  upstreams: readonly Upstream[],
): readonly PinsEntry[] {
  const main = upstreams.findLast(({ explicit }) => explicit !== true);
  if (pins.byKey.size > 0 || main === undefined) return [];
  const { url } = readIndexUrl(main.url);
  return url === defaultIndex ? [] : [{ kind: "index", name: EVERY_PROJECT, url }];
}

/**
 * What is asked of a person about new publishers: all that wait at a time in one question.
 *
 * @param start lines that go with the first of them
 */
export function createAsker(
  { world, tofu }: Asking,
  start: readonly PinsEntry[],
): NonNullable<GuardingIndexOptions["onFirstUse"]> {
  let before = start;
  const waiting: {
    readonly use: NewProject;
    readonly answer: (answer: "accept" | "refuse") => void;
  }[] = [];
  let isAsking = false;
  const askAll = async (): Promise<void> => {
    isAsking = true;
    while (waiting.length > 0) {
      await delay(GATHERING_MS);
      const batch = waiting.splice(0);
      const entries = [...before, ...batch.flatMap(({ use }) => use.entries)];
      before = [];
      const answer = await askToPin(world, entries).catch(() => "no");
      for (const each of batch) each.answer(answer === "yes" ? "accept" : "refuse");
    }
    isAsking = false;
  };
  return async (use) => {
    if (tofu) return "accept";
    return new Promise((answer) => {
      waiting.push({ use, answer });
      if (!isAsking) void askAll();
    });
  };
}

/** Shows lines for the pins, and asks whether they are to be written. */
export async function askToPin(
  { note, ask }: World,
  entries: readonly PinsEntry[],
): Promise<"yes" | "no"> {
  note("new here:");
  for (const entry of entries) note(`+ ${entryKey(entry)}  ${entryValue(entry)}`);
  const answer = await ask("Pin them?");
  if (answer === "nobody") note("nobody to ask: look them over, and pin them with --tofu");
  return answer === "yes" ? "yes" : "no";
}
