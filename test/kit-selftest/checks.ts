/** Checks of minted objects that use nothing of the kit but its encodings: WebCrypto, and the RFCs read anew. */
import {
  type Bytes,
  type HashName,
  type Signer,
  base64,
  concat,
  contentOf,
  copyOf,
  derAt,
  ecdsaToFixedWidth,
  elementsOf,
  fromBase64,
  fromUtf8,
  hex,
  membersOf,
  sha256,
  utf8,
} from "@pubpin/test-kit";

/** The parts of a log entry that the checks look at. */
export interface EntryShape {
  readonly logIndex: string;
  readonly logId: { readonly keyId: string };
  readonly kindVersion: { readonly kind: string; readonly version: string };
  readonly integratedTime?: string;
  readonly inclusionPromise?: { readonly signedEntryTimestamp: string };
  readonly inclusionProof: {
    readonly logIndex: string;
    readonly treeSize: string;
    readonly rootHash: string;
    readonly hashes: readonly string[];
    readonly checkpoint: { readonly envelope: string };
  };
  readonly canonicalizedBody: string;
}

/** Whether a key made a signature; the key's kind is known beforehand. */
export async function isSignedBy(
  { kind, spki }: Pick<Signer, "kind" | "spki">,
  message: Uint8Array,
  signature: Uint8Array,
  hash: HashName = "SHA-256",
): Promise<boolean> {
  const bytes = copyOf(message);
  if (kind === "Ed25519") {
    const key = await crypto.subtle.importKey("spki", spki, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, copyOf(signature), bytes);
  }
  if (kind === "P-256" || kind === "P-384" || kind === "P-521") {
    const algorithm = { name: "ECDSA", namedCurve: kind, hash };
    const key = await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]);
    return await crypto.subtle.verify(algorithm, key, ecdsaToFixedWidth(signature, kind), bytes);
  }
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash };
  const key = await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]);
  return await crypto.subtle.verify(algorithm, key, copyOf(signature), bytes);
}

/** The root that a proof leads to, from the leaf upwards (RFC 9162 section 2.1.3.2). */
export async function rootOf(
  leaf: Uint8Array,
  index: bigint,
  size: bigint,
  hashes: readonly Uint8Array[],
): Promise<Bytes> {
  let node = index;
  let last = size - 1n;
  let hash = copyOf(leaf);
  for (const sibling of hashes) {
    if (last === 0n) throw new Error("the proof is too long");
    if (node % 2n === 1n || node === last) {
      hash = await sha256(Uint8Array.of(1), sibling, hash);
      while (node % 2n === 0n && node !== 0n) {
        node /= 2n;
        last /= 2n;
      }
    } else {
      hash = await sha256(Uint8Array.of(1), hash, sibling);
    }
    node /= 2n;
    last /= 2n;
  }
  if (last !== 0n) throw new Error("the proof is too short");
  return hash;
}

/** What holds of a log entry by itself. */
export interface EntryFindings {
  /** The promise is the log's, over this body, time and index; null where there is none. */
  readonly promise: boolean | null;
  /** The proof leads from this body to the root it names. */
  readonly proof: boolean;
  /** The checkpoint names the proof's size and root. */
  readonly checkpoint: boolean;
  /** The checkpoint's first signature is the log's. */
  readonly checkpointSignature: boolean;
}

/** Looks at a log entry by itself. */
export async function examineEntry(entry: EntryShape, log: Signer): Promise<EntryFindings> {
  const { inclusionProof: proof } = entry;
  const leaf = await sha256(Uint8Array.of(0), fromBase64(entry.canonicalizedBody));
  const hashes = proof.hashes.map(fromBase64);
  const [index, size] = [BigInt(proof.logIndex), BigInt(proof.treeSize)];
  const root = await rootOf(leaf, index, size, hashes).then(base64, () => "no root");
  const { envelope } = proof.checkpoint;
  const end = envelope.indexOf("\n\n") + 1;
  const lines = envelope.slice(0, end).split("\n");
  const signature = fromBase64(
    envelope
      .slice(end + 1)
      .split("\n")[0]
      ?.split(" ")[2] ?? "",
  );
  return {
    promise: await examinePromise(entry, log),
    proof: root === proof.rootHash,
    checkpoint: lines[1] === proof.treeSize && lines[2] === proof.rootHash,
    checkpointSignature: await isSignedBy(log, utf8(envelope.slice(0, end)), signature.slice(4)),
  };
}

async function examinePromise(entry: EntryShape, log: Signer): Promise<boolean | null> {
  if (entry.inclusionPromise === undefined) return null;
  const logId = hex(fromBase64(entry.logId.keyId));
  const text = `{"body":"${entry.canonicalizedBody}","integratedTime":${entry.integratedTime},"logID":"${logId}","logIndex":${entry.logIndex}}`;
  const signature = fromBase64(entry.inclusionPromise.signedEntryTimestamp);
  return await isSignedBy(log, utf8(text), signature);
}

/** Whether a certificate's signature is by this key. */
export async function isIssuedBy(certificate: Uint8Array, issuer: Signer): Promise<boolean> {
  const [tbs, , signature] = elementsOf(contentOf(certificate));
  if (tbs === undefined || signature === undefined) throw new Error("not a certificate");
  return await isSignedBy(issuer, tbs, contentOf(signature).slice(1), issuer.hash);
}

/** The OIDs (contents in hexadecimal), criticality and values of a certificate's extensions. */
export function extensionsOf(
  certificate: Uint8Array,
): { readonly id: string; readonly critical: boolean; readonly value: Bytes }[] {
  const tbs = membersOf(derAt(certificate, [0]));
  const list = tbs.find((member) => member[0] === 0xa3);
  if (list === undefined) return [];
  return membersOf(derAt(list, [0])).map((extension) => {
    const [id, ...rest] = membersOf(extension);
    const value = rest.at(-1);
    if (id === undefined || value === undefined) throw new Error("not an extension");
    return { id: hex(contentOf(id)), critical: rest.length === 2, value: contentOf(value) };
  });
}

/** The text of one of Fulcio's claims: raw up to .6, a UTF8String above. */
export function claimOf(certificate: Uint8Array, arc: number): string | undefined {
  const id = `2b0601040183bf3001${arc.toString(16).padStart(2, "0")}`;
  const found = extensionsOf(certificate).find((extension) => extension.id === id);
  if (found === undefined) return undefined;
  return fromUtf8(arc < 8 ? found.value : contentOf(found.value));
}

/** Whether the certificate's first SCT is by this key, over the certificate without its last extension. */
export async function isPromisedBy(
  certificate: Uint8Array,
  withoutSct: Uint8Array,
  issuerSpki: Uint8Array,
  log: Signer,
): Promise<boolean> {
  const sct = contentOf(extensionsOf(certificate).at(-1)?.value ?? new Uint8Array()).slice(4);
  const extensions = ((sct[41] ?? 0) << 8) | (sct[42] ?? 0);
  const message = concat(
    Uint8Array.of(0, 0),
    sct.slice(33, 41),
    Uint8Array.of(0, 1),
    await sha256(issuerSpki),
    Uint8Array.of(0, withoutSct.length >> 8, withoutSct.length & 0xff),
    withoutSct,
    sct.slice(41, 43 + extensions),
  );
  return await isSignedBy(log, message, sct.slice(43 + extensions + 4));
}
