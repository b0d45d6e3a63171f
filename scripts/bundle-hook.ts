/** Makes one file of the hook, with all that it needs: `node scripts/bundle-hook.ts [FILE]`. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build, type Plugin } from "esbuild";

/** What became of it. */
export interface HookBundle {
  readonly bytes: number;
  /** What the file still imports: nothing but Node's own modules, if it is whole. */
  readonly imports: readonly string[];
}

const REPOSITORY = join(import.meta.dirname, "..");
const ENTRY = join(REPOSITORY, "packages/precommit/src/main.ts");
/** The build of YAML for Node is CommonJS and loads Node's modules by `require`, which a module has not. */
const YAML = "browser/index.js";
const OUTPUT = join(REPOSITORY, "packages/precommit/dist/pubpin-precommit.js");

/**
 * Bundles `pubpin-precommit` as an ES module. What the sources import lazily is evaluated lazily too,
 * so that a commit without a lock does not wait for the readers of locks.
 */
export async function bundleHook(
  outfile: string,
  plugins: readonly Plugin[] = [],
): Promise<HookBundle> {
  const yaml = dirname(createRequire(ENTRY).resolve("yaml/package.json"));
  // Unlike smol-toml's, its files do not say what its licence wants said.
  const licence = await readFile(join(yaml, "LICENSE"), "utf8");
  const { metafile } = await build({
    alias: { yaml: join(yaml, YAML) },
    entryPoints: [ENTRY],
    outfile,
    bundle: true,
    conditions: ["pubpin-source"],
    footer: { js: `/*! yaml:\n\n${licence}*/` },
    format: "esm",
    legalComments: "eof",
    logLevel: "silent",
    metafile: true,
    minifySyntax: true,
    minifyWhitespace: true,
    platform: "node",
    plugins: [...plugins],
    target: "node22",
  });
  const [output] = Object.values(metafile.outputs);
  return {
    bytes: output?.bytes ?? 0,
    imports: (output?.imports ?? []).map(({ path }) => path),
  };
}

if (import.meta.main) {
  const outfile = process.argv[2] ?? OUTPUT;
  const { bytes, imports } = await bundleHook(outfile);
  console.log(`${outfile}: ${bytes} bytes; imports ${imports.join(", ")}`);
}
