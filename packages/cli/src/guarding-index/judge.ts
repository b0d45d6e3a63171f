/** Decides about files, by the decision table alone, and lets trust on first use grow the pins. */
import {
  addEntries,
  type Candidate,
  type CheckIo,
  decide,
  type Decision,
  findEvidence,
  firstUse,
  type FoundEvidence,
  furtherIndexes,
  type IndexFile,
  type IndexProject,
  type Pins,
  type PinsEntry,
  requireNotQuarantined,
  type TrustRootSource,
} from "@pubpin/shared";
import { agreeOnPins } from "../agreement.ts";
import { FAILURE_KEPT_MS } from "../node/limits.ts";
import type { Session } from "../session.ts";
import { readWrittenName } from "./filename.ts";
import type { Pages } from "./pages.ts";
import type { NewProject } from "./types.ts";

/** What a judge goes by. */
export interface JudgeOptions {
  readonly session: Session;
  readonly io: CheckIo;
  readonly pages: Pages;
  readonly root: TrustRootSource;
  readonly pins: Pins;
  readonly strict: boolean;
  readonly defaultIndex: string;
  readonly tofu: "refuse" | "accept";
  readonly onFirstUse: (use: NewProject) => Promise<"accept" | "refuse">;
  /** Hears of what was accepted. */
  readonly onAccepted: (use: NewProject) => void;
}

/** A file of an upstream's page. */
export interface Listed {
  /** The position of the upstream. */
  readonly upstream: number;
  readonly project: IndexProject;
  readonly file: IndexFile;
}

/** A file as it would be served. */
export interface Judged extends Listed {
  /** Of its bytes, or, before there are any, what the page says. */
  readonly sha256: string;
  /** See `Candidate`. */
  readonly metadataFolders?: readonly string[];
}

/** Decides. */
export interface Judge {
  /** The pins with what was accepted here. */
  readonly pins: () => Pins;
  /**
   * What the pins of this moment say. Nothing grows.
   *
   * @throws PROJECT_QUARANTINED
   */
  readonly look: (judged: Judged) => Promise<Decision>;
  /**
   * The decision, after trust on first use where that applies.
   *
   * @throws PROJECT_QUARANTINED
   * @throws SECOND_OPINION_DISAGREES and the codes of indexes, where there is a publisher to pin
   */
  readonly judge: (judged: Judged) => Promise<Decision>;
}

interface KeptEvidence {
  readonly found: Promise<FoundEvidence>;
  /** In milliseconds. */
  until: number;
}

/** Decisions that trust on first use has something to say about. */
const NEW: ReadonlySet<Decision["code"]> = new Set([
  "PUBLISHER_UNPINNED",
  "INDEX_CHANGED",
  "UNSIGNED",
]);

/** A judge with these pins. */
export function createJudge(options: JudgeOptions): Judge {
  let { pins } = options;
  const evidence = evidenceSource(options);
  const inTurn = createTurns();
  const decideBy = async (judged: Judged, by: Pins): Promise<Decision> => {
    requireNotQuarantined(judged.project);
    const candidate = candidateOf(judged);
    const { evidence: found, notices } = await evidence(candidate, judged);
    const { strict, defaultIndex } = options;
    return decide(candidate, found, by, { strict, mode: "lock", defaultIndex, notices });
  };
  return {
    pins: () => pins,
    look: (judged) => decideBy(judged, pins),
    judge: async (judged) => {
      const decision = await decideBy(judged, pins);
      if (options.tofu === "refuse" || !NEW.has(decision.code)) return decision;
      return inTurn(judged.project.name, async () => {
        const growth = await grow(judged, pins, decideBy);
        if (growth === null) return decideBy(judged, pins);
        if ((await answerTo(growth, options)) === "refuse") return growth.before;
        pins = addEntries(pins, growth.entries);
        options.onAccepted(useOf(growth));
        return growth.after;
      });
    },
  };
}

/** What trust on first use would make of a file. */
interface Growth {
  readonly entries: readonly PinsEntry[];
  /** By the pins as they are. */
  readonly before: Decision;
  /** What the entries were made from: by the pins with the index lines among them. */
  readonly seen: Decision;
  /** By the pins with all of them. */
  readonly after: Decision;
}

/** Null where there is nothing that could be added, or where it would not help. */
async function grow(
  judged: Judged,
  pins: Pins,
  decideBy: (judged: Judged, by: Pins) => Promise<Decision>,
): Promise<Growth | null> {
  const before = await decideBy(judged, pins);
  const indexes = furtherIndexes([before], pins);
  const withIndexes = addEntries(pins, indexes);
  const seen = indexes.length === 0 ? before : await decideBy(judged, withIndexes);
  const { added, undecided } = firstUse([seen], withIndexes);
  const entries = [...indexes, ...added];
  if (entries.length === 0 || undecided.length > 0) return null;
  const after = await decideBy(judged, addEntries(pins, entries));
  return after.verdict === "pass" ? { entries, before, seen, after } : null;
}

/** What the second verifier and whoever is asked say; of what nobody signed nobody is asked. */
async function answerTo(
  growth: Growth,
  { session, io, onFirstUse }: JudgeOptions,
): ReturnType<JudgeOptions["onFirstUse"]> {
  const { entries, seen } = growth;
  if (entries.every(({ kind }) => kind === "unsigned")) return "accept";
  await agreeOnPins(session, io, [seen], entries);
  return onFirstUse(useOf(growth));
}

function useOf({ entries, seen }: Growth): NewProject {
  return { name: seen.name, entries, decision: seen };
}

function candidateOf({ project, file, sha256, metadataFolders }: Judged): Candidate {
  return {
    name: project.name,
    version: readWrittenName(file.filename)?.version ?? null,
    filename: file.filename,
    origin: { kind: "index", url: project.index },
    hashes: [{ algorithm: "sha256", value: sha256 }],
    place: null,
    ...(metadataFolders === undefined ? {} : { metadataFolders }),
  };
}

/** Evidence, found once for a file of a page as it is; what went wrong is tried again in a while. */
function evidenceSource({
  pages,
  root,
}: JudgeOptions): (candidate: Candidate, listed: Listed) => Promise<FoundEvidence> {
  const kept = new WeakMap<IndexProject, Map<string, KeptEvidence>>();
  return (candidate, { upstream, project }) => {
    const ofPage = kept.get(project) ?? new Map<string, KeptEvidence>();
    kept.set(project, ofPage);
    const key = `${candidate.filename ?? ""} ${candidate.hashes[0]?.value ?? ""}`;
    const known = ofPage.get(key);
    if (known !== undefined && Date.now() < known.until) return known.found;
    const found = findEvidence(candidate, project, pages.client(upstream), root);
    const entry: KeptEvidence = { found, until: Number.POSITIVE_INFINITY };
    ofPage.set(key, entry);
    void limitTime(entry);
    return found;
  };
}

async function limitTime(entry: KeptEvidence): Promise<void> {
  const failed = await entry.found.then(
    ({ evidence }) => evidence instanceof Error,
    () => true,
  );
  if (failed) entry.until = Date.now() + FAILURE_KEPT_MS;
}

/** Runs tasks about one name one after the other: what one adds, the next one goes by. */
function createTurns(): <T>(name: string, task: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (name, task) => {
    const before = last.get(name) ?? Promise.resolve();
    const own = before.then(task, task);
    last.set(name, own);
    try {
      return await own;
    } finally {
      if (last.get(name) === own) last.delete(name);
    }
  };
}
