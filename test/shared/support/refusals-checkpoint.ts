/** What must not be accepted of a log's checkpoint. */
import {
  base64,
  createWitness,
  drop,
  type EntryChanges,
  flipBit,
  type NoteSignature,
} from "@pubpin/test-kit";
import { type BundleAttempt, theirs } from "./instance.ts";
import type { Refusal } from "./refusal.ts";
import { ofEntry } from "./refusals-log.ts";

const witness = await createWitness("witness.example");

function lines(edit: (all: string[]) => string[]): (text: string) => string {
  return (text) => edit(text.split("\n")).join("\n");
}

function ownSignature(
  edit: (own: NoteSignature) => NoteSignature,
): (all: readonly NoteSignature[]) => readonly NoteSignature[] {
  return ([own, ...others]) => (own === undefined ? [] : [edit(own), ...others]);
}

function otherHint({ keyHint, ...rest }: NoteSignature): NoteSignature {
  return { ...rest, keyHint: flipBit(keyHint) };
}

/** The form of a checkpoint. */
export const CHECKPOINT_REFUSALS: readonly Refusal[] = [
  ofEntry("CHECKPOINT_MISSING", "a proof without a checkpoint", {
    entry: drop("inclusionProof.checkpoint"),
  }),
  ofEntry("CHECKPOINT_INVALID", "a checkpoint of nothing", { checkpoint: () => "" }),
  ofEntry("CHECKPOINT_INVALID", "a checkpoint without its empty line", {
    checkpoint: (note) => note.replace("\n\n", "\n"),
  }),
  ofEntry("CHECKPOINT_INVALID", "a checkpoint without its last line feed", {
    checkpoint: (note) => note.slice(0, -1),
  }),
  ofEntry("CHECKPOINT_INVALID", "a checkpoint without an origin", {
    checkpointText: lines(([, ...rest]) => rest),
  }),
  ofEntry("CHECKPOINT_INVALID", "a checkpoint with an empty origin", {
    checkpointText: lines(([, ...rest]) => ["", ...rest]),
  }),
  ofEntry("CHECKPOINT_INVALID", "a checkpoint without a size", {
    checkpointText: lines((all) => all.toSpliced(1, 1)),
  }),
  ofEntry("CHECKPOINT_INVALID", "a checkpoint with a negative size", {
    checkpointText: lines((all) => all.toSpliced(1, 1, `-${all[1]}`)),
  }),
  ofEntry("CHECKPOINT_INVALID", "a checkpoint with a zero before its size", {
    checkpointText: lines((all) => all.toSpliced(1, 1, `0${all[1]}`)),
  }),
  ofEntry("CHECKPOINT_INVALID", "a checkpoint with carriage returns", {
    checkpointText: (text) => text.replaceAll("\n", "\r\n"),
  }),
  ofEntry("CHECKPOINT_INVALID", "a checkpoint without a root hash", {
    checkpointText: lines((all) => all.toSpliced(2, 1)),
  }),
  ofEntry("CHECKPOINT_INVALID", "a checkpoint with a root hash of 31 bytes", {
    checkpointText: lines((all) => all.toSpliced(2, 1, base64(new Uint8Array(31)))),
  }),
  ofEntry("BASE64_INVALID", "a checkpoint with unused bits in its root hash", {
    checkpointText: lines((all) => all.toSpliced(2, 1, `${"A".repeat(42)}B=`)),
  }),
  ofEntry("CHECKPOINT_INVALID", "a signature line that begins with a hyphen", {
    checkpoint: (note) => note.replace("\u2014", "-"),
  }),
  ofEntry("CHECKPOINT_INVALID", "a signature line with a third part", {
    checkpoint: (note) => `${note.slice(0, -1)} AAAA\n`,
  }),
  ofEntry("BASE64_INVALID", "a signature line that is not base64", {
    checkpoint: (note) => `${note}\u2014 someone AA=A\n`,
  }),
  ofEntry("LIMIT_EXCEEDED", "a checkpoint with 65 signatures", {
    checkpointSignatures: (all) => Array.from({ length: 65 }, () => all).flat(),
  }),
];

/** What makes a checkpoint one that the log did not sign, whichever generation of Rekor it is. */
function unsigned(log: "rekor1" | "rekor2"): Readonly<Record<string, EntryChanges>> {
  return {
    "whose signature was altered": { checkpointSignature: flipBit },
    "signed by a stranger in the log's name": {
      checkpointSignature: (_, text) => theirs[log].signer.sign(text),
    },
    "signed under another name": {
      checkpointSignatures: ownSignature((own) => ({ ...own, name: "rekor.example" })),
    },
    "signed under another key hint": { checkpointSignatures: ownSignature(otherHint) },
    "that nobody signed": { checkpointSignatures: () => [] },
    "that only a witness signed": { checkpointSignatures: (all) => all.slice(1) },
    "whose text was altered after signing": { checkpoint: (note) => note.replace("\n", " \n") },
    "whose root was altered after signing": {
      checkpoint: lines((all) => all.toSpliced(2, 1, base64(new Uint8Array(32)))),
    },
    "of another origin": { checkpointText: lines(([, ...rest]) => ["rekor.example", ...rest]) },
    "of an origin that begins like the log's": {
      checkpointText: lines(([origin = "", ...rest]) => [
        `${origin.split(" ")[0]}.attacker.example`,
        ...rest,
      ]),
    },
    "with a right and a wrong signature of the log": {
      checkpointSignatures: (all) => [
        ...all,
        ...ownSignature((own) => ({ ...own, signature: flipBit(own.signature) }))(all),
      ],
    },
  };
}

function ofGeneration(log: "rekor1" | "rekor2"): readonly Refusal[] {
  const valid: BundleAttempt = { log, witnesses: [witness] };
  return Object.entries(unsigned(log)).map(([claim, change]) =>
    ofEntry("CHECKPOINT_SIGNATURE_INVALID", `a checkpoint of ${log} ${claim}`, change, valid),
  );
}

/** Who signed a checkpoint. */
export const CHECKPOINT_SIGNATURE_REFUSALS: readonly Refusal[] = [
  ...ofGeneration("rekor1"),
  ...ofGeneration("rekor2"),
];
