/** What a repository says of itself: the configuration in its root `package.json` or `pyproject.toml`. */
import { fail, lockFormat } from "@pubpin/shared";
import { FILE_NAME } from "./arguments.ts";
import { compilePattern } from "./glob.ts";
import { MAX_PATTERNS, MAX_PROJECT_FILE_BYTES } from "./limits.ts";

/** What the digest of a lock covers: what it installs, or every byte of it. */
export type Binding = "digest" | "bytes";

/** What one tree's configuration says. */
export interface Settings {
  /** Whether the patterns select a path: by its name alone, whatever the file holds. */
  readonly selects: (path: string) => boolean;
  /** The patterns, as they are written; null where every name of a lock is selected. */
  readonly patterns: readonly string[] | null;
  /** The name of provenance files. */
  readonly file: string;
  readonly binding: Binding;
  readonly strict: boolean;
  /** The file that says it; null where nothing is configured. */
  readonly path: string | null;
}

/** What the command line adds to every tree's configuration. */
export interface Flags {
  readonly locks: readonly string[];
  readonly file: string | undefined;
  readonly binding: Binding | undefined;
  readonly strict: boolean;
}

/** The files that can hold the configuration; null where the tree does not have one. */
export interface ConfigurationFiles {
  readonly packageJson: Uint8Array | null;
  readonly pyproject: Uint8Array | null;
}

/** The paths of these files. */
export const CONFIGURATION_PATHS = {
  packageJson: "package.json",
  pyproject: "pyproject.toml",
} as const;

/** The name of provenance files where nobody says another. */
export const DEFAULT_FILE = ".provenance.txt";
const NAME = "pubpin";
const KEYS = ["locks", "file", "binding", "strict"] as const;
const TOML_WHERE = "pyproject.toml, [tool.pubpin]";
const JSON_WHERE = 'package.json, "pubpin"';

interface Given {
  readonly where: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Reads the configuration of one tree. A file that does not have the word `pubpin` has none.
 *
 * @throws USAGE_INVALID for a key or value that is not known, or two configurations
 * @throws LIMIT_EXCEEDED
 */
export async function readSettings(files: ConfigurationFiles, flags: Flags): Promise<Settings> {
  const json = files.packageJson === null ? null : fromPackageJson(files.packageJson);
  const toml = files.pyproject === null ? null : await fromPyproject(files.pyproject);
  if (json !== null && toml !== null) {
    fail("USAGE_INVALID", `expected one configuration, found two: ${json.where}; ${toml.where}`);
  }
  const given = json ?? toml ?? { where: "", values: {} };
  for (const key of Object.keys(given.values)) {
    if ((KEYS as readonly string[]).includes(key)) continue;
    fail(
      "USAGE_INVALID",
      `${given.where}: expected ${KEYS.join(", ")}, found ${JSON.stringify(key)}`,
    );
  }
  const { locks, file, binding, strict } = given.values;
  const patterns = readPatterns(locks, given.where);
  const ownBinding = readBinding(binding, given.where);
  return {
    selects: selectorOf(patterns, given.where, flags.locks),
    patterns,
    file: flags.file ?? readName(file ?? DEFAULT_FILE, given.where),
    binding: ownBinding === "bytes" || flags.binding === "bytes" ? "bytes" : "digest",
    strict: readSwitch(strict, given.where) || flags.strict,
    path: json !== null ? "package.json" : toml !== null ? "pyproject.toml" : null,
  };
}

function readName(value: unknown, where: string): string {
  if (typeof value === "string" && FILE_NAME.test(value)) return value;
  return wrong(where, "file", 'a file name that ends in ".txt"', value);
}

function fromPackageJson(bytes: Uint8Array): Given | null {
  const text = textWithName(bytes, JSON_WHERE);
  if (text === null) return null;
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    fail("USAGE_INVALID", `package.json: expected JSON: ${(error as Error).message}`, error);
  }
  return tableOf(document, [NAME], JSON_WHERE);
}

async function fromPyproject(bytes: Uint8Array): Promise<Given | null> {
  const text = textWithName(bytes, TOML_WHERE);
  if (text === null) return null;
  const { parse, TomlError } = await import("smol-toml");
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const where = `pyproject.toml, line ${error.line}`;
    fail("USAGE_INVALID", `${where}: expected TOML: ${error.message.split("\n", 1)[0]}`, error);
  }
  return tableOf(document, ["tool", NAME], TOML_WHERE);
}

function textWithName(bytes: Uint8Array, where: string): string | null {
  if (bytes.length > MAX_PROJECT_FILE_BYTES) {
    fail("LIMIT_EXCEEDED", `${where}: expected at most ${MAX_PROJECT_FILE_BYTES} bytes`);
  }
  const text = new TextDecoder().decode(bytes);
  return text.includes(NAME) ? text : null;
}

function tableOf(document: unknown, keys: readonly string[], where: string): Given | null {
  let value = document;
  for (const key of keys) {
    if (!isTable(value) || !Object.hasOwn(value, key)) return null;
    value = value[key];
  }
  return isTable(value)
    ? { where, values: value }
    : fail("USAGE_INVALID", `${where}: expected a table, found ${shown(value)}`);
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readPatterns(value: unknown, where: string): readonly string[] | null {
  if (value === undefined) return null;
  const isList = Array.isArray(value) && value.length <= MAX_PATTERNS;
  if (!isList || !value.every((each) => typeof each === "string")) {
    return wrong(where, "locks", "a list of patterns", value);
  }
  return value;
}

/**
 * Without patterns, every name of a lock is selected; with them, what they match of what can be read
 * as a lock. Those of the command line are further ones.
 */
function selectorOf(
  patterns: readonly string[] | null,
  where: string,
  further: readonly string[],
): Settings["selects"] {
  const own = (patterns ?? []).map((pattern) => compilePattern(pattern, `${where}, locks`));
  const added = further.map((pattern) => compilePattern(pattern, "--lock"));
  return (path) => {
    const isNamedSo = lockFormat(path) !== null;
    if (patterns === null && isNamedSo) return true;
    const isReadable = isNamedSo || path.endsWith(".txt");
    return isReadable && [...own, ...added].some((pattern) => pattern.test(path));
  };
}

function readBinding(value: unknown, where: string): Binding {
  if (value === undefined) return "digest";
  return value === "digest" || value === "bytes"
    ? value
    : wrong(where, "binding", '"digest" or "bytes"', value);
}

function readSwitch(value: unknown, where: string): boolean {
  if (value === undefined || typeof value === "boolean") return value ?? false;
  return wrong(where, "strict", "true or false", value);
}

function wrong(where: string, key: string, expected: string, value: unknown): never {
  return fail("USAGE_INVALID", `${where}, ${key}: expected ${expected}, found ${shown(value)}`);
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 80) ?? "nothing";
}
