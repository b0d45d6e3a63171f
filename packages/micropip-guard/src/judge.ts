/** Decides about archives before they are unpacked, and remembers which bytes may be. */
import {
  decide,
  type Decision,
  DEFAULT_INDEX_URL,
  digest,
  encodeHex,
  findIndex,
  normalizeName,
  type Pins,
  PubpinError,
  readIndexUrl,
  type Report,
  trustRootSource,
} from "@pubpin/shared";
import { type Archive, candidateOf, pinnedFile } from "./archive.ts";
import { type EvidenceSource, evidenceSource, type Found } from "./evidence.ts";
import { firstPins, grown, keepPins, withKeptPins } from "./first-use.ts";
import type { GuardOutcome, GuardReport, GuardRoute } from "./model.ts";
import { createRecord, type Record } from "./record.ts";
import type { Settings } from "./settings.ts";
import { decisionOf } from "./unvouched.ts";
import { type Refusal, refusalByError, refusalOf } from "./words.ts";

/** What came of judging everything that one install would unpack. */
export interface Judgement {
  /** SHA-256 of each archive, in lower-case hexadecimal. */
  readonly digests: readonly string[];
  readonly decisions: readonly Decision[];
  /** Null exactly where everything may be unpacked. */
  readonly refusal: Refusal | null;
}

/** Decides by other means than index and pins; null where it has nothing to say. */
export type OwnDecision = (archive: Archive, sha256: string) => Promise<Decision | null>;

/** Judges, and remembers what it accepted for as long as the page lives. */
export interface Judge {
  /** An installer asks these indexes for a project. */
  readonly queried: (name: string, indexes: readonly string[]) => void;
  /** An installer has chosen a file of which its index says that it has this digest. */
  readonly selected: (name: string, filename: string, sha256: string) => void;
  /** Never rejects. `given` are decisions that are part of the same install. */
  readonly judge: (
    route: GuardRoute,
    archives: readonly Archive[],
    given?: readonly Decision[],
  ) => Promise<Judgement>;
  readonly isApproved: (sha256: string) => boolean;
  /** Judges what nobody has judged before, at once: only its bytes can accept it. */
  readonly judgeAtOnce: (sha256: string, filename: string, place: string) => Refusal | null;
  /** Puts a decision into the report that somebody else made. */
  readonly note: Record["note"];
  readonly report: () => GuardReport;
  readonly pins: () => Pins;
}

/** What a judge holds. */
interface State {
  readonly settings: Settings;
  readonly own: OwnDecision;
  readonly evidence: EvidenceSource;
  readonly record: Record;
  readonly newestStart: () => Date;
  /** Where installers looked for a project. */
  readonly asked: Map<string, readonly string[]>;
  readonly approved: Set<string>;
  pins: Pins;
}

/** A judge with these settings; in mode `tofu` with the pins that its store has kept. */
export async function createJudge(settings: Settings, own: OwnDecision): Promise<Judge> {
  const { mode, strict, store, rootOrigin } = settings;
  const root = trustRootSource(settings.root, null);
  const newestStart = (): Date => new Date(root.current().newestStart);
  const trustRoot = (): Report["trustRoot"] => ({ origin: rootOrigin, newestStart: newestStart() });
  const state: State = {
    settings,
    own,
    evidence: evidenceSource(settings.indexes, root),
    record: createRecord({ mode, strict, trustRoot }, settings.onDecision),
    newestStart,
    asked: new Map(),
    approved: new Set(),
    pins:
      mode === "tofu" && store !== null ? await withKeptPins(settings.pins, store) : settings.pins,
  };
  return {
    queried: (name, indexes) => {
      noteQuery(state, name, indexes);
    },
    selected: (name, filename, sha256) => {
      startEarly(state, name, filename, sha256);
    },
    judge: async (route, archives, given = []) => judgeAll(state, route, archives, given),
    isApproved: (sha256) => state.approved.has(sha256),
    judgeAtOnce: (sha256, filename, place) => judgeAtOnce(state, sha256, filename, place),
    note: state.record.note,
    report: state.record.report,
    pins: () => state.pins,
  };
}

function noteQuery(state: State, text: string, indexes: readonly string[]): void {
  const name = normalizeName(text);
  state.asked.set(name, indexes);
  state.evidence.prepare(indexOf(state, name), name);
}

/** Asks for the evidence now, so that it is there when the file is. */
function startEarly(state: State, text: string, filename: string, sha256: string): void {
  if (sha256 === "") return;
  const name = normalizeName(text);
  const hashes = [{ algorithm: "sha256", value: sha256 }];
  const origin = { kind: "index", url: indexOf(state, name) } as const;
  const early = { name, version: null, filename, origin, hashes, place: null };
  // Whoever judges the file asks again and gets the same answer, or the same failure.
  state.evidence.find(early).catch(() => undefined);
}

function indexOf({ pins, settings }: State, name: string): string {
  return findIndex(pins, name)?.entry.url ?? settings.index;
}

/** What was found out about an archive, or what is decided about it already. */
type Finding = Found | { readonly decided: Decision };

