/**
 * Builds the guard's single files for pages without a bundler, and says what they weigh and what
 * their integrity is: `npm run -s build:guard`.
 */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";
import { TRUSTED_ROOT_JSON } from "../packages/shared/src/generated/trusted-root.ts";
import { slimTrustRoot } from "./slim-trust-root.ts";

/** A minified ES module for browsers, with its source map. */
export interface GuardFile {
  readonly filename: string;
  readonly code: string;
  readonly sourceMap: string;
  readonly gzipBytes: number;
  /** What the module still imports by name: nothing, if it is whole. */
  readonly imports: readonly string[];
  /** For the attribute `integrity` of a page (W3C, Subresource Integrity). */
  readonly integrity: string;
}

const PACKAGE = join(import.meta.dirname, "../packages/micropip-guard");
/** What each file is made of. Loaders take a module for one where its name ends in `.mjs`. */
const ENTRIES = {
  "micropip-guard.min.js": "src/index.ts",
  "micropip-guard-drop-in.mjs": "src/drop-in/module.ts",
} as const;

/** Puts the trust root in its place that has only what is of use to a guard. */
const SLIM_TRUST_ROOT: Plugin = {
  name: "slim-trust-root",
  setup: (bundling) => {
    bundling.onLoad({ filter: /[\\/]generated[\\/]trusted-root\.ts$/ }, () => {
      const text = JSON.stringify(slimTrustRoot(TRUSTED_ROOT_JSON));
      return { contents: `export const TRUSTED_ROOT_JSON = ${text};` };
    });
  },
};

/** Names of the files that {@link buildGuard} makes. */
export type GuardFilename = keyof typeof ENTRIES;

/**
 * Bundles one of the files, without writing it.
 *
 * @throws where a source needs something that browsers lack, such as `node:fs`
 */
export async function buildGuard(filename: GuardFilename): Promise<GuardFile> {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(PACKAGE, ENTRIES[filename])],
    outfile: join(PACKAGE, "dist", filename),
    bundle: true,
    conditions: ["pubpin-source"],
    format: "esm",
    legalComments: "none",
    logLevel: "silent",
    metafile: true,
    minify: true,
    platform: "browser",
    plugins: [SLIM_TRUST_ROOT],
    sourcemap: "linked",
    target: "es2023",
    write: false,
  });
  const textOf = (end: string): string =>
    outputFiles.find(({ path }) => path.endsWith(end))?.text ?? "";
  const code = textOf(filename);
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  return {
    filename,
    code,
    sourceMap: textOf(".map"),
    gzipBytes: gzipSync(code, { level: 9 }).length,
    imports: imports.map(({ path }) => path),
    integrity: `sha384-${createHash("sha384").update(code).digest("base64")}`,
  };
}

/** Builds all of them. */
export async function buildGuardFiles(): Promise<readonly GuardFile[]> {
  return Promise.all((Object.keys(ENTRIES) as GuardFilename[]).map(buildGuard));
}

if (import.meta.main) {
  const folder = join(PACKAGE, "dist");
  await mkdir(folder, { recursive: true });
  for (const { filename, code, sourceMap, gzipBytes, integrity } of await buildGuardFiles()) {
    await writeFile(join(folder, filename), code);
    await writeFile(join(folder, `${filename}.map`), sourceMap);
    console.log(`${filename}: ${gzipBytes} bytes gzipped, ${code.length} minified\n  ${integrity}`);
  }
}
