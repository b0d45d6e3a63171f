/** docs/sizes.md: what the published packages weigh. */
import { join } from "node:path";
import { buildCore } from "./build-core.ts";
import { buildGuardFiles } from "./build-guard.ts";
import type { PackedPackage } from "./pack-packages.ts";
import { REPOSITORY } from "./packages.ts";

/** A thing with what it weighs, in bytes. */
export interface Weight {
  readonly what: string;
  readonly bytes: number;
}

/** The page. */
export const SIZES: string = join(REPOSITORY, "docs/sizes.md");

const HEAD = `# Sizes

In bytes, within 1%; \`npm run pack -- --sizes\` writes this page, and a test compares it with what is
packed (\`test/packages/contents.test.ts\`).

`;

/** What packages and single files weigh, in the order of the page. */
export async function weights(packed: readonly PackedPackage[]): Promise<readonly Weight[]> {
  const single = [
    ...(await buildGuardFiles()).map(({ filename, gzipBytes }) => [filename, gzipBytes] as const),
    ["the verifier for pages, with the trust root", (await buildCore("with")).gzipBytes] as const,
    ["the verifier for pages, without", (await buildCore("without")).gzipBytes] as const,
  ];
  return [
    ...packed.flatMap(({ manifest: { name }, bytes, unpackedBytes }) => [
      { what: `\`${name}\`, packed`, bytes },
      { what: `\`${name}\`, unpacked, with sources and source maps`, bytes: unpackedBytes },
    ]),
    ...single.map(([name, bytes]) => ({ what: `${name}, minified and gzipped`, bytes })),
  ];
}

/** The page for packages. */
export async function sizesPage(packed: readonly PackedPackage[]): Promise<string> {
  const rows = (await weights(packed)).map(({ what, bytes }) => [what, String(bytes)] as const);
  const widths = [0, 1].map((column) =>
    Math.max(5, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const lines = [["what", "bytes"] as const, null, ...rows].map((row) =>
    row === null
      ? `| ${"-".repeat(widths[0] ?? 0)} | ${"-".repeat((widths[1] ?? 0) - 1)}: |`
      : `| ${row[0].padEnd(widths[0] ?? 0)} | ${row[1].padStart(widths[1] ?? 0)} |`,
  );
  return `${HEAD}${lines.join("\n")}\n`;
}

/** What a page says of each thing. */
export function readSizes(page: string): readonly Weight[] {
  const rows = [...page.matchAll(/^\| (?<what>.+?) +\| +(?<bytes>\d+) \|$/gm)];
  return rows.map(({ groups }) => ({
    what: groups?.["what"] ?? "",
    bytes: Number(groups?.["bytes"]),
  }));
}
