import {
  documentField,
  type Field,
  readArray,
  readBytes,
  readSignerBytes,
  readFields,
  readObject,
  readOpenFields,
  readText,
  wrongType,
} from "../bytes/fields.ts";
import type { JsonObject } from "../bytes/json.ts";
import { fail, requireAtMost } from "../errors.ts";
import {
  MAX_ATTESTATION_BUNDLES,
  MAX_ATTESTATIONS,
  MAX_DOCUMENT_BYTES,
  MAX_LOG_ENTRIES,
} from "../limits.ts";
import { type ParsedBundle, readLogEntry } from "../sigstore/bundle.ts";
import { IN_TOTO_PAYLOAD_TYPE } from "../sigstore/dsse.ts";
import type { Bytes } from "../model.ts";

/** What an index says of a publisher. It is compared with the certificate and never believed. */
export interface ClaimedPublisher {
  readonly path: string;
  readonly kind: string;
  readonly fields: JsonObject;
}

/** One attestation of a provenance object, of which only the form was checked. */
export interface ParsedAttestation {
  readonly path: string;
  readonly publisher: ClaimedPublisher;
  readonly statement: Bytes;
  /** The same as a Sigstore bundle. */
  readonly bundle: ParsedBundle;
}

/**
 * Parses a provenance object (PEP 740, "Provenance objects"): version 1, with at least one bundle
 * of attestations, and at least one attestation in each.
 *
 * @throws PROVENANCE_INVALID PROVENANCE_VERSION_UNSUPPORTED PROVENANCE_EMPTY LIMIT_EXCEEDED
 *   JSON_INVALID UTF8_INVALID BASE64_INVALID
 */
export function parseProvenance(bytes: Uint8Array): readonly ParsedAttestation[] {
  const document = documentField(bytes, MAX_DOCUMENT_BYTES, "provenance", "PROVENANCE_INVALID");
  requireVersion1(readOpenFields(document, ["version"]).version);
  const fields = readFields(document, ["version", "attestation_bundles"]);
  const bundles = nonEmpty(fields.attestation_bundles, MAX_ATTESTATION_BUNDLES);
  const attestations = bundles.flatMap(readAttestationBundle);
  requireAtMost(MAX_ATTESTATIONS, attestations.length, "attestations", "provenance");
  return attestations;
}

/** JSON's `1`, not `true`, `"1"` or `1.0`. */
function requireVersion1(field: Field): void {
  if (field.value === 1n) return;
  if (typeof field.value !== "bigint") wrongType(field, "the integer 1");
  fail("PROVENANCE_VERSION_UNSUPPORTED", `${field.path}: expected 1, found ${field.value}`);
}

/** An empty list is how "nothing was signed" would pass for "everything verified". */
function nonEmpty(field: Field, max: number): readonly Field[] {
  const elements = readArray(field, max);
  if (elements.length === 0) {
    fail("PROVENANCE_EMPTY", `${field.path}: expected at least one element, found none`);
  }
  return elements;
}

function readAttestationBundle(field: Field): readonly ParsedAttestation[] {
  const fields = readFields(field, ["publisher", "attestations"]);
  const { kind } = readOpenFields(fields.publisher, ["kind"]);
  const publisher: ClaimedPublisher = {
    path: fields.publisher.path,
    kind: readText(kind),
    fields: readObject(fields.publisher),
  };
  return nonEmpty(fields.attestations, MAX_ATTESTATIONS).map((attestation) =>
    readAttestation(attestation, publisher),
  );
}

/** PEP 740, "Attestation objects". */
function readAttestation(field: Field, publisher: ClaimedPublisher): ParsedAttestation {
  requireVersion1(readOpenFields(field, ["version"]).version);
  const fields = readFields(field, ["version", "verification_material", "envelope"]);
  const material = readFields(fields.verification_material, [
    "certificate",
    "transparency_entries",
  ]);
  const envelope = readFields(fields.envelope, ["statement", "signature"]);
  const statement = readBytes(envelope.statement);
  return {
    path: field.path,
    publisher,
    statement,
    bundle: {
      certificate: readSignerBytes(material.certificate),
      logEntries: readArray(material.transparency_entries, MAX_LOG_ENTRIES).map(readLogEntry),
      timestamps: [],
      content: {
        kind: "dsse",
        payload: statement,
        payloadType: IN_TOTO_PAYLOAD_TYPE,
        signature: readBytes(envelope.signature),
      },
    },
  };
}
