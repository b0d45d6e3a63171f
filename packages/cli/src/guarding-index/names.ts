/**
 * Which upstream a name belongs to. Two indexes may each have a project of one name, and whoever
 * publishes on one of them says nothing about the other (dependency confusion).
 */
import { findPin, findSource, findUnsigned, type Pins, readIndexUrl } from "@pubpin/shared";
import type { Pages } from "./pages.ts";
import type { Upstream } from "./types.ts";

/** What decides to whom a name belongs. */
export interface NamesContext {
  readonly upstreams: readonly Upstream[];
  readonly pages: Pages;
  readonly pins: () => Pins;
  /** Without a slash at the end. */
  readonly defaultIndex: string;
}

/**
 * The upstreams that a project may come from, by their positions:
 *
 * - the one that an `#index:NAME` line names;
 * - for a project that the pins know, the one that packages come from by `#index:*`, else by default;
 * - for a project that is new, the first one, in the installer's order, that has it, as uv does, and
 *   those that are only asked for what the configuration names.
 *
 * Where the pins name an index that is not among the upstreams, the order counts, and what is found
 * is decided about as the INDEX_CHANGED that it is.
 *
 * @throws the codes of `IndexClient.project`: an index that does not say whether it has a name might
 *   have it
 */
export async function homesOf(name: string, context: NamesContext): Promise<readonly number[]> {
  const { upstreams, pages, defaultIndex } = context;
  const pins = context.pins();
  const positionOf = (url: string): number =>
    upstreams.findIndex((upstream) => readIndexUrl(upstream.url).url === url);
  const expected = expectedIndex(name, pins, defaultIndex);
  const own = expected === null ? -1 : positionOf(expected);
  if (own !== -1) return [own];
  const explicit = positionsOf(upstreams, true);
  for (const position of positionsOf(upstreams, false)) {
    if ((await pages.pageIfAny(position, name)) !== null) return [position, ...explicit];
  }
  return explicit;
}

/** The index that the pins leave a project to; null for a project that is new. */
function expectedIndex(name: string, pins: Pins, defaultIndex: string): string | null {
  const own = indexOf(name, pins);
  if (own !== null) return own;
  const isKnown =
    findPin(pins, name) !== null ||
    findUnsigned(pins, name) !== null ||
    findSource(pins, name) !== null;
  return isKnown ? (indexOf("*", pins) ?? defaultIndex) : null;
}

function indexOf(name: string, { byKey }: Pins): string | null {
  const entry = byKey.get(`#index:${name}`)?.entry;
  return entry?.kind === "index" ? entry.url : null;
}

function positionsOf(upstreams: readonly Upstream[], isExplicit: boolean): readonly number[] {
  return [...upstreams.keys()].filter(
    (position) => (upstreams[position]?.explicit ?? false) === isExplicit,
  );
}
