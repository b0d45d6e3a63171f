import { PUBLISH_PREDICATE, SLSA_PREDICATE, STATEMENT_TYPE } from "../addresses.ts";
import { quote } from "../bytes/quote.ts";
import { fail } from "../errors.ts";
import { requireSameDistribution } from "../names/filename.ts";
import type { ParsedStatement } from "../sigstore/dsse.ts";

/** The predicate types that PEP 740 attestations are verified for. */
const KNOWN_PREDICATES: ReadonlySet<string> = new Set([PUBLISH_PREDICATE, SLSA_PREDICATE]);

/** Whether attestations with this predicate type can count for anything. */
export function isKnownPredicate(predicateType: string): boolean {
  return KNOWN_PREDICATES.has(predicateType);
}

/**
 * Checks that a statement is about this distribution and nothing else (PEP 740, "Attestation
 * statements"): one subject, whose name denotes the file and whose digest is the file's.
 *
 * @throws STATEMENT_INVALID ARTIFACT_MISMATCH SUBJECT_MISMATCH FILENAME_INVALID
 */
export function requireStatementAbout(
  statement: ParsedStatement,
  file: { readonly filename: string; readonly sha256: string },
): void {
  if (statement.type !== STATEMENT_TYPE) {
    fail(
      "STATEMENT_INVALID",
      `statement: expected the type ${quote(STATEMENT_TYPE)}, found ${quote(statement.type)}`,
    );
  }
  const [subject, second] = statement.subjects;
  if (subject === undefined || second !== undefined) {
    return fail(
      "STATEMENT_INVALID",
      `statement: expected exactly one subject, found ${statement.subjects.length}`,
    );
  }
  if (subject.name === null || subject.name === "") {
    return fail("STATEMENT_INVALID", "statement: expected the subject's name, found none");
  }
  if (subject.sha256 !== file.sha256) {
    fail(
      "ARTIFACT_MISMATCH",
      `statement: expected a subject with SHA-256 ${file.sha256}, ` +
        `found ${quote(subject.sha256 ?? "none")}`,
    );
  }
  if (subject.name !== file.filename) requireSameDistribution(file.filename, subject.name);
}
