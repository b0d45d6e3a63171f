/** The rules about imports: rooms, packages, Node, and ways out of a package. */
import { posix } from "node:path";
import { PACKAGES, ROOM_DEPENDENCIES, ROOMS } from "./import-table.ts";
import { child, lineAt, literalText, syntaxOf } from "./syntax.ts";
import type { Place, Source, SyntaxNode } from "./syntax.ts";

/** A place where a file breaks a rule. */
export interface Violation {
  readonly rule: string;
  readonly path: string;
  readonly line: number;
  readonly found: string;
}

/** The packages that each folder of {@link PACKAGES} declares as dependencies. */
export type Dependencies = Readonly<Record<string, readonly string[]>>;

interface Import {
  /** What is imported; null where it is computed. */
  readonly specifier: string | null;
  readonly line: number;
}

const SHARED = "packages/shared";
const IMPORT_TYPES: ReadonlySet<string> = new Set([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSImportType",
  "TSExternalModuleReference",
]);

/** The folder of the package that a path belongs to, or null. */
export function packageOf(path: string): string | null {
  return Object.keys(PACKAGES).find((folder) => path.startsWith(`${folder}/src/`)) ?? null;
}

/** Every import of a file of a package that the table does not allow. */
export function importViolations(source: Source, dependencies: Dependencies): readonly Violation[] {
  const folder = packageOf(source.path);
  if (folder === null) return [];
  return importsOf(source).flatMap(({ specifier, line }) => {
    const rule = brokenRule(source.path, folder, specifier, dependencies[folder] ?? []);
    const found = specifier ?? "a computed import";
    return rule === null ? [] : [{ rule, path: source.path, line, found }];
  });
}

function importsOf(source: Source): readonly Import[] {
  return syntaxOf(source).flatMap((place) => {
    const requested = requestedBy(place);
    if (requested === null) return [];
    return [{ specifier: literalText(requested), line: lineAt(source.text, place.node.start) }];
  });
}

/** The expression that says what a node imports; null for a node that imports nothing. */
function requestedBy({ node }: Place): SyntaxNode | null {
  if (IMPORT_TYPES.has(node.type)) return child(node, "source") ?? child(node, "expression");
  const callee = node.type === "CallExpression" ? child(node, "callee") : null;
  if (callee?.["name"] !== "require") return null;
  return (node["arguments"] as readonly SyntaxNode[])[0] ?? null;
}

function brokenRule(
  path: string,
  folder: string,
  specifier: string | null,
  dependencies: readonly string[],
): string | null {
  if (specifier === null) return folder === SHARED ? "computed-import" : null;
  if (specifier.startsWith(".")) return brokenByFile(path, folder, specifier);
  const rule = PACKAGES[folder];
  if (rule === undefined) return null;
  if (specifier.startsWith("node:")) {
    const isNodeFolder = rule.nodeFolder !== undefined && path.startsWith(rule.nodeFolder);
    return rule.node || isNodeFolder ? null : "node-import";
  }
  if (rule.workspace.includes(specifier)) return null;
  const name = packageName(specifier);
  if (isWorkspaceName(name)) return "package-import";
  if (!dependencies.includes(name)) return "undeclared-import";
  if (folder !== SHARED) return null;
  return ROOM_DEPENDENCIES[roomOf(path)]?.includes(name) === true ? null : "room-dependency";
}

function brokenByFile(path: string, folder: string, specifier: string): string | null {
  const target = posix.join(posix.dirname(path), specifier);
  if (!target.startsWith(`${folder}/src/`)) return "leaves-package";
  if (!target.endsWith(".ts")) return "not-a-source";
  const { nodeFolder } = PACKAGES[folder] ?? {};
  if (nodeFolder !== undefined && target.startsWith(nodeFolder) && !path.startsWith(nodeFolder)) {
    return "node-import";
  }
  if (folder !== SHARED) return null;
  return roomMayImport(roomOf(path), roomOf(target)) ? null : "room-import";
}

function roomMayImport(from: string, to: string): boolean {
  if (from === to) return true;
  if (from === "index.ts") return to in ROOMS;
  return ROOMS[from]?.includes(to) ?? false;
}

/** `x509` for packages/shared/src/x509/der.ts, `check` for check.ts, `index.ts` for the entry. */
function roomOf(path: string): string {
  const [room = "", ...rest] = path.slice(`${SHARED}/src/`.length).split("/");
  return rest.length > 0 || room === "index.ts" ? room : room.replace(/\.ts$/, "");
}

function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function isWorkspaceName(name: string): boolean {
  const names = Object.values(PACKAGES).map((rule) => rule.name);
  return names.includes(name) || name === "@pubpin/test-kit";
}
