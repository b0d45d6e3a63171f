/** Requirements files, read so that pip gets nothing from them that was not understood. */
import { dirname, isAbsolute, resolve } from "node:path";
import { decodeUtf8, fail, MAX_LOCK_BYTES } from "@pubpin/shared";
import type { Environment } from "../../node/environment.ts";
import { readWholeFile } from "../../node/read-file.ts";
import { readOptions } from "../options.ts";
import { specs } from "../specs.ts";
import type { OptionSpec } from "../types.ts";
import { readEditable, readSource, type Source, type SourceRules } from "./sources.ts";

/** What requirements files say. */
export interface FileContents {
  /** Lines for a file of ours, in their order. */
  readonly requirements: readonly string[];
  readonly constraints: readonly string[];
  /** Options for pip's command line. */
  readonly options: readonly string[];
  /** The last `--index-url`, or null. */
  readonly indexUrl: string | null;
  readonly extraIndexUrls: readonly string[];
  readonly sources: readonly Source[];
}

/** Nothing. */
const NO_CONTENTS: FileContents = {
  requirements: [],
  constraints: [],
  options: [],
  indexUrl: null,
  extraIndexUrls: [],
  sources: [],
};

/** How files are read. */
export interface FileRules extends SourceRules {
  /** For `${NAME}` in lines, as pip understands it. */
  readonly env: Environment;
}

const REFUSED =
  "what lies there has no index that says who published it: name an index, or pin the file (`#file:`)";

/** pip documentation, "Requirements File Format", section "Global options". */
const LINE_OPTIONS: readonly OptionSpec[] = [
  ...specs(
    "take",
    `--requirement|-r= --constraint|-c= --editable|-e= --index-url|-i|--pypi-url= --extra-index-url=
     --trusted-host=`,
  ),
  ...specs(
    "pass",
    "--no-binary= --only-binary= --prefer-binary --require-hashes --pre --all-releases= --only-final=",
  ),
  ...specs({ refused: REFUSED }, "--find-links|-f= --no-index"),
];
const COMMENT = /(?:^|\s+)#.*$/;
const VARIABLE = /\$\{(?<name>[A-Z0-9_]+)\}/g;
const HASHES = /^(?:\s*--hash[= ]\s*(?:sha256|sha384|sha512):[0-9a-f]+)*\s*$/;
const LINE_END = /\r\n|[\n\r\v\f\u001C-\u001E\u0085\u2028\u2029]/;
const MAX_DEPTH = 16;

/**
 * Reads requirements files and all that they include.
 *
 * @throws USAGE_INVALID for an option or line that is not understood
 * @throws SOURCE_REFUSED for what no index vouches for and no pin names
 * @throws FILE_UNREADABLE LIMIT_EXCEEDED UTF8_INVALID
 */
export async function readRequirementFiles(
  paths: readonly string[],
  isConstraint: boolean,
  rules: FileRules,
): Promise<FileContents> {
  let all = NO_CONTENTS;
  for (const path of paths) all = merged(all, await readOne(path, isConstraint, rules, 0));
  return all;
}

/** The contents of several files together. */
export function merged(a: FileContents, b: FileContents): FileContents {
  return {
    requirements: [...a.requirements, ...b.requirements],
    constraints: [...a.constraints, ...b.constraints],
    options: [...a.options, ...b.options],
    indexUrl: b.indexUrl ?? a.indexUrl,
    extraIndexUrls: [...a.extraIndexUrls, ...b.extraIndexUrls],
    sources: [...a.sources, ...b.sources],
  };
}

async function readOne(
  path: string,
  isConstraint: boolean,
  rules: FileRules,
  depth: number,
): Promise<FileContents> {
  if (depth > MAX_DEPTH) fail("USAGE_INVALID", `${path}: it is included by itself`);
  if (/^[a-z][a-z0-9+.-]+:/i.test(path)) {
    fail("USAGE_INVALID", `${path}: expected a file at hand: download it, and look it over`);
  }
  if (/(?:^|[/\\])pylock(?:\.[^./\\]+)?\.toml(?:\[.*\])?$/.test(path)) {
    fail("USAGE_INVALID", `${path}: pip's reading of such locks is not guarded: use pubpin uv`);
  }
  const file = resolve(rules.cwd, path);
  const text = decodeUtf8(await readWholeFile(file, MAX_LOCK_BYTES, path), path);
  let all = NO_CONTENTS;
  for (const { line, number } of logicalLines(text, rules.env)) {
    const where = `${path}, line ${number}`;
    all = merged(all, await readLine(line, where, isConstraint, { ...rules, file, depth }));
  }
  return all;
}

