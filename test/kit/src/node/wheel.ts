/** Pure-Python wheels (PEP 427), made on the spot. */
import { createHash } from "node:crypto";
import { type ZipEntry, readZipEntry, writeZip } from "./zip.ts";

/** A wheel to be made. */
export interface WheelOptions {
  readonly name: string;
  readonly version: string;
  /** Requires-Dist, such as `peppercorn>=0.6`. */
  readonly requires?: readonly string[] | undefined;
  readonly requiresPython?: string | undefined;
  /** By default `py3-none-any`. */
  readonly tag?: string | undefined;
  /** Paths and text of its files; by default one module that knows its version. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  /** What METADATA and the dist-info folder say, where it is not what the file name says. */
  readonly claims?: { readonly name: string; readonly version: string } | undefined;
}

/** A wheel. */
export interface MintedWheel {
  readonly filename: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
}

/** A wheel that installers take. The same options give the same bytes. */
export function mintWheel(options: WheelOptions): MintedWheel {
  const { name, version, tag = "py3-none-any", claims = { name, version } } = options;
  const module = escaped(name);
  const folder = `${escaped(claims.name)}-${claims.version}.dist-info`;
  const files = options.files ?? { [`${module}/__init__.py`]: `__version__ = "${version}"\n` };
  const entries = Object.entries({
    ...files,
    [`${folder}/METADATA`]: metadataOf(options, claims),
    [`${folder}/WHEEL`]: `Wheel-Version: 1.0\nGenerator: pubpin-test-kit\nRoot-Is-Purelib: true\nTag: ${tag}\n`,
  }).map(([path, text]): ZipEntry => ({ path, bytes: Buffer.from(text, "utf8") }));
  const record = `${folder}/RECORD`;
  const lines = [...entries.map(recordLine), `${record},,\n`];
  const bytes = writeZip([
    ...entries,
    { path: record, bytes: Buffer.from(lines.join(""), "utf8") },
  ]);
  return { filename: `${module}-${version}-${tag}.whl`, bytes, sha256: sha256Hex(bytes) };
}

/** The METADATA of a wheel, which an index offers beside it (PEP 658); null where it has none. */
export function wheelMetadata(wheel: Uint8Array): Uint8Array<ArrayBuffer> | null {
  return readZipEntry(wheel, (path) => /^[^/]+\.dist-info\/METADATA$/.test(path));
}

/** SHA-256 in lower-case hexadecimal. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** PEP 427, "Escaping and Unicode", as the index wants it. */
function escaped(name: string): string {
  return name.replace(/[-_.]+/g, "_").toLowerCase();
}

function metadataOf(
  { requires = [], requiresPython }: WheelOptions,
  { name, version }: { readonly name: string; readonly version: string },
): string {
  const lines = ["Metadata-Version: 2.1", `Name: ${name}`, `Version: ${version}`];
  if (requiresPython !== undefined) lines.push(`Requires-Python: ${requiresPython}`);
  lines.push(...requires.map((requirement) => `Requires-Dist: ${requirement}`));
  return `${lines.join("\n")}\n`;
}

function recordLine({ path, bytes }: ZipEntry): string {
  const digest = createHash("sha256").update(bytes).digest("base64url");
  return `${path},sha256=${digest},${bytes.length}\n`;
}
