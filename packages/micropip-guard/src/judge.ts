/** Decides about archives before they are unpacked, and remembers which bytes may be. */
import {
  decide,
  type Decision,
  type Pins,
  PubpinError,
  type Report,
  trustRootSource,
} from "@pubpin/shared";
import { type Archive, candidateOf, pinnedFile } from "./archive.ts";
import { type Asked, followInstaller } from "./asked.ts";
import { type EvidenceSource, evidenceSource, type Found } from "./evidence.ts";
import { firstPins, grown, keepPins, withKeptPins } from "./first-use.ts";
import type { GuardOutcome, GuardReport, GuardRoute } from "./model.ts";
import { createRecord, type Record } from "./record.ts";
import type { Settings } from "./settings.ts";
import { decisionOf } from "./unvouched.ts";
import { type Refusal, refusalByError, refusalOf } from "./words.ts";

/** What came of judging everything that one install would unpack. */
export interface Judgement {
  readonly decisions: readonly Decision[];
  /** Null exactly where everything may be unpacked. */
  readonly refusal: Refusal | null;
}

/** Decides by other means than index and pins; null where it has nothing to say. */
export type OwnDecision = (archive: Archive) => Promise<Decision | null>;

/** Judges, and remembers what it accepted for as long as the page lives. */
export interface Judge {
  /** Is to be told what an installer asks for. */
  readonly asked: Asked;
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
  readonly asked: Asked;
  readonly approved: Set<string>;
  pins: Pins;
}

/** A judge with these settings; in mode `tofu` with the pins that its store has kept. */
export async function createJudge(settings: Settings, own: OwnDecision): Promise<Judge> {
  const { mode, strict, store, rootOrigin } = settings;
  const root = trustRootSource(settings.root, null);
  const newestStart = (): Date => new Date(root.current().newestStart);
  const trustRoot = (): Report["trustRoot"] => ({ origin: rootOrigin, newestStart: newestStart() });
  const evidence = evidenceSource(settings.indexes, root);
  const state: State = {
    settings,
    own,
    evidence,
    record: createRecord({ mode, strict, trustRoot }, settings.onDecision),
    newestStart,
    asked: followInstaller(settings, evidence, () => state.pins),
    approved: new Set(),
    pins:
      mode === "tofu" && store !== null ? await withKeptPins(settings.pins, store) : settings.pins,
  };
  return {
    asked: state.asked,
    judge: async (route, archives, given = []) => judgeAll(state, route, archives, given),
    isApproved: (sha256) => state.approved.has(sha256),
    judgeAtOnce: (sha256, filename, place) => judgeAtOnce(state, sha256, filename, place),
    note: state.record.note,
    report: state.record.report,
    pins: () => state.pins,
  };
}

/** What was found out about an archive, or what is decided about it already. */
type Finding = Found | { readonly decided: Decision };

async function judgeAll(
  state: State,
  route: GuardRoute,
  archives: readonly Archive[],
  given: readonly Decision[],
): Promise<Judgement> {
  const findings = await Promise.all(archives.map(async (archive) => findOut(state, archive)));
  state.evidence.settle();
  state.settings.relay.clear();
  const { decisions, refusal } = await conclude(state, findings, given);
  for (const decision of decisions) {
    state.record.note(decision, outcomeOf(decision, refusal), route);
  }
  for (const { sha256 } of refusal === null ? archives : []) state.approved.add(sha256);
  return { decisions, refusal };
}

/** Never rejects: what went wrong is a decision, and no pass. */
async function findOut(state: State, archive: Archive): Promise<Finding> {
  const { pins, settings } = state;
  const { sha256 } = archive;
  try {
    const own = await state.own(archive);
    if (own !== null) return { decided: own };
    const candidate = candidateOf(archive, pins, settings.index);
    const pinned = pinnedFile(pins, sha256);
    if (candidate === null || (pinned !== null && archive.metadataFolders().length === 0)) {
      return { decided: byBytes(archive.filename, sha256, pinned, "nothing says what it is") };
    }
    return state.asked.withOrigin(await state.evidence.find(candidate));
  } catch (error) {
    const { name, version, filename } = archive;
    const message = `it could not be judged: ${String(error)}`;
    const said = { name: name ?? filename, version, filename, sha256, message };
    return { decided: decisionOf({ code: "UNVERIFIABLE", verdict: "unverifiable", ...said }) };
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
