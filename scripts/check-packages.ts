/**
 * `npm run check:packages`: builds the public packages from nothing, packs them as for publishing,
 * and checks what came out as a stranger would get it.
 */
import { mkdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { npm, run } from "./run.ts";

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly workspaces?: readonly string[];
}

/** What `npm pack --json` says of a package. */
interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

const require = createRequire(import.meta.url);
const TYPESCRIPT = require.resolve("typescript/package.json");
const ATTW = require.resolve("@arethetypeswrong/cli/package.json");
const REPOSITORY = join(import.meta.dirname, "..");
const PACKED = join(REPOSITORY, ".cache/packages");
const REQUIRED_FILES = ["LICENSE", "package.json", "dist/index.js", "dist/index.d.ts"];
const FORBIDDEN_FILES = /tsbuildinfo$|\.test\./;

const folders = await publicPackages();
await build(folders);
await rm(PACKED, { recursive: true, force: true });
await mkdir(PACKED, { recursive: true });
const problems = (await Promise.all(folders.map(checkPackage))).flat();
console.log([...problems, `${folders.length} packages, ${problems.length} problems`].join("\n"));
process.exitCode = problems.length === 0 ? 0 : 1;

async function publicPackages(): Promise<readonly string[]> {
  const { workspaces = [] } = await manifestOf(".");
  const manifests = await Promise.all(workspaces.map(manifestOf));
  return workspaces.filter((_folder, index) => manifests[index]?.private !== true);
}

async function build(packages: readonly string[]): Promise<void> {
  for (const built of packages.flatMap((folder) => [
    `${folder}/dist`,
    `${folder}/tsconfig.tsbuildinfo`,
  ])) {
    await rm(join(REPOSITORY, built), { recursive: true, force: true });
  }
  const command = [commandOf(TYPESCRIPT, "tsc"), "-b", ...packages];
  const { exitCode } = await run(process.execPath, command, { cwd: REPOSITORY });
  if (exitCode !== 0) throw new Error("the packages do not compile");
}

async function checkPackage(folder: string): Promise<readonly string[]> {
  const { name } = await manifestOf(folder);
  const parameters = ["pack", "--json", "--workspace", folder, "--pack-destination", PACKED];
  const output = await npm(parameters, { cwd: REPOSITORY, quiet: true });
  const [packed] = JSON.parse(output) as readonly Packed[];
  if (packed === undefined) throw new Error(`${name}: npm pack made nothing`);
  const tarball = join(PACKED, packed.filename);
  const found = [
    ...wrongFiles(packed),
    ...(await lint(tarball)),
    ...(await typeProblems(tarball)),
    ...(await importProblems(name)),
  ];
  return found.map((problem) => `${name}: ${problem}`);
}

function wrongFiles({ files }: Packed): readonly string[] {
  const paths = files.map(({ path }) => path);
  const missing = REQUIRED_FILES.filter((path) => !paths.includes(path));
  const forbidden = paths.filter((path) => FORBIDDEN_FILES.test(path));
  return [
    ...missing.map((path) => `expected ${path} in the package`),
    ...forbidden.map((path) => `did not expect ${path} in the package`),
  ];
}

async function lint(tarball: string): Promise<readonly string[]> {
  const bytes = await readFile(tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: new Uint8Array(bytes).buffer },
    strict: true,
  });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

async function typeProblems(tarball: string): Promise<readonly string[]> {
  const attw = commandOf(ATTW, "attw");
  const parameters = [attw, tarball, "--profile", "esm-only", "--format", "ascii", "--no-emoji"];
  const { exitCode, stdout } = await run(process.execPath, parameters, { quiet: true });
  return exitCode === 0 ? [] : [`attw: ${stdout}`];
}

/** What happens where the built package is imported without this repository's own condition. */
async function importProblems(name: string): Promise<readonly string[]> {
  const parameters = ["--input-type=module", "--eval", `await import(${JSON.stringify(name)})`];
  const { exitCode } = await run(process.execPath, parameters, { cwd: REPOSITORY });
  return exitCode === 0 ? [] : ["the built package cannot be imported"];
}

async function manifestOf(folder: string): Promise<Manifest> {
  const text = await readFile(join(REPOSITORY, folder, "package.json"), "utf8");
  return JSON.parse(text) as Manifest;
}

/** The path of a command, which an installed package of this manifest brings. */
function commandOf(manifest: string, command: string): string {
  const { bin } = require(manifest) as { readonly bin: Readonly<Record<string, string>> };
  const path = bin[command];
  if (path === undefined) throw new Error(`${manifest}: expected the command ${command}`);
  return join(dirname(manifest), path);
}
