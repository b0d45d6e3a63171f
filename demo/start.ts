/**
 * What `npm start` runs: the main job, on objects that a Sigstore instance of its own signs on the
 * spot. Nothing leaves this process.
 */
import { styleText } from "node:util";
import {
  ERROR_WORDS,
  parseTrustedRoot,
  PubpinError,
  type TrustedRoot,
  type VerifiedPublisher,
  verifyProvenance,
} from "@pubpin/shared";
import { createSigstore, put, type VirtualSigstore } from "@pubpin/test-kit";

const FILE = { filename: "example-1.0-py3-none-any.whl", sha256: "5a".repeat(32) } as const;
const PUBLISHER = {
  kind: "GitHub",
  repository: "example-org/example",
  repositoryId: "1234",
  ownerId: "5678",
} as const;
const ATTACKER = {
  ...PUBLISHER,
  repository: "someone-else/example",
  repositoryId: "9999",
} as const;

/** A document that an index could serve for the file, and what it stands for. */
interface Attempt {
  readonly title: string;
  readonly provenance: Uint8Array;
  readonly file: { readonly filename: string; readonly sha256: string };
}

const sigstore = await createSigstore();
const root = await parseTrustedRoot(await sigstore.trustedRootJson());

say("", "pubpin: who published this file?", "");
const genuine = await sigstore.provenance(FILE, { bundles: [{ publisher: PUBLISHER }] });
const [publisher] = await verifyProvenance(genuine.bytes, FILE, root);
if (publisher === undefined) throw new Error("expected a publisher");
say(`${green("verified")}  ${FILE.filename}`, ...describe(publisher), "");
say("Now what must not pass:", "");
for (const attempt of await attempts(sigstore, genuine.bytes)) await show(attempt, root, publisher);
say(
  "Who published is taken from the certificate and the log, never from what the index says.",
  "ARCHITECTURE.md shows where each step is; docs/errors.md explains each code.",
  "",
);

async function attempts(from: VirtualSigstore, bytes: Uint8Array): Promise<readonly Attempt[]> {
  const swapped = await from.provenance(FILE, { bundles: [{ publisher: ATTACKER }] });
  const emptied = await from.provenance(FILE, {
    bundles: [{ publisher: PUBLISHER }],
    change: { document: put("attestation_bundles", []) },
  });
  const foreign = await (
    await createSigstore()
  ).provenance(FILE, {
    bundles: [{ publisher: PUBLISHER }],
  });
  const tampered = { ...FILE, sha256: "5b".repeat(32) };
  return [
    { title: "the wheel was tampered with", provenance: bytes, file: tampered },
    { title: "another publisher signed it", provenance: swapped.bytes, file: FILE },
    { title: "the attestations were dropped", provenance: emptied.bytes, file: FILE },
    { title: "somebody else's Sigstore signed it", provenance: foreign.bytes, file: FILE },
  ];
}

async function show(
  attempt: Attempt,
  trust: TrustedRoot,
  pinned: VerifiedPublisher,
): Promise<void> {
  try {
    const [found] = await verifyProvenance(attempt.provenance, attempt.file, trust);
    if (found?.repositoryId === pinned.repositoryId) throw new Error(`passed: ${attempt.title}`);
    say(`${red("refused")}   ${attempt.title}`);
    say(`          expected ${pinned.url}, found ${found?.url ?? "nobody"}`, "");
  } catch (error) {
    if (!(error instanceof PubpinError)) throw error;
    say(`${red("refused")}   ${attempt.title}`);
    say(`          ${error.code}: ${ERROR_WORDS[error.code].title}`, "");
  }
}

function describe({ url, workflow, ref, repositoryId, time }: VerifiedPublisher): string[] {
  return [
    `          ${url} (repository ${repositoryId ?? "without a number"})`,
    `          ${workflow ?? "no workflow"} at ${ref ?? "no ref"}, ${time.toISOString()}`,
  ];
}

function say(...lines: readonly string[]): void {
  for (const line of lines) console.log(line);
}

/** Colours where the terminal shows them: `styleText` honours NO_COLOR, FORCE_COLOR and pipes. */
function green(text: string): string {
  return styleText("green", text);
}

function red(text: string): string {
  return styleText("red", text);
}
