/** What an index can get wrong, each for a package of its own, and what is decided of it. */
import type { DecisionCode } from "@pubpin/shared";
import type { Faults, FaultSetting, LocalIndex } from "@pubpin/test-kit/node";
import { MAX_DOCUMENT_BYTES, MAX_INDEX_PAGE_BYTES } from "../../../packages/shared/src/limits.ts";
import { OCTO } from "./support/project.ts";

/** A fault, by the name of the package that has it. */
export interface FaultCase {
  readonly name: string;
  readonly setting: FaultSetting;
  /** What is decided where a publisher is pinned. */
  readonly code: DecisionCode;
  /** What is decided where nobody is pinned. */
  readonly unpinned: DecisionCode;
}

/** Such as `[name, fault, code, code where nobody is pinned]`; these are often the same. */
type Row<Part extends keyof Faults> = readonly [
  name: string,
  fault: Faults[Part],
  code?: DecisionCode,
  unpinned?: DecisionCode,
];

const UNVERIFIABLE = "UNVERIFIABLE";
const INVALID = "ATTESTATION_INVALID";
const ABSENT = "HASH_NOT_ON_INDEX";

/** The file of a package that has a fault. */
export function faultyFilename(name: string): string {
  return `${name.replaceAll("-", "_")}-1.0-py3-none-any.whl`;
}

/**
 * Every fault that concerns checks: they download no file.
 *
 * @param other the name of a package without a fault, which is attested
 */
export function faultCases(index: LocalIndex, other: string): readonly FaultCase[] {
  const provenance = `${index.url}/integrity/${other}/1.0/${faultyFilename(other)}/provenance`;
  return [
    ...casesOf("page", [...PAGE_STATUSES, ...PAGE_ANSWERS, ...pageRedirects(index, other)]),
    ...casesOf("entry", [...ENTRIES, ...provenanceUrls(provenance)]),
    ...casesOf("provenance", [...PROVENANCE_ANSWERS, ...provenanceRedirects(provenance)]),
  ];
}

function casesOf<Part extends keyof Faults>(
  part: Part,
  rows: readonly Row<Part>[],
): readonly FaultCase[] {
  return rows.map(([name, fault, code = UNVERIFIABLE, unpinned = code]) => {
    const subject = part === "page" ? name : faultyFilename(name);
    return { name, setting: { part, name: subject, fault } as FaultSetting, code, unpinned };
  });
}

/** An error that passes is asked for again, so it is told to be asked for at once. */
function status(code: number): Faults["page"] & Faults["provenance"] {
  return { kind: "status", status: code, retryAfter: "0" };
}

const PAGE_STATUSES: readonly Row<"page">[] = [
  ["page-204", status(204)],
  ["page-304", status(304)],
  ["page-401", status(401)],
  ["page-403", status(403)],
  ["page-404", status(404), ABSENT],
  ["page-406", status(406)],
  ["page-407", status(407)],
  ["page-410", status(410), ABSENT],
  ["page-429", status(429)],
  ["page-500", status(500)],
  ["page-503", status(503)],
  ["page-busy-for-long", { kind: "status", status: 503, retryAfter: "86400" }],
];

const PAGE_ANSWERS: readonly Row<"page">[] = [
  ["page-cut-off", { kind: "cut-off" }],
  ["page-reset", { kind: "reset" }],
  ["page-huge", { kind: "huge", bytes: MAX_INDEX_PAGE_BYTES + 1 }],
  ["page-html", { kind: "html" }],
  ["page-type", { kind: "content-type", type: "text/plain" }],
  [
    "page-type-of-the-future",
    { kind: "content-type", type: "application/vnd.pypi.simple.v2+json" },
  ],
  ["page-empty", { kind: "body", body: "" }],
  ["page-empty-object", { kind: "body", body: "{}" }],
  ["page-list", { kind: "body", body: "[]" }],
  ["page-name", { kind: "other-name", name: "page-cut-off" }],
  ["page-future", { kind: "api-version", version: "9.0" }],
  ["page-unknown-status", { kind: "project-status", status: "on-fire" }],
  ["page-quarantined", { kind: "project-status", status: "quarantined" }, "PROJECT_QUARANTINED"],
];

