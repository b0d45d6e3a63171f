/** The rules about what stands in a source file of a package. */
import { packageOf } from "./import-rules.ts";
import type { Violation } from "./import-rules.ts";
import { PACKAGES } from "./import-table.ts";
import { child, children, commentsOf, lineAt, syntaxOf, templateText } from "./syntax.ts";
import type { Place, Source, SyntaxNode } from "./syntax.ts";

const SHARED = "packages/shared/src";
const CRYPTO = `${SHARED}/bytes/crypto.ts`;
const ADDRESSES = `${SHARED}/addresses.ts`;
const ERRORS = `${SHARED}/errors.ts`;
const GENERATED = /^packages\/[^/]+\/src\/generated\//;
const ENTRY = /^packages\/[^/]+\/src\/index\.ts$/;
const MAX_LINES = 350;

/** Globals that only Node has. */
const NODE_GLOBALS: ReadonlySet<unknown> = new Set([
  "Buffer",
  "process",
  "require",
  "setImmediate",
]);
/** An address with a host, or a text that is a host name and nothing else. */
const ADDRESS = /:\/\/(?:[\w-]+\.)+\w|^(?:[a-z0-9-]+\.)+(?:app|com|dev|io|net|org)$/i;

/** Comments that tell a tool to look away. */
const LOOK_AWAY =
  /(?:oxlint|eslint|biome)-disable|@ts-(?:ignore|expect-error|nocheck)|(?:oxfmt|prettier|v8|c8|istanbul|knip)[- ]ignore/;

interface Rule {
  readonly name: string;
  readonly applies: (path: string) => boolean;
  readonly broken: (place: Place) => boolean;
}

const RULES: readonly Rule[] = [
  {
    name: "default-export",
    applies: () => true,
    broken: ({ node }) => isDefaultExport(node),
  },
  {
    name: "re-export",
    applies: (path) => !ENTRY.test(path),
    broken: ({ node }) => node.type.startsWith("Export") && child(node, "source") !== null,
  },
  {
    name: "class",
    applies: (path) => path !== ERRORS,
    broken: ({ node }) => node.type === "ClassDeclaration" || node.type === "ClassExpression",
  },
  {
    name: "web-crypto",
    applies: (path) => path !== CRYPTO,
    broken: ({ node }) => isNamed(node, "subtle"),
  },
  {
    name: "promised-boolean",
    applies: (path) => path !== CRYPTO,
    broken: ({ node }) => isPromisedBoolean(node),
  },
  {
    name: "node-global",
    applies: (path) => PACKAGES[packageOf(path) ?? ""]?.node === false,
    broken: isNodeGlobal,
  },
  {
    name: "address",
    applies: (path) => path !== ADDRESSES && !GENERATED.test(path),
    broken: ({ node }) => holdsAddress(node),
  },
];

/** Every place in a file of a package that breaks a rule. */
export function styleViolations(source: Source): readonly Violation[] {
  if (packageOf(source.path) === null) return [];
  const rules = RULES.filter((rule) => rule.applies(source.path));
  const violations = syntaxOf(source).flatMap((place) =>
    rules
      .filter((rule) => rule.broken(place))
      .map((rule) => violationAt(source, rule.name, place.node)),
  );
  return [...violations, ...tooLong(source)];
}

/** Every comment, in any file, that keeps a tool from reporting something. */
export function lookAwayComments(source: Source): readonly Violation[] {
  return commentsOf(source)
    .filter(({ text }) => LOOK_AWAY.test(text))
    .map((comment) => violationAt(source, "ignore-comment", comment));
}

function violationAt(source: Source, rule: string, { start }: { start: number }): Violation {
  const line = lineAt(source.text, start);
  return { rule, path: source.path, line, found: source.text.split("\n")[line - 1]?.trim() ?? "" };
}

function tooLong({ path, text }: Source): readonly Violation[] {
  const lines = text.trimEnd().split("\n").length;
  if (lines <= MAX_LINES || GENERATED.test(path)) return [];
  return [{ rule: "length", path, line: lines, found: `${lines} lines` }];
}

function isDefaultExport(node: SyntaxNode): boolean {
  if (node.type === "ExportDefaultDeclaration" || node.type === "TSExportAssignment") return true;
  return node.type === "ExportSpecifier" && isNamed(child(node, "exported"), "default");
}

function isPromisedBoolean(node: SyntaxNode): boolean {
  if (node.type !== "TSTypeReference") return false;
  const name = child(node, "typeName");
  if (!isNamed(name, "Promise") && !isNamed(name, "PromiseLike")) return false;
  const [promised] = children(child(node, "typeArguments") ?? node, "params");
  return promised !== undefined && mayBeBoolean(promised);
}

function mayBeBoolean(type: SyntaxNode): boolean {
  if (type.type === "TSBooleanKeyword") return true;
  if (type.type === "TSUnionType") return children(type, "types").some(mayBeBoolean);
  const literal = type.type === "TSLiteralType" ? child(type, "literal") : null;
  return typeof literal?.["value"] === "boolean";
}

function isNodeGlobal({ node, parent, field }: Place): boolean {
  if (node.type !== "Identifier" || !NODE_GLOBALS.has(node["name"])) return false;
  if (field === "key") return parent?.["computed"] === true || parent?.["shorthand"] === true;
  if (parent?.type !== "MemberExpression" || field !== "property" || parent["computed"] === true) {
    return true;
  }
  return isNamed(child(parent, "object"), "globalThis");
}

function holdsAddress(node: SyntaxNode): boolean {
  if (node.type === "TemplateElement") return ADDRESS.test(templateText(node));
  if (node.type !== "Literal") return false;
  const regex = node["regex"] as { readonly pattern: string } | undefined;
  if (regex !== undefined) return ADDRESS.test(regex.pattern.replaceAll("\\", ""));
  return typeof node["value"] === "string" && ADDRESS.test(node["value"]);
}

/** Whether a node is this identifier, or this text in quotes. */
function isNamed(node: SyntaxNode | null, name: string): boolean {
  return node?.["name"] === name || (node?.type === "Literal" && node["value"] === name);
}
