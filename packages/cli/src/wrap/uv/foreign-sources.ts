/**
 * What projects take from repositories and addresses. uv fetches and builds it to lock, before there
 * is a lock that could be verified: so it is compared with the pins beforehand.
 */
import {
  fail,
  findSource,
  normalizeName,
  type Pins,
  type PinsEntry,
  sameSource,
} from "@pubpin/shared";
import { askToPin } from "../first-use.ts";
import type { UvCall } from "./call.ts";
import { listOf, type Table, tableIn } from "./configuration.ts";
import { directAddress, withoutMarker } from "./requirements.ts";
import type { LocalProject } from "./workspace.ts";

/** What may be fetched; null where a person says no, or there is none to ask. */
export type AgreedSources = readonly PinsEntry[] | null;

/**
 * Compares the sources of projects with the pins, and asks about those that are new.
 *
 * @returns the lines for those that are new and were agreed to
 * @throws PINS_CONFLICT where one is another one than that which is pinned
 */
export async function agreeOnSources(
  call: UvCall,
  projects: readonly LocalProject[],
  pins: Pins,
): Promise<AgreedSources> {
  const unknown = new Map<string, PinsEntry>();
  for (const [name, source] of projects.flatMap(({ table }) => sourcesOf(table))) {
    const pinned = findSource(pins, name)?.entry.source;
    if (pinned === undefined) unknown.set(name, { kind: "source", name, source });
    else if (!sameSource(pinned, source)) {
      fail(
        "PINS_CONFLICT",
        `${name}: expected the source that is pinned, ${pinned}, found ${source}: where it is the ` +
          "right one, change the line in .provenance.txt first",
      );
    }
  }
  const entries = [...unknown.values()];
  if (entries.length === 0 || call.tofu) return entries;
  return (await askToPin(call.session.world, entries)) === "yes" ? entries : null;
}

/** By normalised name, spelled as in a `#source:` line. */
function sourcesOf(table: Table): readonly (readonly [name: string, source: string])[] {
  const project = tableIn(table, "project");
  const required = [
    project["dependencies"],
    table["dependencies"],
    ...Object.values(tableIn(project, "optional-dependencies")),
    ...Object.values(tableIn(table, "dependency-groups")),
  ].flatMap(listOf);
  const direct = required.flatMap((each) => {
    const found = typeof each === "string" ? directAddress(withoutMarker(each)) : null;
    return found === null ? [] : ([[found.name, found.address]] as const);
  });
  const named = Object.entries(tableIn(tableIn(tableIn(table, "tool"), "uv"), "sources")).flatMap(
    ([name, value]) =>
      (Array.isArray(value) ? listOf(value) : [value]).flatMap((place) => {
        const { git, url } = (place ?? {}) as { readonly git?: unknown; readonly url?: unknown };
        if (typeof git === "string") return [[name, `git+${git}`]] as const;
        return typeof url === "string" ? ([[name, url]] as const) : [];
      }),
  );
  return [...direct, ...named]
    .filter(([, address]) => !address.startsWith("file:"))
    .map(([name, address]) => [normalizeName(name), location(address)]);
}

/** Without login, revision and fragment. */
function location(address: string): string {
  const plain = address.replace(/^git\+/, "");
  if (!URL.canParse(plain)) return address;
  const url = new URL(plain);
  url.username = "";
  url.password = "";
  url.hash = "";
  if (plain === address) return url.href;
  url.search = "";
  return `git+${url.href.replace(/@[^/@]*$/, "").replace(/\/$/, "")}`;
}
