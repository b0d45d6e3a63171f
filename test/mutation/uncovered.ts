/**
 * The parts of valid objects that can change without a refusal, because no signature covers them
 * and nothing compares them. Everything else is covered.
 */
import { fromBase64, fromUtf8 } from "@pubpin/test-kit";
import { derSpan } from "./der-tree.ts";
import type { JsonPlace } from "./json-tree.ts";

/** One byte of an object that was changed. */
export interface ChangedByte {
  readonly original: Uint8Array<ArrayBuffer>;
  readonly changed: Uint8Array<ArrayBuffer>;
  readonly index: number;
  /** The key or value that it is in, or null between them. */
  readonly place: JsonPlace | null;
}

/** A part that is not covered. */
export interface UncoveredPart {
  readonly name: string;
  readonly holds: (byte: ChangedByte) => boolean;
}

const ROOT_OF_RESPONSE = [1, 1, 0];

/** Every part that is not covered. */
export const UNCOVERED: readonly UncoveredPart[] = [
  {
    name: "what the index says of a publisher and no certificate knows, such as the environment",
    holds: ({ place }) => /\.publisher\.(?:environment|claims)\b/.test(place?.path ?? ""),
  },
  {
    name: "which of a CircleCI publisher's optional claims the index repeats",
    holds: ({ place }) =>
      place?.role === "key" && /\.publisher\.vcs_(?:origin|ref)$/.test(place.path),
  },
  {
    name: "signatures of others below a checkpoint",
    holds: ({ index, original, place }) =>
      place?.path.endsWith(".inclusionProof.checkpoint.envelope") === true &&
      index > endOfOwnSignature(original, place),
  },
  {
    name: "the list of hash functions of a timestamp, which announces what the signer repeats",
    holds: (byte) => isInTimestamp(byte, [...ROOT_OF_RESPONSE, 1]),
  },
  {
    name: "whether a timestamp was granted as asked or with changes",
    holds: (byte) => isInTimestamp(byte, [0]),
  },
  {
    name: "the hint by which people find a managed key",
    holds: ({ place }) => place?.path === "verificationMaterial.publicKey.hint",
  },
  {
    name: "the key identifier of an envelope's signature",
    holds: ({ place }) => place?.path === "dsseEnvelope.signatures.0.keyid",
  },
  {
    name: "how JSON is spelled: white space and escapes",
    holds: ({ original, changed }) => isSameJson(original, changed),
  },
];

function isSameJson(original: Uint8Array, changed: Uint8Array): boolean {
  return JSON.stringify(parse(original)) === JSON.stringify(parse(changed));
}

function parse(json: Uint8Array): unknown {
  return JSON.parse(fromUtf8(json));
}

/** The log signs first in minted checkpoints: its line is the first after the empty one. */
function endOfOwnSignature(original: Uint8Array, { start, end }: JsonPlace): number {
  const spelled = new TextDecoder("latin1").decode(original.subarray(start, end));
  const signatures = spelled.indexOf(String.raw`\n\n`) + 4;
  return start + spelled.indexOf(String.raw`\n`, signatures) + 1;
}

/** Whether all that changed in a timestamp lies in one of its values. */
function isInTimestamp(
  { original, changed, place }: ChangedByte,
  path: readonly number[],
): boolean {
  if (place?.path.endsWith(".signedTimestamp") !== true) return false;
  const before = fromBase64(textAt(original, place));
  const after = fromBase64(textAt(changed, place));
  const { start, end } = derSpan(before, path);
  return (
    before.length === after.length &&
    before.every((byte, index) => byte === after[index] || (start <= index && index < end))
  );
}

function textAt(json: Uint8Array, { start, end }: JsonPlace): string {
  return JSON.parse(fromUtf8(json.subarray(start, end))) as string;
}
