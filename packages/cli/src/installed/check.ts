/** Judges what is installed already, before an installer would take it as it is; and remembers it. */
import { canonicalVersion, type Distribution } from "@pubpin/shared";
import type { Environment } from "../node/environment.ts";
import { findStrays, findTampering, type Stray } from "./integrity.ts";
import {
  type ManifestPlace,
  manifestPlace,
  readManifest,
  type Remembered,
  writeManifest,
} from "./manifest.ts";
import { scanInstalled, sealOf } from "./scan.ts";
import type {
  ExpectedInstall,
  InstalledCode,
  InstalledDistribution,
  InstalledFinding,
  PythonEnvironment,
} from "./types.ts";

/** What was found in an environment. Names are normalised (PEP 503), and none is there twice. */
export interface InstalledCheck {
  /** What is expected, and is to be installed again. */
  readonly reinstall: readonly string[];
  /** What is not expected. */
  readonly strangers: readonly string[];
  /** Code that no RECORD names: no installer takes it away. */
  readonly strays: readonly Stray[];
  /** Why, for each of `reinstall` and `strangers`. */
  readonly reasons: readonly InstalledFinding[];
  /** What is as it was when it was verified; a lock has nothing to do with it. */
  readonly verified: readonly Remembered[];
  /** For {@link recordInstalled}. */
  readonly distributions: readonly InstalledDistribution[];
}

/** What of a lock's entries an installed distribution is compared with. */
export function expectedOf(distributions: readonly Distribution[]): readonly ExpectedInstall[] {
  return distributions.map(({ name, version, files }) => ({
    name,
    version,
    sha256: files.flatMap(({ hashes }) =>
      hashes.flatMap(({ algorithm, value }) => (algorithm === "sha256" ? [value] : [])),
    ),
    basis: null,
  }));
}

/**
 * Compares an environment with what may be installed in it. What is neither reinstalled nor a
 * stranger was verified before it was installed, and is what its RECORD said then, file by file;
 * bytecode (`__pycache__`) is not looked at. No code of the environment is run.
 *
 * @param env the variables by which the cache folder is found; null where nothing is kept
 * @throws FILE_UNREADABLE for a folder that may not be looked into
 */
export function checkInstalled(
  environment: PythonEnvironment,
  expected: readonly ExpectedInstall[],
  env: Environment | null,
): InstalledCheck {
  const place = manifestPlace(env, environment);
  const distributions = scanInstalled(environment);
  const known = readManifest(place);
  const judged = distributions.map((each) => judge(each, distributions, known, place));
  const reasons = judged.flatMap(({ distribution, finding, remembered }) => {
    const wanted = expected.filter(({ name }) => name === distribution.name);
    if (wanted.length === 0) return [stranger(distribution)];
    return finding ?? mismatch(distribution, remembered, wanted) ?? [];
  });
  return {
    reinstall: namesOf(reasons.filter(({ code }) => code !== "STRANGER")),
    strangers: namesOf(reasons.filter(({ code }) => code === "STRANGER")),
    strays: findStrays(environment, distributions),
    reasons,
    verified: judged.flatMap(({ finding, remembered }) =>
      finding === null && remembered !== null ? [remembered] : [],
    ),
    distributions,
  };
}

/**
 * Remembers what an installer has installed after everything that may be installed was verified. A
 * distribution counts only if it agrees with its RECORD now and either was found in order before or
 * has been written since: what the installer left as it was is not taken for verified.
 *
 * @param expected what was verified now; of what has other names, what was in order before stays so
 * @param before what {@link checkInstalled} found before the installer ran
 * @returns what is expected, is there, and may not be taken for verified
 * @throws FILE_UNREADABLE FILE_UNWRITABLE FILE_CHANGED_MEANWHILE
 */
