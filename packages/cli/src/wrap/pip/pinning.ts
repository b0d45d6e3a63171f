/** Writes what was agreed to while pip ran. */
import { addEntries } from "@pubpin/shared";
import { pin } from "../uv/approval.ts";
import type { PipCall } from "./call.ts";
import type { Guarded } from "./guarded.ts";

/** Writes the lines that were agreed to into the pins, in one step; there may be none. */
export async function pinAgreed(call: PipCall, { agreed }: Guarded): Promise<void> {
  const entries = agreed();
  await pin(call, call, entries.length === 0 ? null : (pins) => addEntries(pins, entries));
}
