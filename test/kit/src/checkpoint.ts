/** Checkpoints (C2SP tlog-checkpoint) as signed notes (C2SP signed-note). */
import { type TransparencyLog, noteKeyId } from "./authorities.ts";
import { type Bytes, base64, bigEndian, concat, utf8 } from "./bytes.ts";
import { type Change, type SignatureChange, changed } from "./change.ts";
import { type Signer, generateSigner } from "./keys.ts";
import type { Inclusion } from "./merkle.ts";
import { unixSeconds } from "./time.ts";

/** One signature of a note. */
export interface NoteSignature {
  readonly name: string;
  /** The first 4 bytes of the key's id. */
  readonly keyHint: Bytes;
  /** The signature, after a time stamp where a witness signed. */
  readonly signature: Bytes;
}

/** What can be changed on a checkpoint's way, in this order. */
export interface CheckpointChanges {
  /** The signed text, with its final line feed. */
  readonly checkpointText?: Change<string> | undefined;
  /** The log's own signature. */
  readonly checkpointSignature?: SignatureChange | undefined;
  /** All signatures, the log's own first, then the witnesses'. */
  readonly checkpointSignatures?: Change<readonly NoteSignature[], string> | undefined;
  /** The whole note. */
  readonly checkpoint?: Change<string> | undefined;
}

/** A party without a place in the trust root that signs checkpoints too. */
export interface Witness {
  readonly name: string;
  readonly signer: Signer;
}

/** A new witness. */
export async function createWitness(name: string): Promise<Witness> {
  return { name, signer: await generateSigner("Ed25519") };
}

/** How a checkpoint is made. */
export interface CheckpointRequest {
  readonly log: TransparencyLog;
  readonly origin: string;
  readonly inclusion: Inclusion;
  readonly witnesses: readonly Witness[];
  readonly time: Date;
}

/** The text of a checkpoint: origin, size, root hash, a line each. */
export function checkpointText(origin: string, size: number, rootHash: Bytes): string {
  return `${origin}\n${size}\n${base64(rootHash)}\n`;
}

/** The note that these signatures make of a text. */
export function signedNote(text: string, signatures: readonly NoteSignature[]): string {
  const lines = signatures.map(
    ({ name, keyHint, signature }) => `\u2014 ${name} ${base64(concat(keyHint, signature))}\n`,
  );
  return `${text}\n${lines.join("")}`;
}

async function cosign(witness: Witness, text: string, time: Date): Promise<NoteSignature> {
  const seconds = unixSeconds(time);
  const message = utf8(`cosignature/v1\ntime ${seconds}\n${text}`);
  const keyHint = (await noteKeyId(witness.name, witness.signer, 4)).slice(0, 4);
  const signature = concat(bigEndian(seconds, 8), await witness.signer.sign(message));
  return { name: witness.name, keyHint, signature };
}

/** A signed checkpoint; the changes apply on the way. */
export async function mintCheckpoint(
  request: CheckpointRequest,
  change: CheckpointChanges,
): Promise<string> {
  const { log, origin, inclusion, witnesses, time } = request;
  const plain = checkpointText(origin, inclusion.size, inclusion.rootHash);
  const text = await changed(change.checkpointText, plain);
  const message = utf8(text);
  const signature = await changed(
    change.checkpointSignature,
    await log.signer.sign(message),
    message,
  );
  const own = { name: log.host, keyHint: log.logId.slice(0, 4), signature };
  const all = [
    own,
    ...(await Promise.all(witnesses.map((witness) => cosign(witness, text, time)))),
  ];
  const signatures = await changed(change.checkpointSignatures, all, text);
  return await changed(change.checkpoint, signedNote(text, signatures));
}
