/** Verifies the lock that is there while uv still finds out whether it is up to date: most often it is. */
import { existsSync } from "node:fs";
import { diffPins } from "@pubpin/shared";
import { type Plan, planFor } from "../../commands/tofu.ts";
import type { Progress } from "../../node/progress.ts";
import type { Project } from "../../project.ts";
import { type PinsCall, projectOfLock } from "./approval.ts";
import { readLockText } from "./locking.ts";

/** A check of a lock that may turn out to be the one that is used. */
export interface CheckAhead {
  /** Starts it, where the lock is there. Nothing is written and nothing is said meanwhile. */
  readonly start: () => void;
  /**
   * What came of it, where it was of a lock with this text and these pins; else null, and the lock is
   * yet to be verified.
   */
  readonly planOf: (project: Project, text: string) => Promise<Plan | null>;
  /** Breaks it off; resolves once nothing of it is left. */
  readonly close: () => Promise<void>;
}

interface Checked {
  readonly text: string;
  readonly plan: Plan;
  readonly notes: readonly string[];
}

/** Prepares to verify a lock; until it starts, nothing is known of it. */
export function checkAhead(call: PinsCall, lock: string): CheckAhead {
  const closing = new AbortController();
  let checking: Promise<Checked | null> = Promise.resolve(null);
  let isAwaited = false;
  return {
    start: () => {
      // What is thrown here is thrown again, and told, where the lock is verified in its turn.
      checking = check(call, lock, closing.signal, () => isAwaited).catch(() => null);
    },
    planOf: async (project, text) => {
      isAwaited = true;
      const checked = await checking;
      if (checked === null || checked.text !== text) return null;
      if (diffPins(checked.plan.project.pins, project.pins).length > 0) return null;
      for (const note of checked.notes) call.session.world.note(note);
      return checked.plan;
    },
    close: async () => {
      closing.abort();
      await checking;
    },
  };
}

async function check(
  call: PinsCall,
  lock: string,
  closing: AbortSignal,
  isShown: () => boolean,
): Promise<Checked | null> {
  if (!existsSync(lock)) return null;
  const { session } = call;
  const notes: string[] = [];
  const world = {
    ...session.world,
    note: (text: string): void => void notes.push(text),
    write: (): void => undefined,
    signal: AbortSignal.any([session.world.signal, closing]),
  };
  const progress = (label: string): Progress => {
    const { update, clear } = session.progress(label);
    const updateIfShown: typeof update = (state) => {
      if (isShown()) update(state);
    };
    return { update: updateIfShown, clear };
  };
  const text = await readLockText(lock);
  const project = await projectOfLock(call, lock, text);
  const plan = await planFor({ ...session, world, progress }, project);
  return { text, plan, notes };
}
