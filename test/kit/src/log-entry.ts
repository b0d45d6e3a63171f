/** Entries of a transparency log, as bundles and attestations hold them (sigstore_rekor.proto). */
import type { Authorities, TransparencyLog } from "./authorities.ts";
import { type Bytes, base64, hex, utf8 } from "./bytes.ts";
import { type Change, type SignatureChange, changed } from "./change.ts";
import { type CheckpointChanges, type Witness, mintCheckpoint } from "./checkpoint.ts";
import type { Signed } from "./content.ts";
import { type Json, type JsonObject, canonicalJson } from "./json.ts";
import { type EntryKind, type VerifierMaterial, logBody } from "./log-body.ts";
import { type Inclusion, include, leafHash } from "./merkle.ts";
import { type Time, later, toDate, unixSeconds } from "./time.ts";

/** What can be changed on a log entry's way, in this order. */
export interface EntryChanges extends CheckpointChanges {
  /** The log's id, in promise, entry and key hint. */
  readonly logId?: Change<Bytes> | undefined;
  /** The body before it is serialised and hashed. */
  readonly body?: Change<JsonObject> | undefined;
  /** The serialised body; promise, leaf hash, proof and checkpoint follow from what is returned. */
  readonly bodyBytes?: Change<Bytes> | undefined;
  readonly leafHash?: Change<Bytes> | undefined;
  /** Place, proof and root; the checkpoint is made from what is returned. */
  readonly tree?: Change<Inclusion> | undefined;
  /** What the promise is over: body, integratedTime, logID, logIndex. Version 1 only. */
  readonly promise?: Change<JsonObject> | undefined;
  /** The promise's canonical bytes. */
  readonly promiseBytes?: Change<Bytes> | undefined;
  /** The signed entry timestamp. */
  readonly promiseSignature?: SignatureChange | undefined;
  /** Place, proof and root as the entry shows them; the checkpoint stays as it is. */
  readonly proof?: Change<Inclusion> | undefined;
  /** The finished entry. */
  readonly entry?: Change<JsonObject> | undefined;
}

/** How a signature is recorded. */
export interface EntryOptions {
  /** Rekor version 1 (the default) or 2. */
  readonly log?: "rekor1" | "rekor2" | undefined;
  /** By default `dsse` for an envelope and `hashedrekord` for a message. */
  readonly entry?: EntryKind | undefined;
  /** When version 1 recorded it; by default one second after the signing time. */
  readonly integratedTime?: Time | undefined;
  /** Index in the whole log; by default the next one. */
  readonly logIndex?: number | undefined;
  /** Index in the tree; by default the log's index less 1,000 in version 1, the same in version 2. */
  readonly treeIndex?: number | undefined;
  /** Number of leaves in the tree. */
  readonly treeSize?: number | undefined;
  /** Whether there is a promise (version 1 only) and a proof; by default there are. */
  readonly inclusionPromise?: boolean | undefined;
  readonly inclusionProof?: boolean | undefined;
  /** Parties that sign the checkpoint after the log. */
  readonly witnesses?: readonly Witness[] | undefined;
  readonly change?: EntryChanges | undefined;
  /** Logs of another instance, or with another key, in place of one's own. */
  readonly using?: Partial<Authorities> | undefined;
}

/** What an entry records. */
export interface EntryRequest {
  readonly signed: Signed;
  readonly material: VerifierMaterial;
  readonly time: Date;
  /** The next free index of the log. */
  readonly nextIndex: number;
}

interface Recorded {
  readonly log: TransparencyLog;
  readonly body: Bytes;
  readonly logIndex: number;
  readonly integratedTime: number;
}

/** Index at which the current tree of version 1 starts, as in the public log, which has had several. */
const SHARD_START = 1000;

/** Records a signature; the changes apply on the way. */
export async function mintEntry(
  authorities: Authorities,
  request: EntryRequest,
  options: EntryOptions,
): Promise<JsonObject> {
  const change = options.change ?? {};
  const version = options.log === "rekor2" ? 2 : 1;
  const party = { ...authorities, ...options.using }[version === 1 ? "rekor1" : "rekor2"];
  const log = { ...party, logId: await changed(change.logId, party.logId) };
  const kind = options.entry ?? (request.signed.kind === "dsse" ? "dsse" : "hashedrekord");
  const object = await logBody(version, kind, request.signed, request.material);
  const final = await changed(change.body, object);
  const body = await changed(change.bodyBytes, utf8(canonicalJson(final)));
  const integratedTime = unixSeconds(options.integratedTime ?? later(request.time, 1));
  const logIndex = options.logIndex ?? request.nextIndex + (version === 1 ? SHARD_START : 0);
  const recorded = { log, body, logIndex, integratedTime };
  const proof = await mintProof(recorded, version, options);
  const promise = version === 1 ? await mintPromise(recorded, change) : null;
  return await changed(change.entry, {
    logIndex: String(logIndex),
    logId: { keyId: base64(log.logId) },
    kindVersion: { kind: final["kind"] ?? null, version: final["apiVersion"] ?? null },
    ...(version === 1 ? { integratedTime: String(integratedTime) } : {}),
    ...(promise !== null && options.inclusionPromise !== false
      ? { inclusionPromise: { signedEntryTimestamp: base64(promise) } }
      : {}),
    ...(options.inclusionProof === false ? {} : { inclusionProof: proof }),
    canonicalizedBody: base64(body),
  });
}

/** Signs what Rekor version 1 promises: the canonical JSON of body, time, log and index. */
async function mintPromise(recorded: Recorded, change: EntryChanges): Promise<Bytes> {
  const { log, body, logIndex, integratedTime } = recorded;
  const promise: JsonObject = {
    body: base64(body),
    integratedTime,
    logID: hex(log.logId),
    logIndex,
  };
  const plain = utf8(canonicalJson(await changed(change.promise, promise)));
  const bytes = await changed(change.promiseBytes, plain);
  return await changed(change.promiseSignature, await log.signer.sign(bytes), bytes);
}

async function mintProof(recorded: Recorded, version: 1 | 2, options: EntryOptions): Promise<Json> {
  const change = options.change ?? {};
  const { log, logIndex } = recorded;
  const index =
    options.treeIndex ?? (version === 1 ? Math.max(0, logIndex - SHARD_START) : logIndex);
  const size = options.treeSize ?? index + 1 + (index % 5);
  const leaf = await changed(change.leafHash, await leafHash(recorded.body));
  const inclusion = await changed(change.tree, await include(leaf, index, size));
  const checkpoint = await mintCheckpoint(
    {
      log,
      origin: version === 1 ? `${log.host} - ${log.treeId}` : log.host,
      inclusion,
      witnesses: options.witnesses ?? [],
      time: toDate(new Date(recorded.integratedTime * 1000)),
    },
    change,
  );
  const shown = await changed(change.proof, inclusion);
  return {
    logIndex: String(shown.index),
    rootHash: base64(shown.rootHash),
    treeSize: String(shown.size),
    hashes: shown.hashes.map(base64),
    checkpoint: { envelope: checkpoint },
  };
}
