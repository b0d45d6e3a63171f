/** Requirements that uv would fetch past every index: they are refused by name. */
import { existsSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { fail, MAX_LOCK_BYTES, normalizeName } from "@pubpin/shared";
import { MAX_REQUIREMENT_FILES } from "../../node/limits.ts";
import { readFileIfAny } from "../../node/read-file.ts";
import type { Table } from "./configuration.ts";
import { listOf, tableIn } from "./configuration.ts";
import { type LocalProject, withPaths } from "./workspace.ts";

/** A name, perhaps with extras, then perhaps an address (PEP 508). */
const DIRECT = /^(?<name>[A-Za-z0-9._-]+)(?:\s*\[[^\]]*\])?\s*@(?<address>.*)$/s;
const ADDRESS = /^[a-z][a-z0-9+.-]*:/i;
const ARCHIVE = /\.(?:whl|zip|tgz|tar(?:\.\w+)?)$/i;
/** Options in requirements files that say nothing of where packages come from. */
const HARMLESS_LINE = /^(?:--hash[= ]|--require-hashes\b|--prefer-binary\b|--pre\b)/;
const INCLUDE = /^(?:-r|-c|--requirement|--constraint)(?:\s+|=)(?<path>\S+)/;
const EDITABLE = /^(?:-e|--editable)(?:\s+|=)(?<path>.+)$/;

/**
 * Requires that something to be installed comes from an index, or is a folder of one's own.
 *
 * @param what how messages call it, such as `--with`
 * @throws USAGE_INVALID for an address or an archive: nobody says who published it
 */
export function requireFromIndex(requirement: string, cwd: string, what: string): void {
  const text = requirement.trim();
  if (text.includes("${")) fail("USAGE_INVALID", `${what} ${text}: expected it without a variable`);
  const address = directAddress(text)?.address ?? null;
  const target = (address ?? text).replace(/\[[^\]]*\]$/, "");
  const path = target.startsWith("file:") ? null : resolve(cwd, target);
  const isFolder =
    path !== null && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  const looksLikePath = /[/\\]/.test(target) || ARCHIVE.test(target) || address !== null;
  if (ADDRESS.test(target) || (looksLikePath && !isFolder)) {
    fail(
      "USAGE_INVALID",
      `${what} ${requirement}: expected a package of an index, or a folder, found another place, ` +
        "of which nobody says who published what is there: add it to a project " +
        "(`pubpin uv add`), whose lock is verified",
    );
  }
}

/** The name and the address of a requirement that has one (PEP 508); else null. */
export function directAddress(
  requirement: string,
): { readonly name: string; readonly address: string } | null {
  const { name, address } = DIRECT.exec(requirement.trim())?.groups ?? {};
  return name === undefined || address === undefined ? null : { name, address: address.trim() };
}

/**
 * Looks through a requirements file, and those that it includes.
 *
 * @throws USAGE_INVALID for what would come past the index
 * @throws FILE_UNREADABLE LIMIT_EXCEEDED
 */
export async function requireFileFromIndex(path: string, cwd: string): Promise<void> {
  if (basename(path) === "pyproject.toml") {
    requireLocalFromIndex(await withPaths([dirname(resolve(cwd, path))]));
    return;
  }
  const waiting = [resolve(cwd, path)];
  for (let count = 0; count < waiting.length; count++) {
    const file = waiting[count] ?? "";
    if (count >= MAX_REQUIREMENT_FILES) {
      fail("LIMIT_EXCEEDED", `${path}: expected at most ${MAX_REQUIREMENT_FILES} files`);
    }
    if (!existsSync(file) || ADDRESS.test(path)) {
      fail("USAGE_INVALID", `${file}: expected a file with requirements, found none`);
    }
    for (const line of await linesOf(file)) {
      const included = INCLUDE.exec(line)?.groups?.["path"];
      const editable = EDITABLE.exec(line)?.groups?.["path"];
      if (included !== undefined) waiting.push(resolve(dirname(file), included));
      else if (editable !== undefined) requireFromIndex(editable, cwd, file);
      else if (!line.startsWith("-")) requireFromIndex(withoutMarker(line), cwd, file);
      else if (!HARMLESS_LINE.test(line)) {
        fail(
          "USAGE_INVALID",
          `${file}: ${line}: expected requirements, found an option that is not understood there: ` +
            "give it on the command line, or in uv's configuration",
        );
      }
    }
  }
}

