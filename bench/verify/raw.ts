/**
 * The floor: what WebCrypto alone takes for the same keys, signatures and data. The calls are
 * recorded while an attestation is verified, and made again.
 */
import type { Contender, Run } from "./contender.ts";
import type { JobSet } from "./jobs.ts";
import { pubpin } from "./pubpin.ts";

type ImportCall = readonly [
  format: "spki",
  key: BufferSource,
  algorithm: EcKeyImportParams,
  extractable: boolean,
  usages: KeyUsage[],
];
type VerifyCall = Parameters<SubtleCrypto["verify"]>;

/** The calls that one attestation needs. */
interface Recording {
  /** The signing certificate's key, unless it was known. */
  readonly imported: { readonly call: ImportCall; readonly key: CryptoKey } | null;
  readonly verified: readonly VerifyCall[];
}

/**
 * The signatures to check: with a new certificate its own (P-384) and its timestamp, and each time
 * the envelope, the log's promise and its checkpoint.
 */
const EXPECTED = { new: "P-256 P-256 P-256 P-256 P-384", known: "P-256 P-256 P-256" } as const;

/** The raw operations, one after the other. */
export const raw: Contender = {
  atOnce: 1,
  prepare: async (set) => (await recorded(set)).map(replay),
};

/** The raw operations, none waiting for another, and as many attestations at once as pubpin has. */
export const rawAtOnce: Contender = {
  atOnce: pubpin.atOnce,
  prepare: async (set) => (await recorded(set)).map(replayAtOnce),
};

const recordings = new WeakMap<JobSet, Promise<readonly Recording[]>>();

function recorded(set: JobSet): Promise<readonly Recording[]> {
  const known = recordings.get(set) ?? recordSet(set);
  recordings.set(set, known);
  return known;
}

async function recordSet(set: JobSet): Promise<readonly Recording[]> {
  const made: Recording[] = [];
  for (const run of await pubpin.prepare(set)) made.push(await record(run));
  return made;
}

/** Stands in for two methods of `crypto.subtle` while an attestation is verified. */
async function record(run: Run): Promise<Recording> {
  const { subtle } = crypto;
  const imports: { readonly call: ImportCall; readonly key: Promise<CryptoKey> }[] = [];
  const verified: VerifyCall[] = [];
  const importKey = (...call: ImportCall): Promise<CryptoKey> => {
    const key = SubtleCrypto.prototype.importKey.apply(subtle, [...call]);
    imports.push({ call, key });
    return key;
  };
  const verify = (...call: VerifyCall): Promise<boolean> => {
    verified.push(call);
    return SubtleCrypto.prototype.verify.apply(subtle, call);
  };
  Object.defineProperty(subtle, "importKey", { configurable: true, value: importKey });
  Object.defineProperty(subtle, "verify", { configurable: true, value: verify });
  try {
    await run();
  } finally {
    Reflect.deleteProperty(subtle, "importKey");
    Reflect.deleteProperty(subtle, "verify");
  }
  const [first] = imports;
  requireExpected(verified, imports.length);
  return {
    imported: first === undefined ? null : { call: first.call, key: await first.key },
    verified,
  };
}

/** Guards the floor: if the verifier ever asked for more than is needed, the floor would rise. */
function requireExpected(verified: readonly VerifyCall[], imports: number): void {
  const curves = verified.map(([, { algorithm }]) => (algorithm as EcKeyImportParams).namedCurve);
  const found = curves.toSorted((a, b) => a.localeCompare(b)).join(" ");
  if (found === (imports === 0 ? EXPECTED.known : EXPECTED.new) && imports < 2) return;
  throw new Error(`expected ${EXPECTED.new} or ${EXPECTED.known}, found ${found}`);
}

/** Makes the calls again. A signature that was checked with the imported key is so again. */
function replay({ imported, verified }: Recording): Run {
  return async () => {
    const again = imported === null ? null : await crypto.subtle.importKey(...imported.call);
    for (const [algorithm, key, signature, data] of verified) {
      const used = again !== null && key === imported?.key ? again : key;
      await verifyAgain([algorithm, used, signature, data]);
    }
  };
}

/** Makes the calls again, each as soon as its key is there. */
function replayAtOnce({ imported, verified }: Recording): Run {
  const withImported = verified.filter(([, key]) => key === imported?.key);
  const others = verified.filter(([, key]) => key !== imported?.key);
  return async () => {
    const running = others.map(verifyAgain);
    if (imported !== null) {
      const again = await crypto.subtle.importKey(...imported.call);
      running.push(...withImported.map(([name, , ...rest]) => verifyAgain([name, again, ...rest])));
    }
    await Promise.all(running);
  };
}

async function verifyAgain(call: VerifyCall): Promise<void> {
  if (await crypto.subtle.verify(...call)) return;
  throw new Error("a signature that held does not hold any more");
}
