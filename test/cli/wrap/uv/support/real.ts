/** A real build backend with what it needs, for projects that real people write. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { REAL_FILES, type RealFile, realFiles } from "../../../../../scripts/wheels.ts";
import type { Distribution } from "./setting.ts";

const BACKEND: readonly RealFile[] = [
  wheel("editables", "0.5", "61e5ffa82629e0d8bfe09bc44a07db3c1ab8ed1ce78a6980732870f19b5e7d4c"),
  wheel("hatchling", "1.27.0", "d3a2f3567c4f926ea39849cdf924c7e99e6686c9c8e288ae1037c8fa2a5d937b"),
  wheel("pathspec", "0.12.1", "a0d503e138a4c123b27490a4f7beda6a01c6f288df0e4a8b79c7eb0dc7b4cc08"),
  wheel("pluggy", "1.5.0", "44e1ad92c8ca002de6377e165f3e0f1be63266ab4d554740532335b9d75ea669"),
  wheel(
    "trove_classifiers",
    "2025.1.15.22",
    "5f19c789d4f17f501d36c94dbbf969fb3e8c2784d008e6f5164dd2c3d6a2b07c",
  ),
  ...REAL_FILES.filter(({ requirement }) => requirement.startsWith("packaging=")),
];

/** hatchling and all that it needs; or why it is not there and what helps. */
export async function hatchling(): Promise<readonly Distribution[] | { readonly missing: string }> {
  const real = await realFiles(BACKEND);
  if ("missing" in real) return real;
  return Promise.all(
    BACKEND.map(async ({ filename }) => ({
      filename,
      bytes: new Uint8Array(await readFile(join(real.folder, filename))),
    })),
  );
}

function wheel(name: string, version: string, sha256: string): RealFile {
  const filename = `${name}-${version}-py3-none-any.whl`;
  return { filename, requirement: `${name}==${version}`, sha256 };
}
