import {
  addEntries,
  type Decision,
  entryKey,
  entryValue,
  fail,
  findSource,
  formatPins,
  MAX_PINS_BYTES,
  normalizeName,
  parsePins,
  pinnedPublisher,
  type Pins,
  type PinsEntry,
  PUBLISH_PREDICATE,
  removeEntryByPerson,
  replaceEntryByPerson,
  samePublisherUrl,
  sameRepository,
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
  /** Which of several publishers, by its repository URL, `mailto:` address or pipeline URL. */
  readonly publisher: string | undefined;
}

/**
 * `pubpin accept NAME`: writes what was found for one project, or one file, into the pins: a
 * person's decision, for what the decision table leaves to one. Where the index does not answer there
 * is nothing to accept. A file that the index does not have, or whose attestation does not verify, is
 * accepted by its own name only, and then by its bytes.
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
  const name = isFilename(target) ? null : normalizeName(target);
  const io = await openCheckIo(session, project);
  const decisions: Decision[] = [];
  for (const lock of project.locks) {
    const only = lock.distributions.filter((each) =>
      name === null
        ? each.files.some(({ filename }) => filename === null || filename === target)
        : each.name === name,
    );
    if (only.length === 0) continue;
    const report = await checkLock(session, io, project, lock, { only });
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
  const entriesFor = isFilename(options.target) ? FILE_ENTRIES : ENTRIES;
  const open = decisions.filter(({ code }) => entriesFor[code] !== undefined);
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
  const entries = uniqueEntries(
    open.flatMap((each) => entriesFor[each.code]?.(choose(each, options)) ?? []),
  );
  const removed = open.some(isBackOnIndex) ? findSource(project.pins, decision.name) : null;
  await agreeOnPins(session, await openCheckIo(session, project), decisions, entries);
  world.note(`${decision.name}: ${decision.message}`);
  if ((await world.ask(`Write this into ${project.pinsPath}?`)) === "no") {
    world.note("nothing was written");
    return 1;
  }
  await updateFile(
    project.pinsPath,
    (old) => {
      const pins = old === null ? project.pins : parsePins(old, project.pinsPath);
      const kept = removed === null ? pins : removeEntryByPerson(pins, entryKey(removed.entry));
      return formatPins(entries.reduce(setEntry, kept));
    },
    { maxBytes: MAX_PINS_BYTES, signal: world.signal },
  );
  if (removed !== null) {
    world.out(`- ${entryKey(removed.entry)}  ${entryValue(removed.entry)}\n`);
  }
  for (const entry of entries) world.out(`+ ${entryKey(entry)}  ${entryValue(entry)}\n`);
  world.note(`${project.pinsPath}: written; run \`pubpin tofu\` to record the locks`);
  return 0;
}

function isFilename(target: string): boolean {
  return /\.(?:whl|tar\.gz|zip)$/.test(target);
}

/** What came from a repository, URL or path, and now comes from an index. */
function isBackOnIndex({ code, source }: Decision): boolean {
  return code === "SOURCE_CHANGED" && source === null;
}

/**
 * The decision with the publisher that is to be pinned, and no other.
 *
 * @throws USAGE_INVALID where there are several and none is named, or another one is
 */
function choose(decision: Decision, { publisher: named }: AcceptOptions): Decision {
  const found = decision.found.filter(({ predicateType }) => predicateType === PUBLISH_PREDICATE);
  const url = named?.replace(/\/$/, "");
  const chosen =
    url === undefined
      ? found
      : found.filter((each) => samePublisherUrl(each, { kind: each.kind, url }));
  const urls = new Set(chosen.map((each) => each.url));
  if (urls.size === 1 || found.length === 0) return { ...decision, found: chosen };
  const all = [...new Set(found.map((each) => each.url))].join(", ");
  return fail(
    "USAGE_INVALID",
    `${decision.filename ?? decision.name}: attested by ${all}: name one of them with --publisher`,
  );
}

/**
 * Each entry once.
 *
 * @throws USAGE_INVALID where two files lead to two publishers
 */
function uniqueEntries(entries: readonly PinsEntry[]): readonly PinsEntry[] {
  const byKey = new Map<string, PinsEntry>();
  for (const entry of entries) {
    const other = byKey.get(entryKey(entry));
    if (other !== undefined && "publisher" in other && "publisher" in entry) {
      const urls = [other.publisher, entry.publisher].map(({ url }) => url).join(" and ");
      if (!sameRepository(other.publisher, entry.publisher)) {
        fail("USAGE_INVALID", `${entry.name}: its files are attested by ${urls}: accept one file`);
      }
    }
    byKey.set(entryKey(entry), entry);
  }
  return [...byKey.values()];
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

/** What accepting one file by its name can write beyond that. */
const FILE_ENTRIES: typeof ENTRIES = {
  ...ENTRIES,
  HASH_NOT_ON_INDEX: fileEntry,
  ATTESTATION_INVALID: fileEntry,
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
