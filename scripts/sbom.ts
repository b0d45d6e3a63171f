/** Bills of materials (CycloneDX 1.6, ECMA-424) of the published packages, from package-lock.json. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { manifestOf, REPOSITORY } from "./packages.ts";

/** What package-lock.json says of a package, by where it is installed. */
interface LockedPackage {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Lock = Readonly<Record<string, LockedPackage>>;

/** A package with what it needs, by references. */
interface Node {
  readonly component: Readonly<Record<string, unknown>>;
  readonly needs: readonly string[];
}

const SCHEMA = "http://cyclonedx.org/schema/bom-1.6.schema.json";
const INSTALLED = "node_modules/";

/**
 * The bill of materials of a package: everything that it needs at run time, with the digests of the
 * versions that it was tested with. The same lock gives the same bytes.
 */
export async function packageSbom(folder: string): Promise<string> {
  const text = await readFile(join(REPOSITORY, "package-lock.json"), "utf8");
  const { packages } = JSON.parse(text) as { readonly packages: Lock };
  const { name } = await manifestOf(folder);
  const nodes = new Map<string, Node>();
  const own = visit({ ...packages, [folder]: { ...packages[folder], name } }, folder, nodes);
  const others = [...nodes].filter(([reference]) => reference !== own);
  const content = {
    metadata: { component: nodes.get(own)?.component },
    components: others.map(([, { component }]) => component).toSorted(byReference),
    dependencies: [...nodes]
      .map(([reference, { needs }]) => ({ ref: reference, dependsOn: needs.toSorted() }))
      .toSorted((one, other) => compare(one.ref, other.ref)),
  };
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(content))}`;
  const head = { $schema: SCHEMA, bomFormat: "CycloneDX", specVersion: "1.6" };
  return `${JSON.stringify({ ...head, serialNumber, version: 1, ...content }, null, 2)}\n`;
}

/** Adds a package with all that it needs; gives its reference. */
function visit(lock: Lock, path: string, nodes: Map<string, Node>): string {
  const locked = lock[path];
  if (locked?.version === undefined) throw new Error(`package-lock.json: expected ${path}`);
  const name = locked.name ?? path.slice(path.lastIndexOf(INSTALLED) + INSTALLED.length);
  const reference = `pkg:npm/${name.replace("@", "%40")}@${locked.version}`;
  if (nodes.has(reference)) return reference;
  nodes.set(reference, { component: {}, needs: [] });
  const names = Object.keys({ ...locked.dependencies, ...locked.optionalDependencies });
  const needs = names.map((each) => visit(lock, find(lock, path, each), nodes));
  nodes.set(reference, { component: componentOf(name, reference, locked), needs });
  return reference;
}

/** Where a package finds another, as Node looks for it: in its own folder, then in those above. */
function find(lock: Lock, from: string, name: string): string {
  for (let folder = from; ; folder = posix.dirname(folder)) {
    const path = posix.join(folder, INSTALLED, name);
    const found = lock[path];
    if (found !== undefined) return found.link === true ? (found.resolved ?? path) : path;
    if (folder === ".") throw new Error(`package-lock.json: expected ${name}, for ${from}`);
  }
}

function componentOf(name: string, reference: string, locked: LockedPackage): Node["component"] {
  const [scope = "", bare] = name.startsWith("@") ? name.split("/") : ["", name];
  const { version, license, integrity } = locked;
  const [algorithm, digest] = integrity?.split("-") ?? [];
  return {
    type: "library",
    "bom-ref": reference,
    ...(scope === "" ? {} : { group: scope }),
    name: bare,
    version,
    ...(license === undefined ? {} : { licenses: [licenseOf(license)] }),
    ...(digest === undefined ? {} : { hashes: [hashOf(algorithm ?? "", digest)] }),
    purl: reference,
  };
}

function licenseOf(license: string): object {
  return /^[\w.+-]+$/.test(license) ? { license: { id: license } } : { expression: license };
}

/** An integrity (W3C, Subresource Integrity) as CycloneDX writes it. */
function hashOf(algorithm: string, digest: string): object {
  const alg = algorithm.toUpperCase().replace(/^SHA/, "SHA-");
  return { alg, content: Buffer.from(digest, "base64").toString("hex") };
}

/** An identifier that says nothing but what it was made of (RFC 9562, version 8). */
function uuidOf(text: string): string {
  const digest = createHash("sha256").update(text).digest("hex");
  const [one, two, three, four] = [8, 12, 16, 20].map((end, index) =>
    digest.slice([0, 8, 12, 16][index], end),
  );
  return `${one}-${two}-8${three?.slice(1)}-8${four?.slice(1)}-${digest.slice(20, 32)}`;
}

function byReference(one: Node["component"], other: Node["component"]): number {
  return compare(String(one["bom-ref"]), String(other["bom-ref"]));
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
