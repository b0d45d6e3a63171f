/** What a page says about itself and about the project as a whole. */
import { quote } from "../bytes/quote.ts";
import { fail } from "../errors.ts";
import { type FileExtras, type IndexFile, PROJECT_STATUSES, type ProjectStatus } from "./types.ts";

/** A project's page, read. */
export interface Page {
  readonly files: ReadonlyMap<string, IndexFile>;
  readonly status: ProjectStatus;
  readonly statusReason: string | null;
  readonly extras?: ReadonlyMap<string, FileExtras>;
}

/**
 * Returns only for versions 1.x of the Simple API (PEP 629, section "Versioning").
 *
 * @throws INDEX_VERSION_UNSUPPORTED INDEX_RESPONSE_INVALID
 */
export function requireVersion(version: string, what: string): void {
  const major =
    /^(?<major>[0-9]{1,9})\.[0-9]{1,9}$/.exec(version)?.groups?.["major"] ??
    fail("INDEX_RESPONSE_INVALID", `${what}: expected an API version, found ${quote(version)}`);
  if (major !== "1") {
    fail("INDEX_VERSION_UNSUPPORTED", `${what}: expected API version 1.x, found ${version}`);
  }
}

/**
 * A project's status (PEP 792). Where the page has none the project is active.
 *
 * @throws INDEX_RESPONSE_INVALID when the status is not known: it may be one that forbids use
 */
export function readStatus(
  status: string | null,
  reason: string | null,
  what: string,
): { readonly status: ProjectStatus; readonly statusReason: string | null } {
  const known = PROJECT_STATUSES.find((each) => each === (status ?? "active"));
  return {
    status:
      known ??
      fail(
        "INDEX_RESPONSE_INVALID",
        `${what}: expected a project status of ${PROJECT_STATUSES.join(", ")}, ` +
          `found ${quote(status ?? "")}`,
      ),
    statusReason: reason,
  };
}
