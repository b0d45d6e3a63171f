/** Lets mutants of valid objects at both verifiers and keeps account of what they say. */
import { isDeepStrictEqual } from "node:util";
import { type ErrorCode, PubpinError } from "@pubpin/shared";
import { base64 } from "@pubpin/test-kit";
import { secondOpinion } from "pubpin";
import { type BundleJudge, bundleJudge } from "./bundle-judge.ts";
import { mutate } from "./mutate.ts";
import { randomOf } from "./random.ts";
import type { Proof, Specimen } from "./specimens.ts";

/** What came of a run. */
export interface Account {
  readonly accepted: number;
  /** How many mutants each code refused. */
  readonly refused: ReadonlyMap<ErrorCode, number>;
  /** How many of the refused ones sigstore-js was asked about; it is about every accepted one. */
  readonly compared: number;
  /** How many of those it accepts. */
  readonly disagreements: ReadonlyMap<ErrorCode, number>;
  /** What must never happen: each entry says which case it was and how to see it again. */
  readonly defects: readonly string[];
}

interface Case {
  readonly index: number;
  readonly specimen: Specimen;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly title: string;
}

/** What valid objects prove about the same thing, one list for each. */
type Genuine = readonly Proof[];

const BATCH = 32;
/** Of so many refused mutants sigstore-js, which is slow, is asked about two. */
const SAMPLE = 5;

/** Tries `count` mutants. Everything follows from the seed, but for fresh keys of minted objects. */
export async function attack(
  specimens: readonly Specimen[],
  count: number,
  seed: number,
): Promise<Account> {
  const genuine = new Map<Specimen, Genuine>();
  for (const specimen of specimens) genuine.set(specimen, await genuineFor(specimen, specimens));
  const judges = new Map<Specimen, BundleJudge>();
  for (const specimen of specimens) {
    if (specimen.subject.kind === "bundle") judges.set(specimen, judgeOf(specimen));
  }
  const refused = new Map<ErrorCode, number>();
  const disagreements = new Map<ErrorCode, number>();
  const defects: string[] = [];
  let [accepted, compared] = [0, 0];
  for (let start = 0; start < count; start += BATCH) {
    const size = Math.min(BATCH, count - start);
    const cases = Array.from({ length: size }, (_, index) =>
      caseOf(specimens, seed, start + index),
    );
    const outcomes = await Promise.all(
      cases.map((one) => tryCase(one, genuine.get(one.specimen) ?? [], judges.get(one.specimen))),
    );
    for (const { code, defect, other } of outcomes) {
      if (defect !== null) defects.push(defect);
      if (code === null) accepted++;
      else increment(refused, code);
      if (code !== null && other !== "not asked") compared++;
      if (code !== null && other === "accepts") increment(disagreements, code);
    }
  }
  return { accepted, refused, compared, disagreements, defects };
}

function increment(counts: Map<ErrorCode, number>, code: ErrorCode): void {
  counts.set(code, (counts.get(code) ?? 0) + 1);
}

function caseOf(specimens: readonly Specimen[], seed: number, index: number): Case {
  const random = randomOf(seed, index);
  const specimen = random.pick(specimens);
  const donors = specimens.filter(({ subject }) => subject.kind === specimen.subject.kind);
  const { value, how } = mutate(specimen.bytes, random.pick(donors).bytes, random);
  return { index, specimen, bytes: value, title: `case ${index} of ${specimen.name} (${how})` };
}

/** What the objects about the same file, or the same artifact, prove under the same root. */
async function genuineFor(specimen: Specimen, all: readonly Specimen[]): Promise<Genuine> {
  const same = all.filter(
    ({ subject, rootJson }) =>
      isDeepStrictEqual(subject, specimen.subject) &&
      isDeepStrictEqual(rootJson, specimen.rootJson),
  );
  return Promise.all(same.map(({ bytes, verify }) => verify(bytes)));
}

function judgeOf({ rootJson, subject }: Specimen): BundleJudge {
  return bundleJudge(rootJson, subject.kind === "bundle" ? subject.key : null);
}

interface Outcome {
  /** The code of the refusal, or null. */
  readonly code: ErrorCode | null;
  readonly other: "accepts" | "refuses" | "not asked";
  readonly defect: string | null;
}

async function tryCase(
  { index, specimen, bytes, title }: Case,
  genuine: Genuine,
  judge: BundleJudge | undefined,
): Promise<Outcome> {
  const described = (what: string): string =>
    `${title}: ${what}\n  object: ${base64(bytes)}\n  trust root: ${base64(specimen.rootJson)}`;
  const proof = await proofOrError(specimen, bytes);
  if (proof instanceof PubpinError) {
    if (index % SAMPLE > 1) return { code: proof.code, other: "not asked", defect: null };
    const objection = await askOther(specimen, bytes, judge);
    return { code: proof.code, other: objection === null ? "accepts" : "refuses", defect: null };
  }
  if (proof instanceof Error) {
    return { code: null, other: "not asked", defect: described(`threw ${String(proof)}`) };
  }
  const objection = await askOther(specimen, bytes, judge);
  const other = objection === null ? "accepts" : "refuses";
  if (!isGenuine(proof, genuine, specimen)) {
    return { code: null, other, defect: described("accepted with another meaning") };
  }
  const defect = objection === null ? null : described(`accepted, but sigstore-js: ${objection}`);
  return { code: null, other, defect };
}

async function proofOrError(specimen: Specimen, bytes: Uint8Array): Promise<Proof | Error> {
  try {
    return await specimen.verify(bytes);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * Whether everything that is proven was signed so. Every publisher of a provenance object stands
 * alone; the parts of a bundle must all be of the same one.
 */
function isGenuine(proof: Proof, genuine: Genuine, { subject }: Specimen): boolean {
  const pools =
    subject.kind === "bundle"
      ? genuine.map(({ parts }) => parts)
      : [genuine.flatMap(({ parts }) => parts)];
  return (
    proof.parts.length > 0 &&
    pools.some((pool) =>
      proof.parts.every((part) => pool.some((known) => isDeepStrictEqual(part, known))),
    )
  );
}

/** Null where sigstore-js accepts, else its reason. */
async function askOther(
  { subject, rootJson }: Specimen,
  bytes: Uint8Array,
  judge: BundleJudge | undefined,
): Promise<string | null> {
  if (subject.kind === "provenance") {
    const { other, own, disagreement } = await secondOpinion(bytes, subject.file, rootJson);
    if (other.verdict !== "accepted") return `${other.verdict}: ${other.error.message}`;
    return own.verdict === "accepted" ? disagreement : null;
  }
  try {
    judge?.(bytes, subject.artifact);
    return null;
  } catch (error) {
    return String(error);
  }
}
