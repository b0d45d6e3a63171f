import type { HashName } from "../bytes/crypto.ts";
import {
  type Field,
  readBytes,
  readFields,
  readText,
  wrongType,
  namedIn,
} from "../bytes/fields.ts";
import type { Bytes } from "../model.ts";

/** Names of hash functions in `HashAlgorithm` (protobuf-specs, `sigstore_common.proto`). */
const PROTOBUF_HASHES: Readonly<Record<string, HashName>> = {
  SHA2_256: "SHA-256",
  SHA2_384: "SHA-384",
  SHA2_512: "SHA-512",
};

/** The hash function that a field names, by one of these names; others throw the field's code. */
export function readHashName(field: Field, names: Readonly<Record<string, HashName>>): HashName {
  const name = readText(field);
  const hash = namedIn(names, name);
  return hash ?? wrongType(field, Object.keys(names).join(" or "));
}

/** A digest, and the function that made it. */
export interface ClaimedDigest {
  readonly hash: HashName;
  readonly digest: Bytes;
}

/** Reads a `HashOutput` (protobuf-specs, `sigstore_common.proto`). */
export function readHashOutput(field: Field): ClaimedDigest {
  const { algorithm, digest } = readFields(field, ["algorithm", "digest"]);
  return { hash: readHashName(algorithm, PROTOBUF_HASHES), digest: readBytes(digest) };
}
