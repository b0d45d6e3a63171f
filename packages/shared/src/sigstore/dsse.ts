import { concatBytes } from "../bytes/bytes.ts";
import { documentField, readArray, readObject, readOpenFields, readText } from "../bytes/fields.ts";
import { quote } from "../bytes/quote.ts";
import { encodeUtf8 } from "../bytes/utf8.ts";
import { fail } from "../errors.ts";
import { MAX_DOCUMENT_BYTES, MAX_SUBJECTS } from "../limits.ts";
import type { Bytes } from "../model.ts";

/** The payload type of in-toto statements, the only one that is verified. */
export const IN_TOTO_PAYLOAD_TYPE = "application/vnd.in-toto+json";

/**
 * What a DSSE signature is over: the pre-authentication encoding of the payload's own bytes (DSSE
 * protocol, "Signature Definition").
 *
 * @throws PAYLOAD_TYPE_UNSUPPORTED
 */
export function preAuthenticationEncoding(payloadType: string, payload: Bytes): Bytes {
  if (payloadType !== IN_TOTO_PAYLOAD_TYPE) {
    fail(
      "PAYLOAD_TYPE_UNSUPPORTED",
      `payload type: expected ${quote(IN_TOTO_PAYLOAD_TYPE)}, found ${quote(payloadType)}`,
    );
  }
  const header = `DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `;
  return concatBytes(encodeUtf8(header), payload);
}

/** An in-toto statement of which only the form was checked. */
export interface ParsedStatement {
  readonly type: string;
  readonly predicateType: string;
  readonly subjects: readonly ParsedSubject[];
}

/** What a statement is about. */
export interface ParsedSubject {
  readonly name: string | null;
  /** SHA-256 in hexadecimal, as it stands there. */
  readonly sha256: string | null;
}

/**
 * Parses an in-toto statement (in-toto attestation framework, "Statement" v1). Fields that it does
 * not know are ignored, as that specification asks of consumers.
 *
 * @throws STATEMENT_INVALID JSON_INVALID UTF8_INVALID LIMIT_EXCEEDED
 */
export function parseStatement(payload: Bytes): ParsedStatement {
  const document = documentField(payload, MAX_DOCUMENT_BYTES, "statement", "STATEMENT_INVALID");
  const fields = readOpenFields(document, ["_type", "subject", "predicateType"]);
  return {
    type: readText(fields._type),
    predicateType: readText(fields.predicateType),
    subjects: readArray(fields.subject, MAX_SUBJECTS).map((subject) => {
      const { name, digest } = readOpenFields(subject, ["digest"], ["name"]);
      readObject(digest);
      const { sha256 } = readOpenFields(digest, [], ["sha256"]);
      return {
        name: name === undefined ? null : readText(name),
        sha256: sha256 === undefined ? null : readText(sha256),
      };
    }),
  };
}