/** Lines that mean something, each with those that it goes on in. */
async function linesOf(path: string): Promise<readonly string[]> {
  const bytes = await readFileIfAny(path, MAX_LOCK_BYTES, path);
  return new TextDecoder()
    .decode(bytes ?? new Uint8Array())
    .replace(/\\\r?\n/g, " ")
    .split(/\r?\n/)
    .map((line) => line.replace(/(?:^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");
}

/** A requirement without its marker and hashes. */
export function withoutMarker(line: string): string {
  return line.replace(/\s+--hash[= ].*$/s, "").replace(/\s*;.*$/s, "");
}

/**
 * Requires that the tools that build one's own projects come from indexes: they run before anybody
 * could see what they are, and no lock has them.
 *
 * @throws USAGE_INVALID
 */
export function requireBuildsFromIndex(projects: readonly LocalProject[]): void {
  for (const { folder, table } of projects) {
    const uv = tableIn(tableIn(table, "tool"), "uv");
    for (const requirement of buildRequirements(table)) {
      requireFromIndex(withoutMarker(requirement), folder, `${folder}: build requirement`);
      requireNoSource(requirement, tableIn(uv, "sources"), folder);
    }
  }
}

/**
 * Requires that what folders of one's own need comes from indexes, where no lock says what it is.
 *
 * @throws USAGE_INVALID
 */
export function requireLocalFromIndex(projects: readonly LocalProject[]): void {
  requireBuildsFromIndex(projects);
  for (const { folder, table } of projects) {
    const project = tableIn(table, "project");
    const groups = [
      ...Object.values(tableIn(project, "optional-dependencies")),
      ...Object.values(tableIn(table, "dependency-groups")),
    ];
    for (const each of [project["dependencies"], ...groups].flatMap(listOf)) {
      if (typeof each !== "string") continue;
      requireFromIndex(withoutMarker(each), folder, `${folder}: dependency`);
    }
    const sources = Object.entries(tableIn(tableIn(tableIn(table, "tool"), "uv"), "sources"));
    for (const [name] of sources) requireNoSource(name, Object.fromEntries(sources), folder);
  }
}

/**
 * Requires of folders of one's own that what they need can be read without running them.
 *
 * @throws USAGE_INVALID
 */
export function requireStaticDependencies(projects: readonly LocalProject[]): void {
  for (const { folder, table } of projects) {
    const project = tableIn(table, "project");
    const isStatic =
      typeof project["name"] === "string" && listOf(project["dynamic"]).every(isOther);
    if (isStatic) continue;
    fail(
      "USAGE_INVALID",
      `${folder}: expected that its pyproject.toml says what it needs, found that only its build ` +
        "does: add it to the project, whose lock is verified",
    );
  }
}

function isOther(field: unknown): boolean {
  return field !== "dependencies" && field !== "optional-dependencies";
}

/** Requires of settings what {@link requireBuildsFromIndex} requires of projects. */
export function requireSettingsFromIndex(configuration: Table, folder: string): void {
  const pip = tableIn(configuration, "pip");
  for (const uv of [configuration, pip]) {
    requireBuildsFromIndex([{ folder, table: { tool: { uv } } }]);
  }
}

/** The names of indexes that sources say build requirements come from. */
export function buildIndexNames(projects: readonly LocalProject[]): readonly string[] {
  const names = projects.flatMap(({ table }) => {
    const uv = tableIn(tableIn(table, "tool"), "uv");
    const built = new Set(buildRequirements(table).map(nameOf));
    return Object.entries(tableIn(uv, "sources"))
      .filter(([name]) => built.has(normalizeName(name)))
      .flatMap(([, value]) => (Array.isArray(value) ? (value as readonly unknown[]) : [value]))
      .flatMap((place) => {
        const index =
          typeof place === "object" && place !== null ? (place as Table)["index"] : null;
        return typeof index === "string" ? [index] : [];
      });
  });
  return [...new Set(names)];
}

function buildRequirements(table: Table): readonly string[] {
  const uv = tableIn(tableIn(table, "tool"), "uv");
  const extra = Object.values(tableIn(uv, "extra-build-dependencies")).flatMap(listOf);
  return [...listOf(tableIn(table, "build-system")["requires"]), ...extra].map((each) =>
    typeof each === "string" ? each : nameIn(each),
  );
}

/** Of the long form of an extra build dependency. */
function nameIn(value: unknown): string {
  const { requirement } = (value ?? {}) as { readonly requirement?: unknown };
  return typeof requirement === "string" ? requirement : "";
}

function nameOf(requirement: string): string {
  return normalizeName(/^[A-Za-z0-9._-]*/.exec(requirement.trim())?.[0] ?? "");
}

/** @throws USAGE_INVALID for a build requirement that a source takes from elsewhere */
function requireNoSource(requirement: string, sources: Table, folder: string): void {
  const name = nameOf(requirement);
  for (const [key, value] of Object.entries(sources)) {
    const places = Array.isArray(value) ? (value as readonly unknown[]) : [value];
    const isElsewhere = places.some(
      (place) => typeof place === "object" && place !== null && ("git" in place || "url" in place),
    );
    if (normalizeName(key) !== name || !isElsewhere) continue;
    fail(
      "USAGE_INVALID",
      `${folder}: requirement ${requirement}: expected it from an index, found that ` +
        "tool.uv.sources takes it from elsewhere, which no lock records: take that source out",
    );
  }
}
