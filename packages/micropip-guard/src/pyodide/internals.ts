/** The parts of Pyodide that the guard stands on. Whatever is not as expected is refused. */
import { fail } from "@pubpin/shared";

/** A Python object seen from JavaScript. */
export interface PyProxy {
  readonly get: (name: string) => unknown;
  readonly set: (name: string, value: unknown) => void;
}

/** A package that loadPackage is about to load. */
export interface LoadablePackage {
  readonly name: string;
  readonly normalizedName: string;
  /** Where it comes from: the lock, or a URL. */
  readonly channel: string;
}

/** An entry of the lock, of which nothing is sure. */
export interface LockEntry {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly file_name?: unknown;
  readonly sha256?: unknown;
}

/** What loadPackage does its work with. */
export interface PackageManager {
  readonly defaultChannel: string;
  readonly getLoadedPackageChannel: (name: string) => string | null;
  loadPackageInner: (names: unknown, options?: LoadOptions) => Promise<unknown>;
  downloadPackage: (pack: LoadablePackage, checkIntegrity?: boolean) => Promise<Uint8Array>;
  recursiveDependencies: (names: readonly string[]) => Map<string, LoadablePackage>;
}

/** Options of loadPackage. */
export interface LoadOptions {
  readonly checkIntegrity?: boolean;
}

/** A part of Emscripten's file system. */
export interface Mount {
  readonly mountpoint: string;
  readonly mounts: readonly Mount[];
}

/** Emscripten's file system. */
export interface FileSystem {
  readonly root: { readonly mount: Mount };
  mount: (type: unknown, options: unknown, mountpoint: string) => unknown;
}

/** What is behind a running Pyodide. */
export interface PyodideApi {
  readonly version: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly lockfile_packages: Readonly<Record<string, LockEntry>>;
  readonly packageManager: PackageManager;
  readonly package_loader: {
    readonly unpack_buffer: { readonly callKwargs: (options: object) => unknown };
  };
  readonly loadBinaryFile: (path: string) => Promise<Uint8Array>;
}

/** A running Pyodide. */
export interface Pyodide {
  readonly runPython: (code: string, options: object) => unknown;
  readonly toPy: (value: object) => PyProxy;
  readonly loadPackage: (names: unknown, options?: object) => Promise<unknown>;
}

/** A running Pyodide that has everything that the guard needs of it. */
export interface Internals {
  readonly py: Pyodide;
  readonly api: PyodideApi;
  readonly files: FileSystem;
}

/** The versions of Pyodide whose ways of installing are known. */
const SUPPORTED = /^(?:0\.28|0\.29|314\.0)\.\d+$/;
const FUNCTIONS: readonly string[] = [
  "runPython",
  "toPy",
  "loadPackage",
  "FS.mount",
  "_api.loadBinaryFile",
  "_api.packageManager.loadPackageInner",
  "_api.packageManager.downloadPackage",
  "_api.packageManager.recursiveDependencies",
  "_api.packageManager.getLoadedPackageChannel",
  "_api.package_loader.unpack_buffer.callKwargs",
];
const OBJECTS: readonly string[] = ["FS.root.mount", "_api.config", "_api.lockfile_packages"];

/**
 * A running Pyodide with everything that the guard needs of it.
 *
 * @throws PYODIDE_UNSUPPORTED when its version is not known or something is missing
 */
export function requirePyodide(found: object): Internals {
  const version = String(at(found, "_api.version"));
  if (!SUPPORTED.test(version)) {
    fail(
      "PYODIDE_UNSUPPORTED",
      `micropip-guard: expected Pyodide 0.28, 0.29 or 314.0, found ${version}`,
    );
  }
  for (const [paths, type] of [
    [FUNCTIONS, "function"],
    [OBJECTS, "object"],
    [["_api.packageManager.defaultChannel"], "string"],
  ] as const) {
    const missing = paths.find((path) => typeof at(found, path) !== type);
    if (missing !== undefined) refuseWithout(missing, version);
  }
  const api = at(found, "_api") as PyodideApi;
  return { py: found as Pyodide, api, files: at(found, "FS") as FileSystem };
}

/** Throws for a Pyodide of a known version in which something is not as it should be. */
export function refuseWithout(what: string, version: string): never {
  return fail(
    "PYODIDE_UNSUPPORTED",
    `micropip-guard: expected ${what} as in other copies of Pyodide ${version}, found another`,
  );
}

function at(root: unknown, path: string): unknown {
  let value = root;
  for (const name of path.split(".")) {
    if (value === null || value === undefined) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}
