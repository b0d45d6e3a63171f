/** Trust on first use: pins that are added while packages are installed, and kept between pages. */
import {
  addEntries,
  completePublisher,
  type Decision,
  EMPTY_PINS,
  encodeUtf8,
  entriesOf,
  fail,
  findPin,
  firstUse,
  formatPins,
  parsePins,
  type PinEntry,
  type Pins,
  PubpinError,
} from "@pubpin/shared";
import type { GuardStore } from "./model.ts";

const KEY = "pins";

/** The pins with what a store has kept of earlier first uses; what the pins say themselves counts. */
export async function withKeptPins(pins: Pins, store: GuardStore): Promise<Pins> {
  let bytes: Uint8Array | null;
  try {
    bytes = await store.get(KEY);
  } catch (error) {
    return fail("FILE_UNREADABLE", "the guard's store: expected the pins of earlier uses", error);
  }
  return bytes === null ? pins : grown(pins, pinsIn(parsePins(bytes, "the guard's store")), false);
}

/** The pins that decisions lead to, where trust on first use can choose; none where it cannot. */
export function firstPins(decisions: readonly Decision[], pins: Pins): readonly PinEntry[] {
  const { added, completed } = firstUse(decisions, pins);
  return [...added.filter((entry) => entry.kind === "pin"), ...completed];
}

/**
 * Keeps new pins in a store.
 *
 * @throws PINS_CONFLICT when another page has pinned another publisher in the meantime
 * @throws FILE_UNWRITABLE when the store fails
 */
export async function keepPins(entries: readonly PinEntry[], store: GuardStore): Promise<void> {
  try {
    await store.update(KEY, (bytes) => {
      const kept = bytes === null ? EMPTY_PINS : parsePins(bytes, "the guard's store");
      return encodeUtf8(formatPins(grown(kept, entries, true)));
    });
  } catch (error) {
    if (error instanceof PubpinError) throw error;
    fail("FILE_UNWRITABLE", "the guard's store: expected to keep a new pin", error);
  }
}

/**
 * Pins with further ones: those of new projects, and what completes a pin that is there.
 *
 * @throws PINS_CONFLICT where one contradicts what is there, unless such ones are to be left out
 */
export function grown(pins: Pins, entries: readonly PinEntry[], strictly: boolean): Pins {
  return entries.reduce((all, entry) => {
    if (findPin(all, entry.name) === null) return addEntries(all, [entry]);
    try {
      return completePublisher(all, entry);
    } catch (error) {
      if (strictly || !(error instanceof PubpinError)) throw error;
      return all;
    }
  }, pins);
}

function pinsIn(pins: Pins): readonly PinEntry[] {
  return entriesOf(pins, "pin").map(({ entry }) => entry);
}
