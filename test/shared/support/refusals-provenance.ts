/** What must not be accepted of a provenance document's form. */
import type { ErrorCode } from "@pubpin/shared";
import { type Bytes, concat, drop, type JsonObject, put, utf8 } from "@pubpin/test-kit";
import { FILE, PUBLISHER } from "./instance.ts";
import { BROKEN_BASE64, BROKEN_JSON, BROKEN_UTF8, nested, text, withBytes } from "./json-edits.ts";
import { ofProvenance, type Refusal } from "./refusal.ts";

function ofDocument(
  code: ErrorCode,
  claim: string,
  document: (usual: JsonObject) => JsonObject,
): Refusal {
  return ofProvenance(code, claim, { document });
}

function ofBytes(code: ErrorCode, claim: string, bytes: (usual: Bytes) => Bytes): Refusal {
  return ofProvenance(code, claim, { bytes });
}

const bundle = "attestation_bundles.0";
const attestation = `${bundle}.attestations.0`;
const entries = `${attestation}.verification_material.transparency_entries`;
/** The first "version" in the text is the document's own. */
const VERSION = '"version":1';

function times(count: number): (all: readonly unknown[]) => readonly unknown[] {
  return (all) => Array.from({ length: count }, () => all).flat();
}

/** Versions. */
export const VERSION_REFUSALS: readonly Refusal[] = [
  ...["true", "1.0", "1e0", '"1"', "null", "[1]", "{}"].map((version) =>
    ofBytes(
      "PROVENANCE_INVALID",
      `a document of version ${version}`,
      text((usual) => usual.replace(VERSION, `"version":${version}`)),
    ),
  ),
  ...["2", "0", "-1", "-0", "10000000000000000000000001"].map((version) =>
    ofBytes(
      "PROVENANCE_VERSION_UNSUPPORTED",
      `a document of version ${version}`,
      text((usual) => usual.replace(VERSION, `"version":${version}`)),
    ),
  ),
  ofDocument("PROVENANCE_INVALID", "a document without a version", drop("version")),
  ...[true, "1", null].map((version) =>
    ofDocument(
      "PROVENANCE_INVALID",
      `an attestation of version ${JSON.stringify(version)}`,
      put(`${attestation}.version`, version),
    ),
  ),
  ofDocument(
    "PROVENANCE_INVALID",
    "an attestation without a version",
    drop(`${attestation}.version`),
  ),
  ofDocument(
    "PROVENANCE_VERSION_UNSUPPORTED",
    "an attestation of version 2",
    put(`${attestation}.version`, 2),
  ),
];

/** No attestation is never success. */
export const EMPTY_REFUSALS: readonly Refusal[] = [
  ofDocument("PROVENANCE_EMPTY", "a document without bundles", put("attestation_bundles", [])),
  ofDocument(
    "PROVENANCE_EMPTY",
    "a bundle without attestations",
    put(`${bundle}.attestations`, []),
  ),
  ofDocument(
    "PROVENANCE_EMPTY",
    "a bundle without attestations beside one that has some",
    put("attestation_bundles.1", { publisher: { kind: "GitHub" }, attestations: [] }),
  ),
  ofDocument(
    "PROVENANCE_INVALID",
    "a document without a list of bundles",
    drop("attestation_bundles"),
  ),
  ofDocument(
    "PROVENANCE_INVALID",
    "a document with null as its bundles",
    put("attestation_bundles", null),
  ),
  ofDocument(
    "PROVENANCE_INVALID",
    "a bundle without a list of attestations",
    drop(`${bundle}.attestations`),
  ),
  ofDocument("LOG_ENTRY_MISSING", "an attestation that no log recorded", put(entries, [])),
  ofProvenance("TIME_MISSING", "an attestation in Rekor v2, for whose time nobody can vouch", {
    log: "rekor2",
  }),
];

const WRONG_TYPES: readonly (readonly [path: string, value: unknown])[] = [
  ["attestation_bundles", {}],
  [bundle, []],
  [`${bundle}.publisher`, null],
  [`${bundle}.publisher`, "GitHub"],
  [`${bundle}.publisher.kind`, 1],
  [`${bundle}.attestations`, {}],
  [attestation, "attestation"],
  [`${attestation}.verification_material`, null],
  [`${attestation}.verification_material.certificate`, {}],
  [`${attestation}.envelope`, []],
  [`${attestation}.envelope.statement`, {}],
  [`${attestation}.envelope.signature`, 1],
  [entries, {}],
  [`${entries}.0`, null],
  [`${entries}.0.logIndex`, 1003],
  [`${entries}.0.integratedTime`, 1767323046],
];

const UNKNOWN_FIELDS = [
  "unknown",
  `${bundle}.unknown`,
  `${attestation}.unknown`,
  `${attestation}.verification_material.unknown`,
  `${attestation}.envelope.unknown`,
  `${entries}.0.unknown`,
] as const;

