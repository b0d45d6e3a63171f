/** Whether a lock may be used: what `pubpin verify` says of it, and what a person says of new names. */
import { dirname } from "node:path";
import {
  addEntries,
  diffPins,
  digest,
  encodeHex,
  exitCodeOf,
  type Pins,
  type PinsEntry,
  readLock,
} from "@pubpin/shared";
import { type Plan, planFor } from "../../commands/tofu.ts";
import { pathFrom } from "../../node/pins-location.ts";
import { governingPins, type Project, readPins } from "../../project.ts";
import { showReports } from "../../render.ts";
import { updatePins } from "../../updating.ts";
import { askToPin } from "../first-use.ts";
import type { UvCall } from "./call.ts";

const REVIEW = "review the new lines and commit them";

/** What is needed of a call, of uv's or pip's. */
export type ApprovalCall = Pick<UvCall, "session" | "invocation" | "tofu">;

/** What is needed to find the pins of a lock. */
export interface PinsCall {
  readonly session: UvCall["session"];
  readonly invocation: Pick<UvCall["invocation"], "pinsFile">;
}

/** What came of a check. */
export type Approval =
  | {
      readonly exitCode: 0;
      /** What is to be written into the pins; null where nothing is. */
      readonly change: ((pins: Pins) => Pins) | null;
    }
  | { readonly exitCode: 1 | 3 };

/** A lock as it would be at its place, with the pins that govern it there. */
export async function projectOfLock(
  { session, invocation }: PinsCall,
  path: string,
  text: string,
): Promise<Project> {
  const pinsPath = await governingPins(session.world.cwd, dirname(path), invocation.pinsFile);
  const bytes = new TextEncoder().encode(text);
  const lock = readLock(pathFrom(dirname(pinsPath), path), bytes);
  const sha256 = encodeHex(await digest("SHA-256", bytes));
  return {
    pinsPath,
    pins: await readPins(pinsPath),
    locks: [lock],
    madeBy: null,
    byteDigests: new Map([[lock.path, sha256]]),
  };
}

/**
 * Verifies a lock as `pubpin verify` does. What is new is shown, and pinned where a person says so
 * or `--tofu` does.
 *
 * @param agreed lines that were agreed to already, of what was met while locking
 * @param isNew whether the lock is another one than that which was there
 * @param ahead what came of verifying it where that was done already, without agreed lines
 */
export async function approve(
  call: ApprovalCall,
  project: Project,
  agreed: readonly PinsEntry[],
  isNew: boolean,
  ahead: Plan | null = null,
): Promise<Approval> {
  const { session, invocation, tofu } = call;
  const world = { ...session.world, out: session.world.write };
  const withAgreed = { ...project, pins: addEntries(project.pins, agreed) };
  const { change, reports, exitCode } = ahead ?? (await planFor(session, withAgreed));
  if (change === null) {
    await showReports(reports, world, invocation);
    return { exitCode: exitCode === 3 ? 3 : 1 };
  }
  const isFine = exitCodeOf(reports) === 0;
  if (isFine && !isNew && agreed.length === 0) return { exitCode: 0, change: null };
  const added = diffPins(withAgreed.pins, change(withAgreed.pins)).flatMap(({ before, after }) =>
    before === null && after !== null && !after.entry.kind.startsWith("lock") ? [after.entry] : [],
  );
  // What nobody signed passes, as it does with `pubpin verify`, and nobody is asked about it.
  const isAsked = !tofu && added.some(({ kind }) => kind !== "unsigned");
  if (isAsked && (await askToPin(world, added)) === "no") {
    await showReports(reports, world, invocation);
    return { exitCode: 1 };
  }
  return { exitCode: 0, change: (pins) => change(addEntries(pins, agreed)) };
}

/** Writes lines into the pins, in one step; there may be none. */
export async function pin(
  { session }: Pick<ApprovalCall, "session">,
  project: Pick<Project, "pinsPath">,
  change: ((pins: Pins) => Pins) | null,
): Promise<void> {
  if (change === null) return;
  const { world } = session;
  const { outcome, note, changes } = await updatePins(world, project, change, REVIEW);
  if (outcome === "unchanged") return;
  const isShown = changes.some(
    ({ after }) => after !== null && !after.entry.kind.startsWith("lock"),
  );
  if (isShown) world.note(`${project.pinsPath}: ${note}`);
}