async function judgeAll(
  state: State,
  route: GuardRoute,
  archives: readonly Archive[],
  given: readonly Decision[],
): Promise<Judgement> {
  const digests = await Promise.all(
    archives.map(async ({ bytes }) => encodeHex(await digest("SHA-256", bytes))),
  );
  const findings = await Promise.all(
    archives.map(async (archive, at) => findOut(state, archive, digests[at] ?? "")),
  );
  state.evidence.settle();
  const { decisions, refusal } = await conclude(state, findings, given);
  for (const decision of decisions) {
    state.record.note(decision, outcomeOf(decision, refusal), route);
  }
  for (const sha256 of refusal === null ? digests : []) state.approved.add(sha256);
  return { digests, decisions, refusal };
}

/** Never rejects: what went wrong is a decision, and no pass. */
async function findOut(state: State, archive: Archive, sha256: string): Promise<Finding> {
  const { pins, settings } = state;
  try {
    const own = await state.own(archive, sha256);
    if (own !== null) return { decided: own };
    const candidate = candidateOf(archive, sha256, pins, settings.index);
    const pinned = pinnedFile(pins, sha256);
    if (candidate === null || (pinned !== null && archive.metadataFolders().length === 0)) {
      return { decided: byBytes(archive.filename, sha256, pinned, "nothing says what it is") };
    }
    return fromWhereItCame(state, await state.evidence.find(candidate));
  } catch (error) {
    const { name, version, filename } = archive;
    const message = `it could not be judged: ${String(error)}`;
    const said = { name: name ?? filename, version, filename, sha256, message };
    return { decided: decisionOf({ code: "UNVERIFIABLE", verdict: "unverifiable", ...said }) };
  }
}

/** Where the bytes are not on the index they should be from: another one, if that was asked. */
function fromWhereItCame(state: State, found: Found): Found {
  const { candidate, evidence } = found;
  const { name, origin } = candidate;
  if (origin.kind !== "index" || !(evidence instanceof PubpinError)) return found;
  if (evidence.code !== "HASH_NOT_ON_INDEX" && evidence.code !== "PROJECT_NOT_ON_INDEX") {
    return found;
  }
  const asked = (state.asked.get(name) ?? []).map(plainIndex);
  const [url] = asked;
  if (url === undefined || asked.includes(origin.url)) return found;
  return { ...found, candidate: { ...candidate, origin: { kind: "index", url } } };
}

/** The address of an index as micropip knows it, without its place for the project's name. */
function plainIndex(asked: string): string {
  const [text = ""] = asked.split("/{package_name}");
  try {
    return readIndexUrl(text === "PYPI" ? DEFAULT_INDEX_URL : text).url;
  } catch (error) {
    if (error instanceof PubpinError) return text;
    throw error;
  }
}

async function conclude(
  state: State,
  findings: readonly Finding[],
  given: readonly Decision[],
): Promise<{ readonly decisions: readonly Decision[]; readonly refusal: Refusal | null }> {
  const { settings, newestStart } = state;
  const { strict, index: defaultIndex, mode, store } = settings;
  const decideAll = (pins: Pins): readonly Decision[] => [
    ...findings.map((finding) => {
      if ("decided" in finding) return finding.decided;
      const { candidate, evidence, notices } = finding;
      return decide(candidate, evidence, pins, { strict, mode: "guard", defaultIndex, notices });
    }),
    ...given,
  ];
  const first = mode === "tofu" ? firstPins(decideAll(state.pins), state.pins) : [];
  const decisions = decideAll(grown(state.pins, first, true));
  const [failed, ...others] = mode === "report" ? [] : decisions.filter(isFailed);
  if (failed !== undefined) {
    return { decisions, refusal: refusalOf(failed, others.length, newestStart()) };
  }
  try {
    if (store !== null && first.length > 0) await keepPins(first, store);
    state.pins = grown(state.pins, first, true);
    return { decisions, refusal: null };
  } catch (error) {
    if (!(error instanceof PubpinError)) throw error;
    return { decisions, refusal: refusalByError(error.code, error.message) };
  }
}

function isFailed({ verdict }: Decision): boolean {
  return verdict !== "pass";
}

function outcomeOf(decision: Decision, refusal: Refusal | null): GuardOutcome {
  if (isFailed(decision)) return refusal === null ? "reported" : "refused";
  return refusal === null ? "accepted" : "held";
}

function judgeAtOnce(
  state: State,
  sha256: string,
  filename: string,
  place: string,
): Refusal | null {
  const { pins, settings, record, newestStart } = state;
  const said = `it would be unpacked in ${place}, and nobody has verified it`;
  const decision = byBytes(filename, sha256, pinnedFile(pins, sha256), said);
  const isHeld = isFailed(decision) && settings.mode !== "report";
  const refusal = isHeld ? refusalOf(decision, 0, newestStart()) : null;
  record.note(decision, outcomeOf(decision, refusal), "archive");
  return refusal;
}

/** What can be said of an archive that is no project's: that its bytes are accepted, or are not. */
function byBytes(
  filename: string,
  sha256: string,
  pinned: string | null,
  objection: string,
): Decision {
  const name = pinned ?? (filename === "" ? "an archive" : filename);
  const file = { name, filename: name, sha256 };
  return pinned === null
    ? decisionOf({ code: "NOT_FROM_INDEX", verdict: "fail", ...file, message: objection })
    : decisionOf({
        code: "FILE_PINNED",
        verdict: "pass",
        ...file,
        message: `accepted by its bytes, sha256:${sha256}`,
      });
}