function pageRedirects({ simpleUrl }: LocalIndex, other: string): readonly Row<"page">[] {
  return [
    ["page-to-file", { kind: "redirect", to: "file:///etc/hosts" }],
    ["page-to-login", { kind: "redirect", to: simpleUrl.replace("//", "//user:secret@") }],
    ["page-to-dots", { kind: "redirect", to: `${simpleUrl}/a/../${other}/` }],
    ["page-to-nobody", { kind: "redirect", to: "http://127.0.0.1:9/simple/page-to-nobody/" }],
    ["page-to-itself", { kind: "redirect", to: `${simpleUrl}/page-to-itself/` }],
    ["page-to-other", { kind: "redirect", to: `${simpleUrl}/${other}/` }],
  ];
}

const ENTRIES: readonly Row<"entry">[] = [
  ["entry-unlisted", { kind: "unlisted" }, ABSENT],
  ["entry-digest", { kind: "wrong-digest" }, ABSENT],
  ["entry-digest-in-capitals", { kind: "wrong-digest", sha256: "A".repeat(64) }],
  ["entry-digest-short", { kind: "wrong-digest", sha256: "5".repeat(40) }],
  ["entry-no-key", { kind: "missing-key" }, "ATTESTATION_MISSING", "UNSIGNED"],
  ["entry-url-of-other-name", { kind: "file-url", url: "https://files.example/a-1.0.tar.gz" }],
  ["entry-url-scheme", { kind: "file-url", url: "file:///entry_url_scheme-1.0-py3-none-any.whl" }],
];

function provenanceUrls(other: string): readonly Row<"entry">[] {
  const [scheme = "", rest = ""] = other.split("//");
  return [
    ["entry-proof-of-other", { kind: "provenance-url", url: other }, INVALID],
    ["entry-proof-at-nobody", { kind: "provenance-url", url: "http://127.0.0.1:9/provenance" }],
    ["entry-proof-in-file", { kind: "provenance-url", url: "file:///etc/hosts" }],
    ["entry-proof-in-itself", { kind: "provenance-url", url: "data:application/json,{}" }],
    ["entry-proof-beside", { kind: "provenance-url", url: "provenance" }],
    ["entry-proof-login", { kind: "provenance-url", url: `${scheme}//user:secret@${rest}` }],
    ["entry-proof-dots", { kind: "provenance-url", url: `${scheme}//${rest}/../provenance` }],
    ["entry-proof-empty", { kind: "provenance-url", url: "" }],
  ];
}

const PROVENANCE_ANSWERS: readonly Row<"provenance">[] = [
  ["proof-204", status(204)],
  ["proof-304", status(304)],
  ["proof-401", status(401)],
  ["proof-403", status(403)],
  ["proof-404", status(404)],
  ["proof-406", status(406)],
  ["proof-410", status(410)],
  ["proof-429", status(429)],
  ["proof-503", status(503)],
  ["proof-cut-off", { kind: "cut-off" }],
  ["proof-reset", { kind: "reset" }],
  ["proof-huge", { kind: "huge", bytes: MAX_DOCUMENT_BYTES + 1 }],
  ["proof-html", { kind: "html" }],
  ["proof-type", { kind: "content-type", type: "text/plain" }],
  ["proof-null", { kind: "body", body: "null" }],
  ["proof-nothing", { kind: "body", body: "" }],
  ["proof-list", { kind: "body", body: "[]" }],
  ["proof-object", { kind: "body", body: "{}" }, INVALID],
  ["proof-future", { kind: "body", body: '{"version":2,"attestation_bundles":[]}' }, INVALID],
  ["proof-empty", { kind: "empty-bundles" }, INVALID],
  [
    "proof-fork",
    { kind: "publisher", publisher: { ...OCTO, repository: "fork/example", ownerId: "7" } },
    "REPOSITORY_TRANSFERRED",
    "PUBLISHER_UNPINNED",
  ],
  [
    "proof-reborn",
    { kind: "publisher", publisher: { ...OCTO, repositoryId: "7" } },
    "REPOSITORY_REPLACED",
    "PUBLISHER_UNPINNED",
  ],
];

function provenanceRedirects(other: string): readonly Row<"provenance">[] {
  return [
    ["proof-to-other", { kind: "redirect", to: other }, INVALID],
    ["proof-to-file", { kind: "redirect", to: "file:///etc/hosts" }],
    ["proof-to-login", { kind: "redirect", to: other.replace("//", "//user:secret@") }],
  ];
}
