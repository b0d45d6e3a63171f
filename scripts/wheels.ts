/**
 * Real distributions for tests, benchmarks and the demo: a table of files with their digests,
 * fetched by pip into the git-ignored cache. As a script it fetches all of them.
 */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { run } from "./run.ts";

/** A file of a project on the public index. */
export interface RealFile {
  readonly filename: string;
  /** What pip is asked for. */
  readonly requirement: string;
  readonly sha256: string;
}

/** Where the files are, each under its name; or why there are not, and what helps. */
export type RealFiles = { readonly folder: string } | { readonly missing: string };

const CACHE = join(import.meta.dirname, "../.cache");
const FOLDER = join(CACHE, "wheels");
const DOWNLOAD =
  "-m pip download --quiet --disable-pip-version-check --no-deps --ignore-requires-python".split(
    " ",
  );
const PYTHON = process.platform === "win32" ? "python" : "python3";

/** Every file of the table. sampleproject has real provenance in the data, peppercorn has none. */
export const REAL_FILES: readonly RealFile[] = [
  wheel("anyio", "4.8.0", "b5011f270ab5eb0abf13385f851315585cc37ef330dd88e27ec3d34d651fd47a"),
  wheel("certifi", "2025.1.31", "ca78db4565a652026a4db2bcdf68f2fb589ea80d0be70e03929ed730746b84fe"),
  wheel("click", "8.1.8", "63c132bbbed01578a06712a2d1f497bb62d9c1c0d329b7903a866228027263b2"),
  wheel("h11", "0.14.0", "e3fe4ac4b851c468cc8363d500db52c2ead036020723024a109d37346efaa761"),
  wheel("httpcore", "1.0.7", "a3fff8f43dc260d5bd363d9f9cf1830fa3a458b332856f34282de498ed420edd"),
  wheel("httpx", "0.28.1", "d909fcccc110f8c7faf814ca82a9a4d816bc5a6dbfea25d6591d6985b8ba59ad"),
  wheel("idna", "3.10", "946d195a0d259cbba61165e88e65941f16e9b36ea6ddb97f00452bae8b1287d3"),
  wheel("micropip", "0.9.0", "babcf68c1849e229aa887564bc5f2de50273c3212e73c9aff8e3e6e80f2b6a23"),
  wheel("micropip", "0.10.1", "126a501fecb40fc87f7edb67974a45f32db87e8ff3d932452aefbbcde27e53f5"),
  wheel("micropip", "0.11.0", "467568ffe26c3aa5b53bad7a4722ebd91b0427cfd664efbe1b571530ded4a84b"),
  wheel("micropip", "0.11.1", "768de165adb8e66906039d8fec4127a57f522dfdf8e6fbff877a4616941ecfd3"),
  wheel("packaging", "24.2", "09abb1bccd265c01f4a3aa3f7a7db064b36514d2cba19a2f694fe6150451a759"),
  wheel("peppercorn", "0.6", "46125cad688a9cf3b08e463bcb797891ee73ece93602a8ea6f14e40d1042d454"),
  wheel(
    "sampleproject",
    "4.0.0",
    "c23e447ea90d796d1e645c35c4b2de125040add12a845825546f91c93f391b6b",
  ),
  sdist(
    "sampleproject",
    "4.0.0",
    "0ace7980f82c5815ede4cd7bf9f6693684cec2ae47b9b7ade9add533b8627c6b",
  ),
  wheel(
    "six",
    "1.17.0",
    "4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274",
    "py2.py3",
  ),
  wheel("sniffio", "1.3.1", "2f6da418d1f1e0fddd844478f41680e794e6051915791a034ff65e5f100525a2"),
  wheel(
    "snowballstemmer",
    "2.2.0",
    "c8e1716e83cc398ae16824e5572ae04e0d9fc2c6b985fb0f900f5f0c96ecba1a",
    "py2.py3",
  ),
  wheel(
    "typing_extensions",
    "4.12.2",
    "04e5ca0351e0f3f85c6853954072df659d0d13fac324d0072316b67d7794700d",
  ),
];

/**
 * Makes sure that files of the table, by default all, are in the cache, with the bytes that the
 * table says. Pip takes them from whatever index it is set up for.
 */
export async function realFiles(wanted: readonly RealFile[] = REAL_FILES): Promise<RealFiles> {
  try {
    const absent = await absentFiles(wanted);
    if (absent.length > 0) await fetchFiles(absent);
    return { folder: FOLDER };
  } catch (error) {
    return {
      missing:
        `no real wheels in .cache/wheels (${(error as Error).message}); to fetch them with pip: ` +
        "node --conditions=pubpin-source scripts/wheels.ts",
    };
  }
}

function wheel(name: string, version: string, sha256: string, python = "py3"): RealFile {
  const filename = `${name}-${version}-${python}-none-any.whl`;
  return { filename, requirement: `${name}==${version}`, sha256 };
}

function sdist(name: string, version: string, sha256: string): RealFile {
  return { filename: `${name}-${version}.tar.gz`, requirement: `${name}==${version}`, sha256 };
}

async function absentFiles(wanted: readonly RealFile[]): Promise<readonly RealFile[]> {
  const present = await Promise.all(wanted.map(async (file) => digestOf(FOLDER, file)));
  return wanted.filter((file, index) => present[index] !== file.sha256);
}

async function digestOf(folder: string, { filename }: RealFile): Promise<string | null> {
  try {
    return createHash("sha256")
      .update(await readFile(join(folder, filename)))
      .digest("hex");
  } catch {
    return null;
  }
}

/** Each file appears under its name only once it is whole, so that others can fetch at once. */
async function fetchFiles(files: readonly RealFile[]): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const folder = await mkdtemp(join(CACHE, "wheels-"));
  try {
    for (const batch of oneOfEachProject(files)) {
      await download(folder, batch.filter(isWheel), ["--only-binary=:all:"]);
      await download(
        folder,
        batch.filter((file) => !isWheel(file)),
        ["--no-binary=:all:"],
      );
    }
    for (const file of files) {
      const found = await digestOf(folder, file);
      if (found !== file.sha256) {
        throw new Error(`${file.filename}: expected sha256 ${file.sha256}, found ${found}`);
      }
      await rename(join(folder, file.filename), join(FOLDER, file.filename));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Pip takes no two versions of one project at once. */
function oneOfEachProject(files: readonly RealFile[]): readonly (readonly RealFile[])[] {
  const batches: RealFile[][] = [];
  const taken = new Map<string, number>();
  for (const file of files) {
    const key = `${file.requirement.split("==", 1)[0]} ${isWheel(file)}`;
    const batch = taken.get(key) ?? 0;
    taken.set(key, batch + 1);
    (batches[batch] ??= []).push(file);
  }
  return batches;
}

function isWheel({ filename }: RealFile): boolean {
  return filename.endsWith(".whl");
}

async function download(
  folder: string,
  files: readonly RealFile[],
  kind: readonly string[],
): Promise<void> {
  if (files.length === 0) return;
  const requirements = files.map(({ requirement }) => requirement);
  const { exitCode, stdout } = await run(
    PYTHON,
    [...DOWNLOAD, "--dest", folder, ...kind, ...requirements],
    { quiet: true },
  );
  if (exitCode !== 0) throw new Error(`pip download: exit code ${exitCode} ${stdout.trim()}`);
}

if (process.argv[1] === import.meta.filename) {
  const found = await realFiles();
  console.log("folder" in found ? `${REAL_FILES.length} files in ${found.folder}` : found.missing);
  process.exitCode = "folder" in found ? 0 : 1;
}
