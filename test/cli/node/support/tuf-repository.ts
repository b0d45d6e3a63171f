/** A TUF repository (specification 1.0) with one Ed25519 key for every role. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** A part of a repository, by the name of its role. */
export type TufRole = "root" | "timestamp" | "snapshot" | "targets";

/** What to make. */
export interface TufContent {
  /** The bytes of `trusted_root.json`; null where the repository has no such target. */
  readonly target: Uint8Array | null;
  /** The version of timestamp, snapshot and targets; 1 by default. */
  readonly version?: number;
  /** Roles whose metadata has expired. */
  readonly expired?: readonly TufRole[];
  /** Roles whose metadata somebody else signed. */
  readonly forged?: readonly TufRole[];
}

/** A repository's files by their paths below its address. */
export type TufFiles = ReadonlyMap<string, Uint8Array>;

/** A repository that can be published again and again. */
export interface TufPublisher {
  /** The first root metadata, that clients begin with. */
  readonly rootJson: Uint8Array;
  readonly publish: (content: TufContent) => TufFiles;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const LONG_FROM_NOW = "2200-01-01T00:00:00Z";
const LONG_AGO = "2020-01-01T00:00:00Z";
const ROLES: readonly TufRole[] = ["root", "timestamp", "snapshot", "targets"];

/** Makes the keys and the first root metadata. */
export function createTufPublisher(): TufPublisher {
  const own = generateKeyPairSync("ed25519");
  const other = generateKeyPairSync("ed25519");
  const id = keyId(own.publicKey);
  const publishRole = (role: TufRole, content: TufContent, fields: Json): Uint8Array => {
    const { expired = [], forged = [], version = 1 } = content;
    const signed = {
      _type: role,
      spec_version: "1.0.31",
      version: role === "root" ? 2 : version,
      expires: expired.includes(role) ? LONG_AGO : LONG_FROM_NOW,
      ...(fields as object),
    } as Json;
    return envelope(signed, id, forged.includes(role) ? other.privateKey : own.privateKey);
  };
  return {
    rootJson: envelope(
      {
        _type: "root",
        spec_version: "1.0.31",
        version: 1,
        expires: LONG_FROM_NOW,
        ...root(own.publicKey),
      },
      id,
      own.privateKey,
    ),
    publish: (content) => {
      const { target, version = 1 } = content;
      const files = new Map<string, Uint8Array>();
      const hash = target === null ? "" : sha256(target);
      const described = target === null ? {} : { "trusted_root.json": describe(target) };
      const targets = publishRole("targets", content, { targets: described });
      const snapshot = publishRole("snapshot", content, { meta: { "targets.json": { version } } });
      const timestamp = publishRole("timestamp", content, {
        meta: { "snapshot.json": { version } },
      });
      files.set("/2.root.json", publishRole("root", content, root(own.publicKey)));
      files.set("/timestamp.json", timestamp);
      files.set(`/${version}.snapshot.json`, snapshot);
      files.set(`/${version}.targets.json`, targets);
      if (target !== null) files.set(`/targets/${hash}.trusted_root.json`, target);
      return files;
    },
  };
}

function root(key: KeyObject): { readonly [key: string]: Json } {
  const role = { keyids: [keyId(key)], threshold: 1 };
  return {
    consistent_snapshot: true,
    keys: { [keyId(key)]: publicKey(key) },
    roles: Object.fromEntries(ROLES.map((name) => [name, role])),
  };
}

function publicKey(key: KeyObject): { readonly [key: string]: Json } {
  const raw = key.export({ type: "spki", format: "der" }).subarray(-32).toString("hex");
  return { keytype: "ed25519", scheme: "ed25519", keyval: { public: raw } };
}

function keyId(key: KeyObject): string {
  return sha256(Buffer.from(canonical(publicKey(key))));
}

function describe(target: Uint8Array): Json {
  return { length: target.length, hashes: { sha256: sha256(target) } };
}

function envelope(signed: Json, keyid: string, key: KeyObject): Uint8Array {
  const sig = sign(null, Buffer.from(canonical(signed)), key).toString("hex");
  return Buffer.from(JSON.stringify({ signatures: [{ keyid, sig }], signed }));
}

/** Canonical JSON (OLPC): keys sorted, nothing between values. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value as { readonly [key: string]: Json }).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return `{${members.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`).join(",")}}`;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
