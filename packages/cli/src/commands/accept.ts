import {
  addEntries,
  type Decision,
  entryKey,
  entryValue,
  fail,
  formatPins,
  MAX_PINS_BYTES,
  normalizeName,
  parsePins,
  pinnedPublisher,
  type Pins,
  type PinsEntry,
  PUBLISH_PREDICATE,
  replaceEntryByPerson,
} from "@pubpin/shared";
import { agreeOnPins } from "../agreement.ts";
import { checkLock, openCheckIo } from "../checking.ts";
import { updateFile } from "../node/atomic-write.ts";
import { loadProjects, type Project } from "../project.ts";
import { type RenderOptions, showReports } from "../render.ts";
import type { Session } from "../session.ts";

/** What `pubpin accept` is told. */
export interface AcceptOptions extends RenderOptions {
  readonly locks: readonly string[];
  readonly pinsFile: string | undefined;
  /** A project's name, or the name of one of its files. */
  readonly target: string;
}

/**
 * `pubpin accept NAME`: writes what was found for one project, or one file, into the pins: a
 * person's decision, for what the decision table leaves to one. What nobody can vouch for (an
 * attestation that does not verify, an index that does not answer) cannot be accepted.
 */
export async function accept(session: Session, options: AcceptOptions): Promise<number> {
  const { cwd } = session.world;
  for (const project of await loadProjects(cwd, options.locks, options.pinsFile)) {
    const decisions = await decisionsAbout(session, project, options);
    if (decisions.length === 0) continue;
    return acceptFor(session, project, decisions, options);
  }
  return fail("USAGE_INVALID", `no lock here has a package or file ${options.target}`);
}

/** The decisions about the target; a file's name tells the project that it is of. */
async function decisionsAbout(
  session: Session,
  project: Project,
  { target }: AcceptOptions,
): Promise<readonly Decision[]> {
  const isFile = /\.(?:whl|tar\.gz|zip)$/.test(target);
  const name = isFile ? null : normalizeName(target);
  const io = await openCheckIo(session, project);
  const decisions: Decision[] = [];
  for (const lock of project.locks) {
    const only = lock.distributions.filter((each) =>
      name === null
        ? each.files.some(({ filename }) => filename === null || filename === target)
        : each.name === name,
    );
    if (only.length === 0) continue;
    const report = await checkLock(session, io, lock, project.pins, only);
    decisions.push(
      ...report.decisions.filter(({ filename }) => name !== null || filename === target),
    );
  }
  return decisions;
}

async function acceptFor(
  session: Session,
  project: Project,
  decisions: readonly Decision[],
  options: AcceptOptions,
): Promise<number> {
  const { world } = session;
  const open = decisions.filter(({ code }) => ENTRIES[code] !== undefined);
  const [decision] = open;
  if (decision === undefined) {
    const trustRoot = await session.trustRoot();
    const report = {
      subject: options.target,
      decisions,
      trustRoot: { origin: trustRoot.origin, newestStart: trustRoot.newestStart },
      strict: session.options.strict,
    };
    world.note(`${options.target}: there is nothing here that accepting would change`);
    return showReports([report], world, options);
  }
  const entries = new Map(
    open
      .flatMap((each) => ENTRIES[each.code]?.(each) ?? [])
      .map((entry) => [entryKey(entry), entry]),
  );
  await agreeOnPins(session, await openCheckIo(session, project), decisions, [...entries.values()]);
  world.note(`${decision.name}: ${decision.message}`);
  await updateFile(
    project.pinsPath,
    (old) => {
      const pins = old === null ? project.pins : parsePins(old, project.pinsPath);
      return formatPins([...entries.values()].reduce(setEntry, pins));
    },
    { maxBytes: MAX_PINS_BYTES, signal: world.signal },
  );
  for (const entry of entries.values()) world.out(`+ ${entryKey(entry)}  ${entryValue(entry)}\n`);
  world.note(`${project.pinsPath}: written; run \`pubpin tofu\` to record the locks`);
  return 0;
}

function setEntry(pins: Pins, entry: PinsEntry): Pins {
  return pins.byKey.has(entryKey(entry))
    ? replaceEntryByPerson(pins, entry)
    : addEntries(pins, [entry]);
}

type Entries = (decision: Decision) => readonly PinsEntry[];

/** What accepting a decision writes, for those that a person can accept. */
const ENTRIES: Readonly<Partial<Record<Decision["code"], Entries>>> = {
  FILE_CHANGED: fileEntry,
  ATTESTATION_MISSING: fileEntry,
  SOURCE_CHANGED: sourceEntry,
  NOT_FROM_INDEX: sourceEntry,
  INDEX_CHANGED: ({ name, index }) => (index === null ? [] : [{ kind: "index", name, url: index }]),
  REPOSITORY_RENAMED: publisherEntry,
  REPOSITORY_TRANSFERRED: publisherEntry,
  REPOSITORY_REPLACED: publisherEntry,
  PUBLISHER_CHANGED: publisherEntry,
  PUBLISHER_UNPINNED: publisherEntry,
  UNSIGNED: ({ name }) => [{ kind: "unsigned", name, state: "allowed" }],
};

function fileEntry({ filename, sha256 }: Decision): readonly PinsEntry[] {
  return filename === null || sha256 === null ? [] : [{ kind: "file", filename, sha256 }];
}

function sourceEntry({ name, source }: Decision): readonly PinsEntry[] {
  return source === null ? [] : [{ kind: "source", name, source }];
}

function publisherEntry({ name, found }: Decision): readonly PinsEntry[] {
  const publisher = found.find(({ predicateType }) => predicateType === PUBLISH_PREDICATE);
  return publisher === undefined
    ? []
    : [{ kind: "pin", name, publisher: pinnedPublisher(publisher) }];
}
