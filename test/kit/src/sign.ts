/** Makes bundles: signs, has it recorded and stamped, and puts everything together. */
import type { Authorities } from "./authorities.ts";
import { type BundleVersion, bundleJson } from "./bundle.ts";
import type { Bytes } from "./bytes.ts";
import { type Change, changed, watched } from "./change.ts";
import {
  type ContentChanges,
  type ContentOptions,
  type Signed,
  signContent,
  signatureOf,
} from "./content.ts";
import { type JsonObject, jsonBytes } from "./json.ts";
import type { Signer } from "./keys.ts";
import { type Leaf, type LeafChanges, type LeafOptions, issueLeaf } from "./leaf.ts";
import type { VerifierMaterial } from "./log-body.ts";
import { type EntryChanges, type EntryOptions, mintEntry } from "./log-entry.ts";
import type { Identity, Publisher } from "./publishers.ts";
import { DEFAULT_TIME, type Time, toDate } from "./time.ts";
import { type TimestampChanges, type TimestampOptions, mintTimestamp } from "./timestamp.ts";

/** A key that is known beforehand, in place of a certificate. */
export interface ManagedKey {
  readonly signer: Signer;
  /** The name that bundles give it. */
  readonly hint: string;
  /** The public key, SubjectPublicKeyInfo in PEM. */
  readonly pem: string;
}

/** Everything that can be changed while a bundle is made. */
export interface SignChanges extends ContentChanges, EntryChanges, TimestampChanges, LeafChanges {
  /** The finished bundle, before it is serialised. */
  readonly bundle?: Change<JsonObject> | undefined;
  /** The finished bundle's bytes. */
  readonly bytes?: Change<Bytes> | undefined;
}

/** How something is signed: what, by whom, and how that is recorded. */
export interface SignOptions extends ContentOptions, Omit<EntryOptions, "change"> {
  /** Who signs: a certificate at hand, ... */
  readonly leaf?: Leaf | undefined;
  /** ... someone to issue a certificate for, ... */
  readonly identity?: Publisher | Identity | undefined;
  /** ... or a key without a certificate. By default a GitHub workflow signs. */
  readonly key?: ManagedKey | undefined;
  /** Kind of key, or the key pair, to issue the certificate for. */
  readonly leafKey?: LeafOptions["leafKey"];
  /** When it is signed; by default the leaf's start. */
  readonly time?: Time | undefined;
  readonly bundleVersion?: BundleVersion | undefined;
  /** Time stamps; by default none with Rekor version 1, and one with version 2. */
  readonly timestamps?: readonly TimestampOptions[] | undefined;
  /** Further entries for the same signature, each with its own options and changes. */
  readonly furtherEntries?: readonly EntryOptions[] | undefined;
  readonly change?: SignChanges | undefined;
}

/** A bundle and what it was made of. */
export interface SignedBundle {
  /** The bundle as parsed JSON. */
  readonly bundle: JsonObject;
  readonly bytes: Bytes;
  readonly signed: Signed;
  readonly entries: readonly JsonObject[];
  readonly timestamps: readonly Bytes[];
  /** The certificate that signed, unless a managed key did. */
  readonly leaf: Leaf | null;
}

/** The publisher that signs where a test does not care. */
export const SOME_PUBLISHER: Publisher = { kind: "GitHub", repository: "octo/example" };

interface Signatory {
  readonly leaf: Leaf | null;
  readonly material: VerifierMaterial;
  readonly keyHint: string;
}

async function signatory(authorities: Authorities, options: SignOptions): Promise<Signatory> {
  const { key, identity = SOME_PUBLISHER } = options;
  if (key !== undefined) {
    const material = { signer: key.signer, certificate: null, pem: key.pem };
    return { leaf: null, material, keyHint: key.hint };
  }
  const leaf = options.leaf ?? (await issueLeaf(authorities, identity, options));
  return { leaf, material: leaf, keyHint: "" };
}

/** Everything that records a signature. */
interface Recording {
  readonly authorities: Authorities;
  readonly counter: { next: number };
  readonly signed: Signed;
  readonly material: VerifierMaterial;
  readonly time: Date;
}

async function record(recording: Recording, options: EntryOptions): Promise<JsonObject> {
  const { authorities, counter, signed, material, time } = recording;
  const nextIndex = counter.next;
  counter.next += 1;
  return await mintEntry(authorities, { signed, material, time, nextIndex }, options);
}

async function recordFurther(recording: Recording, options: EntryOptions): Promise<JsonObject> {
  const { changes, assertApplied } = watched(options.change ?? {});
  const entry = await record(recording, { ...options, change: changes });
  assertApplied();
  return entry;
}

async function stamp(
  recording: Recording,
  options: TimestampOptions,
  shared: TimestampChanges,
): Promise<Bytes> {
  const { authorities, signed, time } = recording;
  const { changes, assertApplied } = watched(options.change ?? {});
  const made = await mintTimestamp(authorities, signatureOf(signed), time, {
    ...options,
    change: { ...shared, ...changes },
  });
  assertApplied();
  return made;
}

/** Signs and records; the changes apply on the way. Throws if one of them had nothing to apply to. */
export async function signBundle(
  own: Authorities,
  counter: { next: number },
  request: SignOptions,
): Promise<SignedBundle> {
  const { changes: change, assertApplied } = watched(request.change ?? {});
  const options = { ...request, change };
  const authorities = { ...own, ...options.using };
  const { leaf, material, keyHint } = await signatory(authorities, options);
  const time = toDate(options.time ?? leaf?.time ?? DEFAULT_TIME);
  const signed = await signContent(options, material.signer, change);
  const recording = { authorities, counter, signed, material, time };
  const entries = [await record(recording, options)];
  for (const further of options.furtherEntries ?? []) {
    entries.push(await recordFurther(recording, further));
  }
  const wanted = options.timestamps ?? (options.log === "rekor2" ? [{}] : []);
  const timestamps = await Promise.all(wanted.map((each) => stamp(recording, each, change)));
  const version = options.bundleVersion ?? "0.3";
  const plain = bundleJson({ version, signed, material, keyHint, entries, timestamps });
  const bundle = await changed(change.bundle, plain);
  const bytes = await changed(change.bytes, jsonBytes(bundle));
  assertApplied();
  return { bundle, bytes, signed, entries, timestamps, leaf };
}