export async function recordInstalled(
  environment: PythonEnvironment,
  expected: readonly ExpectedInstall[],
  env: Environment | null,
  before: InstalledCheck,
): Promise<readonly InstalledFinding[]> {
  const place = manifestPlace(env, environment);
  const old = new Set(before.distributions.map(({ record }) => record?.identity));
  const left: InstalledFinding[] = [];
  const remembered: Remembered[] = [];
  for (const distribution of scanInstalled(environment)) {
    const wanted = expected.filter(({ name }) => name === distribution.name);
    const match = wanted.find(({ version }) => isVersion(distribution, version));
    const kept = before.verified.find(({ record }) => record === distribution.record?.sha256);
    const tampered = tamperingOf(distribution);
    const isNew = !old.has(distribution.record?.identity);
    const isKept = kept !== undefined && !before.reinstall.includes(distribution.name);
    if (tampered !== null) {
      if (wanted.length > 0) left.push(tampered);
    } else if (match !== undefined && (isNew || isKept)) {
      remembered.push(rememberedOf(distribution, match));
    } else if (wanted.length > 0) {
      left.push(mismatch(distribution, null, wanted) ?? notRecorded(distribution));
    } else if (kept !== undefined) remembered.push(kept);
  }
  if (place !== null) await writeManifest(place, environment, remembered);
  return left;
}

interface Judged {
  readonly distribution: InstalledDistribution;
  readonly finding: InstalledFinding | null;
  readonly remembered: Remembered | null;
}

function judge(
  distribution: InstalledDistribution,
  all: readonly InstalledDistribution[],
  known: ReadonlyMap<string, Remembered>,
  place: ManifestPlace,
): Judged {
  const { name, record, folder } = distribution;
  const remembered = known.get(name) ?? null;
  const isTwice = all.some((each) => each.name === name && each.folder !== folder);
  const flaw = (finding: InstalledFinding): Judged => ({ distribution, finding, remembered });
  if (isTwice) return flaw(found(distribution, "TAMPERED", "it is installed twice"));
  if (remembered === null) return flaw(notRecorded(distribution, place === null));
  if (record?.sha256 !== remembered.record) {
    const message = "its RECORD is another one than when it was verified";
    return flaw(found(distribution, "TAMPERED", message));
  }
  const isUntouched = remembered.seal !== null && sealOf(distribution) === remembered.seal;
  const finding = isUntouched ? null : tamperingOf(distribution);
  return { distribution, finding, remembered };
}

function tamperingOf(distribution: InstalledDistribution): InstalledFinding | null {
  const [first, ...others] = findTampering(distribution);
  if (first === undefined) return null;
  const more = others.length === 0 ? "" : `; and ${others.length} more`;
  return found(distribution, "TAMPERED", `${first}${more}`);
}

/** What is wrong with a distribution that is intact, for what is expected. */
function mismatch(
  distribution: InstalledDistribution,
  remembered: Remembered | null,
  wanted: readonly ExpectedInstall[],
): InstalledFinding | null {
  const sameVersion = wanted.filter(({ version }) => isVersion(distribution, version));
  if (sameVersion.length === 0) {
    const versions = wanted.map(({ version }) => version ?? "any").join(" or ");
    return found(distribution, "OTHER_VERSION", `expected version ${versions}`);
  }
  if (remembered === null) return null;
  const isSame = sameVersion.some(
    ({ sha256, basis }) =>
      basis === remembered.basis &&
      remembered.sha256.length > 0 === sha256.length > 0 &&
      remembered.sha256.every((each) => sha256.includes(each)),
  );
  if (isSame) return null;
  const message = "it was installed from files, or judged by pins, that are others by now";
  return found(distribution, "OTHER_VERSION", message);
}

function isVersion({ version }: InstalledDistribution, wanted: string | null): boolean {
  return wanted === null || (version !== null && comparable(version) === comparable(wanted));
}

function comparable(version: string): string {
  try {
    return canonicalVersion(version);
  } catch {
    return version;
  }
}

function rememberedOf(distribution: InstalledDistribution, expected: ExpectedInstall): Remembered {
  const { name, version, record } = distribution;
  const { sha256, basis } = expected;
  const seal = sealOf(distribution);
  return { name, version, sha256, basis, record: record?.sha256 ?? "", seal };
}

function notRecorded(distribution: InstalledDistribution, isForgetful = false): InstalledFinding {
  const why = isForgetful ? "there is no cache folder that would say" : "nothing says";
  return found(distribution, "NOT_RECORDED", `${why} that it was verified before its installation`);
}

function stranger(distribution: InstalledDistribution): InstalledFinding {
  return found(distribution, "STRANGER", "it is not among what may be installed");
}

function found(
  { name, version }: InstalledDistribution,
  code: InstalledCode,
  message: string,
): InstalledFinding {
  return { name, code, message: `${name} ${version ?? "of no version"}: ${message}` };
}

function namesOf(findings: readonly InstalledFinding[]): readonly string[] {
  return [...new Set(findings.map(({ name }) => name))];
}
