/** Changes to `.provenance.txt`, and how they are told. */
import {
  asciiJson,
  diffPins,
  EMPTY_PINS,
  entryKey,
  type EntryLine,
  entryValue,
  formatPins,
  jsonSubjects,
  MAX_PINS_BYTES,
  parsePins,
  type Pins,
  type PinsChange,
  type Report,
} from "@pubpin/shared";
import { type UpdateOutcome, updateFile } from "./node/atomic-write.ts";
import { lineEndHint } from "./node/line-ends.ts";
import { pathFrom } from "./node/pins-location.ts";
import type { Project } from "./project.ts";
import { type RenderOptions, showReports } from "./render.ts";
import type { World } from "./session.ts";

/** The name and version of the JSON document about changes. */
const CHANGE_SCHEMA = "pubpin-change/1";

/** What became of one `.provenance.txt`. */
export interface PinsUpdate {
  readonly path: string;
  /** `refused`: nothing was written, because something failed or a person said no. */
  readonly outcome: UpdateOutcome | "refused";
  /** Lines that were written, replaced or removed, in the order of their keys. */
  readonly changes: readonly PinsChange[];
  /** What is told of it on stderr. */
  readonly note: string;
}

/**
 * Changes the pins of a project in one step, over what the file holds by then.
 *
 * @param note what to do once something was written
 * @throws the codes of files, and what `change` throws: then nothing is written
 */
export async function updatePins(
  { signal }: World,
  { pinsPath }: Pick<Project, "pinsPath">,
  change: (pins: Pins) => Pins,
  note: string,
): Promise<PinsUpdate> {
  let changes: readonly PinsChange[] = [];
  let isNew = false;
  const outcome = await updateFile(
    pinsPath,
    (old) => {
      const before = old === null ? EMPTY_PINS : parsePins(old, pinsPath);
      const after = change(before);
      isNew = old === null;
      changes = diffPins(before, after);
      return isNew && after.lines.length === 0 ? null : formatPins(after);
    },
    { maxBytes: MAX_PINS_BYTES, signal },
  );
  if (outcome === "unchanged") {
    return { path: pinsPath, outcome, changes: [], note: "nothing to write: all of it is there" };
  }
  const locks = changes.flatMap(({ after }) =>
    after?.entry.kind === "lock" ? [after.entry.path] : [],
  );
  const recorded = locks.length === 0 ? [] : [`recorded ${locks.join(", ")}`];
  const hint = isNew ? await lineEndHint(pinsPath, signal) : null;
  return {
    path: pinsPath,
    outcome,
    changes,
    note: [["written", ...recorded, note].join("; "), hint ?? []].flat().join("\n"),
  };
}

/** The update of a project for which nothing was written. */
export function refusedUpdate({ pinsPath }: Project): PinsUpdate {
  return { path: pinsPath, outcome: "refused", changes: [], note: "nothing was written" };
}

/**
 * Tells what was written and what was not: lines with `+` and `-` and the reports of what was
 * refused on stdout, or one JSON document.
 *
 * @param reports what the refusals are about
 * @param exitCode for the document
 */
export async function showUpdates(
  updates: readonly PinsUpdate[],
  reports: readonly Report[],
  exitCode: number,
  world: World,
  options: RenderOptions,
): Promise<void> {
  for (const { path, note } of updates) world.note(`${path}: ${note}`);
  if (options.format === "json") {
    world.out(
      asciiJson({
        schema: CHANGE_SCHEMA,
        exitCode,
        files: updates.map(({ path, outcome, changes }) => ({
          path: pathFrom(world.cwd, path),
          outcome,
          added: changes.flatMap(({ after }) => jsonLine(after)),
          removed: changes.flatMap(({ before }) => jsonLine(before)),
        })),
        reports: jsonSubjects(reports),
      }),
    );
    return;
  }
  for (const { before, after } of updates.flatMap(({ changes }) => changes)) {
    world.out(textLine("-", before) + textLine("+", after));
  }
  if (reports.length > 0) await showReports(reports, world, options);
}

function jsonLine(line: EntryLine | null): readonly object[] {
  return line === null ? [] : [{ key: entryKey(line.entry), value: entryValue(line.entry) }];
}

/** A line of the file for a person; digests of locks, which change all the time, are left out. */
function textLine(sign: string, line: EntryLine | null): string {
  if (line === null || line.entry.kind === "lock") return "";
  return `${sign} ${entryKey(line.entry)}  ${entryValue(line.entry)}\n`;
}
