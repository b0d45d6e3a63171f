/** Configuration files of hook runners: something is put in by its lines, and the outcome is read. */
import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import { fail, PubpinError } from "@pubpin/shared";
import { parse as parseToml } from "smol-toml";
import type * as Yaml from "yaml";
import { isLeftEmpty, withoutBlocks } from "./block.ts";
import type { SetupFile } from "./repository.ts";

/** Loads what is large only where there is such a file: every run of the command passes here. */
const load = createRequire(import.meta.url);

/** A mapping of YAML or TOML. */
export type Mapping = Readonly<Record<string, unknown>>;

/** How something is put into a file. */
export interface StructuredEdit {
  readonly file: SetupFile;
  /** What a file that is made for it holds around it. */
  readonly frame: string;
  /** Puts it in; null where it finds no place. */
  readonly edit: (text: string, isOwn: boolean) => string | null;
  /** What the file means with it, from what it means without. */
  readonly expected: (before: Mapping) => Mapping;
  /** What a person puts in by hand where the file is not understood. */
  readonly advice: string;
}

/**
 * The file with what is put in: it means what was expected, and nothing else in it means anything
 * else than before.
 *
 * @throws USAGE_INVALID where no place is found for it, or the file cannot be read
 */
export function withStructuredEdit(wanted: StructuredEdit): string {
  const { file, frame, edit } = wanted;
  const found = withoutBlocks(file.text ?? "", file.name);
  const isOwn = file.text === null || isLeftEmpty(found);
  const text = isOwn ? frame : found.text;
  const before = meaning(text, file.name);
  const after = edit(text, isOwn);
  if (after === null || !meansExpected(after, before, wanted)) {
    fail(
      "USAGE_INVALID",
      `${file.name}: expected a file that something can be put into, found one that is written in ` +
        `another way: put this in by hand, and nothing else is needed:\n${wanted.advice}`,
    );
  }
  return after;
}

/** The file's mapping; an empty file has one too. @throws USAGE_INVALID */
export function meaning(text: string, name: string): Mapping {
  let value: unknown;
  try {
    value = parse(text, name) ?? {};
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : "";
    const message = `${name}: expected a file that its runner can read, found: ${why}`;
    throw new PubpinError("USAGE_INVALID", message, { cause });
  }
  if (isMapping(value)) return value;
  return fail("USAGE_INVALID", `${name}: expected keys with values, found something else`);
}

/** By the ending of a file's name: TOML, JSON or else YAML. */
function parse(text: string, name: string): unknown {
  if (name.endsWith(".toml")) return parseToml(text);
  if (name.endsWith(".json")) return JSON.parse(text) as unknown;
  const yaml = load("yaml") as typeof Yaml;
  return yaml.parse(text) as unknown;
}

/** Whether a value has keys. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member that is a list; an empty one where it is not there. */
export function listIn(value: unknown, key: string): readonly unknown[] {
  const member = isMapping(value) ? value[key] : undefined;
  return Array.isArray(member) ? (member as readonly unknown[]) : [];
}

function meansExpected(after: string, before: Mapping, wanted: StructuredEdit): boolean {
  try {
    return isDeepStrictEqual(plain(parse(after, wanted.file.name)), plain(wanted.expected(before)));
  } catch {
    return false;
  }
}

/** Parsers give objects of several kinds; only what is in them counts. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, each: unknown) => spelled(each))) as unknown;
}

function spelled(value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}
