/** Which indexes uv would ask, and how it is told to ask the guarding index in their place. */
import { DEFAULT_INDEX_URL, fail, readIndexUrl } from "@pubpin/shared";
import { stringify } from "smol-toml";
import type { GuardingIndex, Upstream } from "../../guarding-index/types.ts";
import { last, type UvCall, valuesOf } from "./call.ts";
import { listOf, type Table, tableIn, tablesIn } from "./configuration.ts";

/** An index of the command line or the environment, with the option that names it for uv. */
interface AskedIndex {
  readonly option: "--index" | "--default-index";
  readonly upstream: Upstream;
}

/** All indexes of a call. */
export interface UvIndexes {
  /** In the order in which uv prefers them; the default one is last. */
  readonly upstreams: readonly Upstream[];
  readonly asked: readonly AskedIndex[];
  /** The configuration with the indexes' real addresses. */
  readonly configuration: Table;
  /** What is asked where nothing else is configured; null where something is. */
  readonly fallback: Upstream | null;
}

const NAMED = /^(?:(?<name>[A-Za-z0-9_.-]+)=)?(?<url>https?:\/\/.+)$/is;

/**
 * The indexes of a call: of its options, of the environment, of the configuration, of the projects.
 *
 * @param projects the tables of the pyproject.toml files whose sources may name indexes
 * @throws USAGE_INVALID for an index that is no address of one
 */
export function indexesOf(
  call: UvCall,
  configuration: Table,
  projects: readonly Table[],
): UvIndexes {
  const asked = askedIndexes(call);
  const usual = [
    ...asked.map(({ option, upstream }) => ({ upstream, isDefault: option === "--default-index" })),
    ...configuredIndexes(configuration),
  ];
  const inPip = configuredIndexes(tableIn(configuration, "pip"));
  const own = projects.flatMap((project) =>
    tablesIn(tableIn(tableIn(project, "tool"), "uv"), "index").map(readIndex),
  );
  const all = [...usual, ...inPip, ...own];
  // What uv reads of a project for its sources alone, or for `uv pip`, is no default for the rest.
  const isChosen = usual.some(({ isDefault }) => isDefault);
  const url = call.session.options.index ?? DEFAULT_INDEX_URL;
  const fallback = isChosen ? null : { url, name: null };
  const others = all.filter(({ isDefault }) => !isDefault).map(({ upstream }) => upstream);
  const defaults = all.filter(({ isDefault }) => isDefault).map(({ upstream }) => upstream);
  return {
    upstreams: unique([...others, ...defaults, ...(fallback === null ? [] : [fallback])]),
    asked,
    configuration,
    fallback,
  };
}

/** Options of uv that name the guarding index for what the command line and environment name. */
export function indexOptions({ asked }: UvIndexes, guard: GuardingIndex): readonly string[] {
  return asked.flatMap(({ option, upstream }) => {
    const url = guard.indexUrl(upstream);
    return [option, upstream.name === null ? url : `${upstream.name}=${url}`];
  });
}

/** The text of a `uv.toml` that says what the configuration says, with the guarding index in it. */
export function guardedConfiguration(
  { configuration, fallback }: UvIndexes,
  guard: GuardingIndex,
  more: Table,
): string {
  const own = guarded(configuration, guard);
  const pip = Object.hasOwn(configuration, "pip")
    ? { pip: guarded(tableIn(configuration, "pip"), guard) }
    : {};
  const index = [
    ...tablesIn(own, "index"),
    ...(fallback === null ? [] : [{ url: guard.indexUrl(fallback), default: true }]),
  ];
  return stringify({ ...own, ...pip, ...more, ...(index.length === 0 ? {} : { index }) });
}

function guarded(table: Table, guard: GuardingIndex): Table {
  const entries = Object.entries(table).map(([key, value]): readonly [string, unknown] => {
    if (key === "index") {
      return [
        key,
        tablesIn(table, key).map((each) => {
          const { name, explicit, default: isDefault } = each;
          const url = guard.indexUrl(readIndex(each).upstream);
          return defined({ name, url, explicit, default: isDefault });
        }),
      ];
    }
    if (key === "index-url") return [key, guard.indexUrl(unnamed(value))];
    if (key === "extra-index-url") {
      return [key, listOf(value).map((each) => guard.indexUrl(unnamed(each)))];
    }
    return [key, value];
  });
  return Object.fromEntries(entries);
}

function askedIndexes({ options, variables }: UvCall): readonly AskedIndex[] {
  const index = options.taken.has("--index")
    ? valuesOf(options, "--index").flatMap(split)
    : split(variables["UV_INDEX"]);
  const extra = options.taken.has("--extra-index-url")
    ? valuesOf(options, "--extra-index-url").flatMap(split)
    : split(variables["UV_EXTRA_INDEX_URL"]);
  const main =
    last(options, "--default-index") ??
    last(options, "--index-url") ??
    variables["UV_DEFAULT_INDEX"] ??
    variables["UV_INDEX_URL"];
  return [
    ...[...index, ...extra].map((text) => ({ option: "--index", upstream: named(text) }) as const),
    ...(main === undefined ? [] : [{ option: "--default-index", upstream: named(main) } as const]),
  ];
}

function split(value: string | undefined): readonly string[] {
  return (value ?? "").split(/\s+/).filter((each) => each !== "");
}

function configuredIndexes(
  table: Table,
): readonly { readonly upstream: Upstream; readonly isDefault: boolean }[] {
  const extra = listOf(table["extra-index-url"]).map((url) => ({
    upstream: unnamed(url),
    isDefault: false,
  }));
  const main = table["index-url"];
  return [
    ...tablesIn(table, "index").map(readIndex),
    ...extra,
    ...(main === undefined ? [] : [{ upstream: unnamed(main), isDefault: true }]),
  ];
}

function readIndex(table: Table): { readonly upstream: Upstream; readonly isDefault: boolean } {
  const { name, url, explicit, default: isDefault, format } = table;
  if (format !== undefined && format !== "simple") {
    fail(
      "USAGE_INVALID",
      `index ${String(url)}: expected a Simple API, found ${JSON.stringify(format)}`,
    );
  }
  const upstream = {
    ...unnamed(url),
    name: typeof name === "string" ? name : null,
    explicit: explicit === true,
  };
  return { upstream, isDefault: isDefault === true };
}

function named(text: string): Upstream {
  const { name = null, url } = NAMED.exec(text)?.groups ?? {};
  return { ...unnamed(url ?? text), name };
}

/** @throws USAGE_INVALID for folders, and for names of indexes without their address */
function unnamed(url: unknown): Upstream {
  if (typeof url === "string" && /^https?:\/\//i.test(url)) return { url, name: null };
  return fail(
    "USAGE_INVALID",
    `index ${JSON.stringify(url)}: expected the address of an index, with http or https: ` +
      "what comes from a folder has no publisher",
  );
}

function defined(table: Table): Table {
  return Object.fromEntries(Object.entries(table).filter(([, value]) => value !== undefined));
}

/** Each address once; it is explicit only where nothing asks it for everything. */
function unique(upstreams: readonly Upstream[]): readonly Upstream[] {
  const byRoot = Map.groupBy(upstreams, ({ url }) => readIndexUrl(url).url);
  return [...byRoot.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const { url, name } = first;
    const explicit = [first, ...others].every((each) => each.explicit === true);
    return [{ url, name, explicit }];
  });
}
