/** Bundles the verifier for browsers and says what it weighs: `npm run size`. */
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

/** A minified ES module for browsers. */
export interface Bundle {
  readonly code: string;
  readonly gzipBytes: number;
  /** What the module still imports: nothing, if it is whole. */
  readonly imports: readonly string[];
}

const REPOSITORY = join(import.meta.dirname, "..");
/** What a page needs that verifies with a trust root of its own. */
const CORE = ["PubpinError", "parseTrustedRoot", "verifyBundle", "verifyProvenance"];
const EMBEDDED = "embeddedTrustedRoot";

/**
 * Bundles the core of `@pubpin/shared`, with or without the embedded trust root.
 *
 * @throws where a source needs something that browsers lack, such as `node:fs`
 */
export async function buildCore(trustRoot: "with" | "without"): Promise<Bundle> {
  const names = trustRoot === "with" ? [...CORE, EMBEDDED] : CORE;
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `export { ${names.join(", ")} } from "@pubpin/shared";`,
      resolveDir: REPOSITORY,
    },
    bundle: true,
    conditions: ["pubpin-source"],
    format: "esm",
    legalComments: "none",
    logLevel: "silent",
    metafile: true,
    minify: true,
    platform: "browser",
    target: "es2023",
    write: false,
  });
  const code = outputFiles.map(({ text }) => text).join("");
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  return {
    code,
    gzipBytes: gzipSync(code, { level: 9 }).length,
    imports: imports.map(({ path }) => path),
  };
}

if (import.meta.main) {
  for (const trustRoot of ["without", "with"] as const) {
    const { code, gzipBytes } = await buildCore(trustRoot);
    const sizes = `${gzipBytes} bytes gzipped, ${code.length} minified`;
    console.log(`core ${trustRoot} the trust root: ${sizes}`);
  }
}
