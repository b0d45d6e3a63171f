/**
 * Writes the committed sources that are made from something else: `npm run generate`.
 * A test makes them again and compares, so that none can be edited by hand or grow stale.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
  DECISION_CODES,
  DECISION_WORDS,
  ERROR_WORDS,
  NOTICE_CODES,
  NOTICE_WORDS,
  TOOL_CODES,
  VERIFIER_CODES,
  type Words,
} from "@pubpin/shared";
import { DEFAULT_MIRROR_URL } from "@sigstore/tuf";
import { guardFiles } from "./generate-guard.ts";

/** A source file that this script makes. The path is relative to the repository, with `/`. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** `seeds.json` of `@sigstore/tuf`: repositories, with their targets in base64. */
type Seeds = Readonly<Record<string, { readonly targets: Readonly<Record<string, string>> }>>;

const PACKAGE = "@sigstore/tuf";
const TARGET = "trusted_root.json";
const REPOSITORY = join(import.meta.dirname, "..");

/** Every generated file, as it has to be with the dependencies that are installed. */
export async function generatedFiles(): Promise<readonly GeneratedFile[]> {
  return [await trustedRoot(), ...(await guardFiles()), errorsPage()];
}

/**
 * Sigstore's production trust root, byte for byte as its TUF repository publishes it: the digest in
 * the comment is the one that the repository signed.
 */
async function trustedRoot(): Promise<GeneratedFile> {
  const seeds = (await readJson(`${PACKAGE}/seeds.json`)) as Seeds;
  const { version } = (await readJson(`${PACKAGE}/package.json`)) as { readonly version: string };
  const encoded = seeds[DEFAULT_MIRROR_URL]?.targets[TARGET];
  if (encoded === undefined) {
    throw new Error(`${PACKAGE} ${version}: seeds.json has no ${TARGET} of ${DEFAULT_MIRROR_URL}`);
  }
  const bytes = Buffer.from(encoded, "base64");
  const digest = createHash("sha256").update(bytes).digest("hex");
  return {
    path: "packages/shared/src/generated/trusted-root.ts",
    text: `/**
 * Sigstore's production trust root as the TUF repository publishes it, from ${PACKAGE} ${version}.
 * SHA-256 ${digest}
 * Written by \`npm run generate\`.
 */
export const TRUSTED_ROOT_JSON: string = \`${templateText(bytes.toString("utf8"))}\`;
`,
  };
}

/** The page that every refusal points at: a heading for each code. */
function errorsPage(): GeneratedFile {
  const decided: ReadonlySet<string> = new Set(DECISION_CODES);
  const decisions = DECISION_CODES.map((code) => section(code, DECISION_WORDS[code]));
  const notices = NOTICE_CODES.filter((code) => !decided.has(code)).map((code) =>
    section(code, NOTICE_WORDS[code]),
  );
  const errors = [...VERIFIER_CODES, ...TOOL_CODES]
    .filter((code) => !decided.has(code))
    .map((code) => section(code, ERROR_WORDS[code]));
  return {
    path: "docs/errors.md",
    text: `# Codes

Every decision and every error has a code. Codes are stable: scripts may branch on them. This page
is written by \`npm run generate\` from the words that the program itself uses.

# Decisions

In the order in which they are considered: the first that applies decides.

${decisions.join("\n")}
# Notices

They change no verdict.

${notices.join("\n")}
# Errors

${errors.join("\n")}`,
  };
}

function section(code: string, { title, meaning, remedy }: Words): string {
  return `## ${code}\n\n**${title}.** ${meaning}\n\n_What to do:_ ${remedy}\n`;
}

function templateText(text: string): string {
  return text.replace(/[\\`]|\$\{/g, String.raw`\$&`);
}

async function readJson(specifier: string): Promise<unknown> {
  const path = createRequire(import.meta.url).resolve(specifier);
  return JSON.parse(await readFile(path, "utf8"));
}

if (import.meta.main) {
  for (const { path, text } of await generatedFiles()) {
    const target = join(REPOSITORY, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
    console.log(`wrote ${path}`);
  }
}