/** Fields. */
export const FIELD_REFUSALS: readonly Refusal[] = [
  ...WRONG_TYPES.map(([path, value]) =>
    ofDocument("PROVENANCE_INVALID", `${JSON.stringify(value)} as ${path}`, put(path, value)),
  ),
  ...UNKNOWN_FIELDS.map((path) =>
    ofDocument("PROVENANCE_INVALID", `the unknown field ${path}`, put(path, 1)),
  ),
  ofDocument("PROVENANCE_INVALID", "a publisher without a kind", drop(`${bundle}.publisher.kind`)),
  ofBytes(
    "PROVENANCE_INVALID",
    "a field that would be an object's prototype",
    text((usual) => usual.replace("{", '{"__proto__":{"version":1},')),
  ),
  ofBytes(
    "PROVENANCE_INVALID",
    "a list of documents",
    text((usual) => `[${usual}]`),
  ),
  ...["certificate", "statement", "signature"].map((field) =>
    ofDocument(
      "PROVENANCE_INVALID",
      `an attestation without a ${field}`,
      drop(
        `${attestation}.${field === "certificate" ? "verification_material" : "envelope"}.${field}`,
      ),
    ),
  ),
];

/** Encodings. */
export const ENCODING_REFUSALS: readonly Refusal[] = [
  ...Object.entries(BROKEN_BASE64).flatMap(([claim, change]) => [
    ofDocument(
      "BASE64_INVALID",
      `a statement ${claim}`,
      put(`${attestation}.envelope.statement`, change),
    ),
    ofDocument(
      "BASE64_INVALID",
      `a certificate ${claim}`,
      put(`${attestation}.verification_material.certificate`, change),
    ),
  ]),
  ...Object.entries(BROKEN_JSON).map(([claim, change]) =>
    ofBytes("JSON_INVALID", `a document ${claim}`, change),
  ),
  ...Object.entries(BROKEN_UTF8).map(([claim, bytes]) =>
    ofBytes("UTF8_INVALID", `a document with ${claim}`, withBytes(bytes)),
  ),
];

/** Sizes. */
export const SIZE_REFUSALS: readonly Refusal[] = [
  ofDocument("LIMIT_EXCEEDED", "17 bundles", put("attestation_bundles", times(17))),
  ofDocument("LIMIT_EXCEEDED", "65 attestations", put(`${bundle}.attestations`, times(65))),
  ofDocument("LIMIT_EXCEEDED", "66 attestations in two bundles", (document) =>
    put("attestation_bundles", times(2))(put(`${bundle}.attestations`, times(33))(document)),
  ),
  ofDocument(
    "LIMIT_EXCEEDED",
    "10,000 attestations",
    put(`${bundle}.attestations`, () => Array.from({ length: 10_000 }, () => ({ version: 1 }))),
  ),
  ofDocument("LIMIT_EXCEEDED", "33 log entries", put(entries, times(33))),
  ofDocument(
    "LIMIT_EXCEEDED",
    "1,000 log entries",
    put(entries, () => Array.from({ length: 1000 }, () => ({}))),
  ),
  ofBytes("LIMIT_EXCEEDED", "a document of more than 4 MiB", (usual) =>
    concat(usual, utf8(" ".repeat(4 * 1024 * 1024))),
  ),
  ofBytes("LIMIT_EXCEEDED", "a document of 50 MB", () => new Uint8Array(50_000_000)),
  ofBytes(
    "LIMIT_EXCEEDED",
    "33 nested levels",
    text((usual) => usual.replace("{", `{"x":${nested(32)},`)),
  ),
];

/** The file that is asked about. */
export const FILE_REFUSALS: readonly Refusal[] = [
  ...["", "example", "example-1.0.exe", "../example-1.0.tar.gz", "example-1.0.whl"].map(
    (filename) =>
      ofProvenance("FILENAME_INVALID", `a file named ${JSON.stringify(filename)}`, {
        file: { ...FILE, filename },
      }),
  ),
  ofProvenance("LIMIT_EXCEEDED", "a file with a name of 256 characters", {
    file: { ...FILE, filename: `${"a".repeat(245)}-1.0.tar.gz` },
  }),
  ofProvenance("HEX_INVALID", "a file with a digest in capital letters", {
    file: { ...FILE, sha256: FILE.sha256.toUpperCase() },
  }),
  ofProvenance("HEX_INVALID", "a file with a digest of SHA-512's length", {
    file: { ...FILE, sha256: FILE.sha256.repeat(2) },
  }),
  ofProvenance("PUBLISHER_CLAIM_MISMATCH", "another publisher than the index says", {
    signer: PUBLISHER,
    publisher: { kind: "GitHub", repository: "octo/other" },
  }),
];

/** All of them. */
export const ALL_PROVENANCE_REFUSALS: readonly Refusal[] = [
  ...VERSION_REFUSALS,
  ...EMPTY_REFUSALS,
  ...FIELD_REFUSALS,
  ...ENCODING_REFUSALS,
  ...SIZE_REFUSALS,
  ...FILE_REFUSALS,
];
