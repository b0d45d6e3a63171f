import { decodeBase64 } from "../bytes/base64.ts";
import { equalBytes } from "../bytes/bytes.ts";
import { quote } from "../bytes/quote.ts";
import { encodeUtf8 } from "../bytes/utf8.ts";
import { fail, requireAtMost } from "../errors.ts";
import { MAX_CHECKPOINT_SIGNATURES } from "../limits.ts";
import type { Bytes } from "../model.ts";
import { checkSignature } from "../x509/signature.ts";
import type { TrustedLog } from "./trusted-root.ts";

/** A checkpoint (C2SP tlog-checkpoint) in a signed note, of which only the form was checked. */
export interface ParsedCheckpoint {
  readonly origin: string;
  readonly treeSize: bigint;
  readonly rootHash: Bytes;
  /** What is signed. */
  readonly text: Bytes;
  readonly signatures: readonly NoteSignature[];
}

/** A signature line of a signed note (C2SP signed-note). */
interface NoteSignature {
  readonly name: string;
  readonly keyHint: Bytes;
  readonly signature: Bytes;
}

const SIGNATURE_LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)$/u;

/**
 * Parses a checkpoint. Lines after the root hash (extensions) are kept in the signed text and
 * otherwise ignored, as the specification asks.
 *
 * @throws CHECKPOINT_INVALID LIMIT_EXCEEDED
 */
export function parseCheckpoint(envelope: string, what: string): ParsedCheckpoint {
  const split = envelope.lastIndexOf("\n\n");
  if (split < 0 || !envelope.endsWith("\n")) {
    fail("CHECKPOINT_INVALID", `${what}: expected a text, an empty line and signature lines`);
  }
  const text = envelope.slice(0, split + 1);
  const [origin, size, root] = text.split("\n");
  if (origin === undefined || origin === "") {
    return fail("CHECKPOINT_INVALID", `${what}: expected the log's origin in the first line`);
  }
  if (size === undefined || !/^(?:0|[1-9][0-9]{0,18})$/.test(size)) {
    return fail("CHECKPOINT_INVALID", `${what}: expected the tree's size in the second line`);
  }
  return {
    origin,
    treeSize: BigInt(size),
    rootHash: decodeRoot(root ?? "", what),
    text: encodeUtf8(text),
    signatures: parseSignatures(envelope.slice(split + 2), what),
  };
}

function decodeRoot(text: string, what: string): Bytes {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text)) {
    fail("CHECKPOINT_INVALID", `${what}: expected a root hash in the third line`);
  }
  return decodeBase64(text, what);
}

function parseSignatures(block: string, what: string): readonly NoteSignature[] {
  const lines = block.split("\n").slice(0, -1);
  requireAtMost(MAX_CHECKPOINT_SIGNATURES, lines.length, "signatures", what);
  return lines.map((line) => {
    const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
    if (name === undefined || encoded === undefined) {
      return fail("CHECKPOINT_INVALID", `${what}: expected a signature line, found ${quote(line)}`);
    }
    const bytes = decodeBase64(encoded, what);
    return { name, keyHint: bytes.subarray(0, 4), signature: bytes.subarray(4) };
  });
}

/**
 * Checks that the log itself signed a checkpoint: under the log's own name and key, which must be
 * the origin's too. Signatures of others (witnesses) neither help nor harm.
 *
 * @throws CHECKPOINT_SIGNATURE_INVALID
 */
export async function checkCheckpointSignature(
  checkpoint: ParsedCheckpoint,
  log: TrustedLog,
  what: string,
): Promise<void> {
  const { origin, signatures, text } = checkpoint;
  // Rekor v1 appends the number of its tree to its name.
  if (origin !== log.name && !origin.startsWith(`${log.name} - `)) {
    fail(
      "CHECKPOINT_SIGNATURE_INVALID",
      `${what}: expected the origin ${quote(log.name)}, found ${quote(origin)}`,
    );
  }
  const own = signatures.filter(
    ({ name, keyHint }) => name === log.name && equalBytes(keyHint, log.keyHint),
  );
  if (own.length === 0) {
    fail(
      "CHECKPOINT_SIGNATURE_INVALID",
      `${what}: expected a signature of ${log.name}, found none`,
    );
  }
  for (const { signature } of own) {
    await checkSignature(log.verifier, signature, text, "CHECKPOINT_SIGNATURE_INVALID", what);
  }
}
