/** The rules of a SARIF log: every code that a result can have, with its words. */
import { DECISION_CODES, type DecisionCode } from "../errors.ts";
import { type DocumentedCode, docsPath } from "./advice.ts";
import { DECISION_WORDS } from "./decision-words.ts";
import { NOTICE_CODES, NOTICE_WORDS } from "./notice-words.ts";
import type { Words } from "./entry.ts";

/** How grave a result is (SARIF 2.1.0, section 3.27.10). */
export type SarifLevel = "error" | "warning" | "note";

/** A `reportingDescriptor` (SARIF 2.1.0, section 3.49). */
export interface SarifRule {
  readonly id: DocumentedCode;
  readonly name: string;
  readonly shortDescription: { readonly text: string };
  readonly fullDescription: { readonly text: string };
  readonly help: { readonly text: string; readonly markdown: string };
  readonly defaultConfiguration: { readonly level: SarifLevel };
  readonly properties: Readonly<Record<string, string | readonly string[]>>;
}

/** Codes that pass whatever happens: no result has them. */
const ALWAYS_PASS: ReadonlySet<DecisionCode> = new Set([
  "FILE_PINNED",
  "SOURCE_PINNED",
  "PUBLISHER_MATCH",
  "REPOSITORY_RENAMED",
]);
/** Codes that accuse nobody. */
const UNKNOWN: ReadonlySet<DecisionCode> = new Set(["UNVERIFIABLE", "TRUST_ROOT_UNKNOWN_KEY"]);
/** How grave code scanning shows it, from 0 to 10: from 7 on it is "high". */
const FAILING = { tags: ["security", "supply-chain"], "security-severity": "8.0" } as const;
const UNVERIFIABLE = { tags: ["security", "supply-chain"], "security-severity": "5.0" } as const;
const NOTICE = { tags: ["supply-chain"] } as const;

/** Every rule, always the same ones in the same order. */
export function sarifRules(): readonly SarifRule[] {
  const failing = DECISION_CODES.filter((code) => !ALWAYS_PASS.has(code));
  const notices = NOTICE_CODES.filter((code) => !failing.some((other) => other === code));
  return [
    ...failing.map((code) =>
      sarifRule(code, DECISION_WORDS[code], "error", UNKNOWN.has(code) ? UNVERIFIABLE : FAILING),
    ),
    ...notices.map((code) => sarifRule(code, NOTICE_WORDS[code], "note")),
  ];
}

/** The rule of a code. @param properties by default those of what fails, or of what does not */
export function sarifRule(
  id: DocumentedCode,
  { title, meaning, remedy }: Words,
  level: SarifLevel,
  properties: SarifRule["properties"] = level === "error" ? FAILING : NOTICE,
): SarifRule {
  return {
    id,
    name: id
      .toLowerCase()
      .replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: meaning },
    help: {
      text: `${meaning}\n\nWhat to do: ${remedy}`,
      markdown: `${meaning}\n\n**What to do:** ${remedy}\n\nMore: ${docsPath(id)}`,
    },
    defaultConfiguration: { level },
    properties: {
      ...properties,
      precision: "very-high",
      "problem.severity": level === "note" ? "recommendation" : level,
    },
  };
}
