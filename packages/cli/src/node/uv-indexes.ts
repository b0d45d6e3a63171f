/** The names that uv gives to indexes: UV_INDEX_NAME_PASSWORD says whose password it is by them. */
import { join } from "node:path";
import { PubpinError } from "@pubpin/shared";
import { parse } from "smol-toml";
import type { Environment } from "./environment.ts";
import { MAX_PROJECT_FILE_BYTES } from "./limits.ts";
import { readFileIfAny } from "./read-file.ts";

/** An index by the name that uv knows it by. */
export interface NamedIndex {
  readonly name: string;
  /** As it is written, perhaps with a user name and password. */
  readonly url: string;
}

/** A URL of the environment, with a name where it has one. */
const NAMED = /^(?:(?<name>[A-Za-z0-9_.-]+)=)?(?<url>[a-z][a-z0-9+.-]*:\/\/.+)$/is;

/** The indexes of UV_INDEX and UV_DEFAULT_INDEX that have a name. */
export function namedByEnvironment(env: Environment): readonly NamedIndex[] {
  return [env["UV_INDEX"], env["UV_DEFAULT_INDEX"]]
    .flatMap((value) => (value ?? "").split(/\s+/))
    .flatMap((entry) => {
      const { name, url } = NAMED.exec(entry)?.groups ?? {};
      return name === undefined || url === undefined ? [] : [{ name, url }];
    });
}

/** A URL of the environment without the name that uv permits before it. */
export function withoutName(entry: string): string {
  return NAMED.exec(entry)?.groups?.["url"] ?? entry;
}

/**
 * The indexes that a folder's `uv.toml` names, or where there is none `[tool.uv]` of its
 * `pyproject.toml` (uv documentation, "Configuration files"). Entries without a name are left out.
 *
 * @throws USAGE_INVALID for what is not TOML
 * @throws FILE_UNREADABLE LIMIT_EXCEEDED
 */
export async function namedByProject(folder: string): Promise<readonly NamedIndex[]> {
  const own = await readToml(join(folder, "uv.toml"));
  if (own !== null) return namedIn(own);
  const project = await readToml(join(folder, "pyproject.toml"));
  return namedIn(memberOf(memberOf(project, "tool"), "uv"));
}

async function readToml(path: string): Promise<unknown> {
  const bytes = await readFileIfAny(path, MAX_PROJECT_FILE_BYTES, path);
  if (bytes === null) return null;
  try {
    return parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new PubpinError("USAGE_INVALID", `${path}: expected TOML, found something else`, {
      cause,
    });
  }
}

function namedIn(settings: unknown): readonly NamedIndex[] {
  const list = memberOf(settings, "index");
  return (Array.isArray(list) ? (list as readonly unknown[]) : []).flatMap((entry) => {
    const name = memberOf(entry, "name");
    const url = memberOf(entry, "url");
    return typeof name === "string" && typeof url === "string" ? [{ name, url }] : [];
  });
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
