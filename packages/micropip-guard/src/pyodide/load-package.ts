/** `loadPackage`: everything that a call would load is downloaded and judged before any is unpacked. */
import { type Decision, digest, encodeHex } from "@pubpin/shared";
import type { Archive } from "../archive.ts";
import type { Judge, Judgement } from "../judge.ts";
import type { Bytes } from "../model.ts";
import { installRefused } from "../refuse.ts";
import type { LoadablePackage, LoadOptions, PackageManager, PyodideApi } from "./internals.ts";
import { filenameAt } from "./lock.ts";

/** A package with its bytes, or with the error that its download ended in. */
interface Downloaded {
  readonly pack: LoadablePackage;
  readonly bytes: Bytes | Error;
  /** Empty where there are no bytes. */
  readonly sha256: string;
  readonly isJudged: boolean;
}

/** The guarded loadPackage. */
export interface GuardedLoader {
  /**
   * Judges archives together with what a call of loadPackage for these names would load. The call
   * that follows unpacks what was judged, without another download.
   */
  readonly judgeWith: (
    archives: readonly Archive[],
    names: readonly string[],
    given: readonly Decision[],
  ) => Promise<Judgement>;
  /** The digest of bytes that were downloaded for loadPackage; undefined for any others. */
  readonly digestOf: (buffer: object) => string | undefined;
}

/** Looks into an archive, as the interpreter sees it. */
export type LookInside = (bytes: Bytes) => readonly string[];

/** What Pyodide's own package manager does, before it is guarded. */
type Unguarded = Pick<
  PackageManager,
  "loadPackageInner" | "downloadPackage" | "recursiveDependencies"
>;

/** Puts the guard into `loadPackage` and everything that ends in it. */
export function guardLoadPackage(
  api: PyodideApi,
  judge: Judge,
  metadataFolders: LookInside,
): GuardedLoader {
  const manager = api.packageManager;
  const own: Unguarded = {
    loadPackageInner: manager.loadPackageInner.bind(manager),
    downloadPackage: manager.downloadPackage.bind(manager),
    recursiveDependencies: manager.recursiveDependencies.bind(manager),
  };
  /** What a call will load, by the very list that it passes on. */
  const closures = new WeakMap<readonly string[], Map<string, LoadablePackage>>();
  const judged = new WeakMap<LoadablePackage, Bytes | Error>();
  const digests = new WeakMap<object, string>();
  /** Judged for micropip, which is about to load them. */
  const ahead = new Map<string, Downloaded>();

  const judgeAll = async (
    archives: readonly Archive[],
    packages: readonly Downloaded[],
    given: readonly Decision[] | null,
  ): Promise<Judgement> => {
    const all = [...archives, ...archivesOf(api, packages, metadataFolders)];
    for (const { bytes, sha256 } of packages) digests.set(bytes, sha256);
    return judge.judge(given === null ? "loadPackage" : "micropip", all, given ?? []);
  };

  manager.recursiveDependencies = (names) =>
    closures.get(names) ?? own.recursiveDependencies(names);
  manager.downloadPackage = async (pack, integrity) => {
    const bytes = judged.get(pack) ?? (await own.downloadPackage(pack, integrity));
    if (bytes instanceof Error) throw bytes;
    return bytes;
  };
  manager.loadPackageInner = async (given, options: LoadOptions = { checkIntegrity: true }) => {
    const names = listOf(given);
    const closure = own.recursiveDependencies(names);
    const packages = await downloadAll(closure, manager, own, ahead, options.checkIntegrity);
    const { refusal, decisions } = await judgeAll([], packages, null);
    if (refusal !== null) throw installRefused(refusal, decisions);
    for (const { pack, bytes } of packages) judged.set(pack, bytes);
    closures.set(names, closure);
    return own.loadPackageInner(names, options);
  };
  return {
    digestOf: (buffer) => digests.get(buffer),
    async judgeWith(archives, names, given) {
      ahead.clear();
      const closure = own.recursiveDependencies(names);
      const packages = await downloadAll(closure, manager, own, ahead, true);
      const judgement = await judgeAll(archives, packages, given);
      if (judgement.refusal !== null) return judgement;
      for (const each of packages) {
        if (!(each.bytes instanceof Error)) ahead.set(keyOf(each.pack), each);
      }
      return judgement;
    },
  };
}

async function downloadAll(
  closure: ReadonlyMap<string, LoadablePackage>,
  manager: PackageManager,
  own: Unguarded,
  ahead: Map<string, Downloaded>,
  integrity: boolean | undefined,
): Promise<readonly Downloaded[]> {
  const missing = [...closure.values()].filter(
    ({ name }) => manager.getLoadedPackageChannel(name) === null,
  );
  return Promise.all(
    missing.map(async (pack) => {
      const known = ahead.get(keyOf(pack));
      ahead.delete(keyOf(pack));
      if (known !== undefined) {
        const { bytes, sha256 } = known;
        return { pack, bytes, sha256, isJudged: true };
      }
      try {
        // A copy, which nobody else holds or can change while it is judged.
        const bytes = new Uint8Array(await own.downloadPackage(pack, integrity));
        const sha256 = encodeHex(await digest("SHA-256", bytes));
        return { pack, bytes, sha256, isJudged: false };
      } catch (error) {
        const reason = error instanceof Error ? error : new Error(String(error));
        return { pack, bytes: reason, sha256: "", isJudged: false };
      }
    }),
  );
}

function archivesOf(
  api: PyodideApi,
  packages: readonly Downloaded[],
  metadataFolders: LookInside,
): readonly Archive[] {
  return packages.flatMap(({ pack, bytes, sha256, isJudged }) => {
    if (isJudged || bytes instanceof Error) return [];
    const isOwn = pack.channel === api.packageManager.defaultChannel;
    const entry = isOwn ? api.lockfile_packages[pack.normalizedName] : undefined;
    const url = isOwn ? null : pack.channel;
    return {
      sha256,
      name: isOwn ? pack.name : null,
      version: typeof entry?.version === "string" ? entry.version : null,
      filename: filenameAt(url ?? String(entry?.file_name)),
      url,
      metadataFolders: () => metadataFolders(bytes),
    };
  });
}

function keyOf({ channel, normalizedName }: LoadablePackage): string {
  return `${channel} ${normalizedName}`;
}

/** A list of its own, so that it stands for one call. */
function listOf(names: unknown): readonly string[] {
  const plain = isProxy(names) ? names.toJs() : names;
  return Array.isArray(plain) ? plain.map(String) : [String(plain)];
}

function isProxy(value: unknown): value is { readonly toJs: () => unknown } {
  return typeof (value as { readonly toJs?: unknown } | null)?.toJs === "function";
}