interface LineRules extends FileRules {
  readonly file: string;
  readonly depth: number;
}

/** As pip does: lines that end in `\` go on, then comments go, then variables are filled in. */
function logicalLines(
  text: string,
  env: Environment,
): readonly { readonly line: string; readonly number: number }[] {
  const lines: { line: string; number: number }[] = [];
  let open: { line: string; number: number } | null = null;
  for (const [at, part] of text.split(LINE_END).entries()) {
    const isComment = /^\s*#/.test(part);
    const goesOn = part.endsWith("\\") && !isComment;
    const piece = goesOn ? part.replace(/\\+$/, "") : isComment ? ` ${part}` : part;
    const joined: { line: string; number: number } = {
      line: (open?.line ?? "") + piece,
      number: open?.number ?? at + 1,
    };
    open = goesOn ? joined : null;
    if (!goesOn) lines.push(joined);
  }
  if (open !== null) lines.push(open);
  return lines
    .map(({ line, number }) => ({ line: line.replace(COMMENT, "").trim(), number }))
    .filter(({ line }) => line !== "")
    .map(({ line, number }) => ({
      line: line.replace(VARIABLE, (found, name: string) => env[name] ?? found),
      number,
    }));
}

async function readLine(
  line: string,
  where: string,
  isConstraint: boolean,
  rules: LineRules,
): Promise<FileContents> {
  const parts = line.split(" ");
  const firstOption = parts.findIndex((part) => part.startsWith("-"));
  const requirement = (firstOption === -1 ? parts : parts.slice(0, firstOption)).join(" ").trim();
  const rest = firstOption === -1 ? "" : parts.slice(firstOption).join(" ");
  if (requirement === "") return readOptionLine(rest, where, rules);
  if (!HASHES.test(rest)) {
    fail("USAGE_INVALID", `${where}: after a requirement expected --hash, found ${rest}`);
  }
  const source = readSource(requirement, where, rules);
  if (isConstraint && source.kind !== "name") {
    fail("SOURCE_REFUSED", `${where}: expected a name with versions, found ${requirement}`);
  }
  const written = rest === "" ? source.text : `${source.text} ${rest.trim()}`;
  const sources = source.kind === "name" ? [] : [source];
  return isConstraint
    ? { ...NO_CONTENTS, constraints: [written] }
    : { ...NO_CONTENTS, requirements: [written], sources };
}

async function readOptionLine(
  text: string,
  where: string,
  rules: LineRules,
): Promise<FileContents> {
  if (/["'\\]/.test(text)) fail("USAGE_INVALID", `${where}: expected options without quotes`);
  const { passed, taken, operands } = readOptions(
    { command: `pip, ${where}`, specs: LINE_OPTIONS, stopsAtOperand: false },
    text.split(/\s+/).filter((each) => each !== ""),
  );
  if (operands.length > 0) fail("USAGE_INVALID", `${where}: not understood: ${operands.join(" ")}`);
  const valuesOf = (name: string): readonly string[] => taken.get(name) ?? [];
  let all: FileContents = {
    ...NO_CONTENTS,
    options: passed,
    indexUrl: valuesOf("--index-url").at(-1) ?? null,
    extraIndexUrls: valuesOf("--extra-index-url"),
  };
  for (const each of valuesOf("--editable")) {
    const source = readEditable(each, where, rules);
    all = merged(all, { ...NO_CONTENTS, requirements: [`-e ${source.text}`], sources: [source] });
  }
  for (const each of valuesOf("--requirement")) {
    all = merged(all, await readOne(fromFile(each, rules), false, rules, rules.depth + 1));
  }
  for (const each of valuesOf("--constraint")) {
    all = merged(all, await readOne(fromFile(each, rules), true, rules, rules.depth + 1));
  }
  return all;
}

/** Files that a file includes count from its own folder. */
function fromFile(path: string, { file }: LineRules): string {
  return isAbsolute(path) || /^[a-z][a-z0-9+.-]+:/i.test(path)
    ? path
    : resolve(dirname(file), path);
}
