/** Pages of an index that an installer has fetched, for the guard to read without asking again. */
import type { Fetch } from "@pubpin/shared";

/** A way to fetch that knows some answers already. */
export interface Relay {
  readonly fetch: Fetch;
  /** Gives the answer to the next request for a URL. */
  readonly offer: (url: string, contentType: string, text: string) => void;
  /** Forgets what nobody asked for. */
  readonly clear: () => void;
}

/** The one form of pages that the guard would have asked for itself (PEP 691). */
const JSON_PAGE = /^application\/vnd\.pypi\.simple\.v1\+json(?:;|$)/;

/** A relay before another way to fetch. */
export function createRelay(fetch: Fetch): Relay {
  const offered = new Map<string, { readonly contentType: string; readonly text: string }>();
  return {
    offer(url, contentType, text) {
      if (JSON_PAGE.test(contentType)) offered.set(url, { contentType, text });
    },
    clear: () => {
      offered.clear();
    },
    async fetch(url, init) {
      const page = offered.get(url);
      // A browser has few connections to an origin: what the installer asks for goes first.
      if (page === undefined) return fetch(url, Object.assign({ priority: "low" }, init));
      offered.delete(url);
      return new Response(page.text, { headers: { "content-type": page.contentType } });
    },
  };
}
