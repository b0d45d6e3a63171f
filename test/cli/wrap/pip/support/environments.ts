/** Virtual environments with a real pip, and packages that it can build. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { devNull } from "node:os";
import { dirname, join } from "node:path";
import type { Publisher, VirtualSigstore } from "@pubpin/test-kit";
import type { LocalIndex } from "@pubpin/test-kit/node";
import { pythonTools } from "../../../../real/python.ts";
import { type Ended, pubpin } from "../../../command/support/command.ts";

/** A project of its own with an environment of its own. */
export interface PipPlace {
  /** Where pip runs. */
  readonly folder: string;
  readonly venv: string;
  readonly python: string;
  readonly sitePackages: string;
  /** The variables that both are run with. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs `pubpin pip`, with the test's trust root and index. */
  readonly guarded: (parameters: readonly string[], env?: NodeJS.ProcessEnv) => Promise<Ended>;
  /** Runs another command of pubpin. */
  readonly command: (parameters: readonly string[]) => Promise<Ended>;
  /** Runs pip as it is, with the index. */
  readonly plain: (parameters: readonly string[], env?: NodeJS.ProcessEnv) => Promise<Ended>;
  /** Installed distributions with their versions, pip and setuptools apart. */
  readonly installed: () => readonly string[];
  /** The lines of the pins, with one space between their tokens. */
  readonly pins: () => readonly string[];
}

/** Makes places, with the pip of this version. */
export type PipPlaces = (options?: { readonly pubpin?: readonly string[] }) => PipPlace;

const PIP_ITSELF = /^pip-/;
/** What a copy leaves out: pip's own modules are many, and the same for all. */
const LEFT = [
  "pip",
  "setuptools",
  "pkg_resources",
  "_distutils_hack",
  "distutils-precedence.pth",
  "setuptools-65.5.0.dist-info",
];

/** Makes them, or says what is missing. Copies of one environment are as good as new ones. */
export async function pipPlaces(
  newFolder: () => string,
  sigstore: VirtualSigstore,
  index: LocalIndex,
  version = "26.3",
): Promise<PipPlaces | { readonly missing: string }> {
  const tools = await pythonTools("pip", version);
  if ("missing" in tools) return tools;
  const root = join(newFolder(), "trusted_root.json");
  writeFileSync(root, await sigstore.trustedRootJson());
  const template = dirname(tools.programs);
  return ({ pubpin: options = ["--trusted-root", root, "--index", index.simpleUrl] } = {}) => {
    const folder = newFolder();
    mkdirSync(join(folder, ".git"));
    const venv = join(newFolder(), "venv");
    const sitePackages = copyEnvironment(template, venv);
    return placeIn({ folder, venv, sitePackages, home: newFolder(), options, index });
  };
}

interface PlaceParts {
  readonly folder: string;
  readonly venv: string;
  readonly sitePackages: string;
  readonly home: string;
  /** For pubpin. */
  readonly options: readonly string[];
  readonly index: LocalIndex;
}

function placeIn({ folder, venv, sitePackages, home, options, index }: PlaceParts): PipPlace {
  const python = join(venv, "bin", "python");
  const env = {
    HOME: home,
    PATH: `${join(venv, "bin")}:${process.env["PATH"] ?? ""}`,
    VIRTUAL_ENV: venv,
    PUBPIN_CACHE_DIR: join(home, "pubpin"),
  };
  return {
    folder,
    venv,
    python,
    sitePackages,
    env,
    guarded: (parameters, more = {}) =>
      pubpin(folder, [...options, "pip", ...parameters], { ...env, ...more }),
    command: (parameters) => pubpin(folder, [...options, ...parameters], env),
    plain: (parameters, more = {}) =>
      runPlain(python, folder, parameters, {
        ...env,
        PIP_DISABLE_PIP_VERSION_CHECK: "1",
        PIP_INDEX_URL: index.simpleUrl,
        PIP_CONFIG_FILE: devNull,
        PIP_CACHE_DIR: join(home, "pip"),
        ...more,
      }),
    installed: () =>
      readdirSync(sitePackages)
        .filter((name) => name.endsWith(".dist-info") && !PIP_ITSELF.test(name))
        .map((name) => name.slice(0, -".dist-info".length))
        .toSorted(),
    pins: () => {
      const path = join(folder, ".provenance.txt");
      if (!existsSync(path)) return [];
      const lines = readFileSync(path, "utf8").trimEnd().split("\n");
      return lines.map((line) => line.replace(/ +/, " "));
    },
  };
}

/** Copies a virtual environment, and returns the copy's site-packages. */
function copyEnvironment(template: string, venv: string): string {
  const [lib = ""] = readdirSync(join(template, "lib"));
  const inLib = join("lib", lib, "site-packages");
  const left = new Set(LEFT.map((name) => join(template, inLib, name)));
  const filter = (path: string): boolean => !left.has(path);
  cpSync(template, venv, { recursive: true, verbatimSymlinks: true, filter });
  symlinkSync(join(template, inLib, "pip"), join(venv, inLib, "pip"));
  return join(venv, inLib);
}

async function runPlain(
  python: string,
  cwd: string,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<Ended> {
  const stdio = ["ignore", "pipe", "pipe"] as const;
  const child = spawn(python, ["-m", "pip", ...parameters], { cwd, env, stdio: [...stdio] });
  const texts = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk: Buffer) => void (texts.stdout += chunk.toString("utf8")));
  child.stderr?.on("data", (chunk: Buffer) => void (texts.stderr += chunk.toString("utf8")));
  const [exitCode] = (await once(child, "close")) as [number | null];
  return { exitCode, ...texts };
}

/** An sdist that builds itself, and writes a file when it is built. */
export interface SdistOptions {
  readonly name: string;
  readonly version?: string;
  readonly publisher: Publisher | null;
  /** Where code of it, or of what builds it, leaves word that it ran. */
  readonly marker: string;
  /** `build-system.requires`. */
  readonly requires?: readonly string[];
  /** Modules that the backend imports. */
  readonly imports?: readonly string[];
}

/** Adds an sdist to an index. */
export function addSdist(index: LocalIndex, folder: string, options: SdistOptions): string {
  const { name, version = "1.0", publisher, marker, requires = [], imports = [] } = options;
  const root = `${name}-${version}`;
  const source = join(folder, root);
  mkdirSync(source, { recursive: true });
  const list = requires.map((each) => JSON.stringify(each)).join(", ");
  writeFileSync(
    join(source, "pyproject.toml"),
    `[build-system]\nrequires = [${list}]\nbuild-backend = "backend"\nbackend-path = ["."]\n` +
      `[project]\nname = "${name}"\nversion = "${version}"\n`,
  );
  const metadata = `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`;
  writeFileSync(join(source, "PKG-INFO"), metadata);
  writeFileSync(join(source, "backend.py"), backend(options, metadata, version, marker, imports));
  const filename = `${root}.tar.gz`;
  execFileSync("tar", ["-czf", join(folder, filename), "-C", folder, root]);
  index.addFile({
    filename,
    content: readFileSync(join(folder, filename)),
    ...(publisher === null ? {} : { provenance: [{ publisher }] }),
  });
  return filename;
}

function backend(
  { name }: SdistOptions,
  metadata: string,
  version: string,
  marker: string,
  imports: readonly string[],
): string {
  return `import base64, hashlib, os, zipfile
${imports.map((each) => `import ${each}\n`).join("")}
open(${JSON.stringify(marker)}, "a").write("${name}\\n")
FOLDER = "${name}-${version}.dist-info"
FILES = {
    "${name}.py": "version = '${version}'\\n",
    FOLDER + "/METADATA": ${JSON.stringify(metadata)},
    FOLDER + "/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
}

def hashed(text):
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return "sha256=" + digest.rstrip("=") + "," + str(len(text))

def build_wheel(directory, config_settings=None, metadata_directory=None):
    filename = "${name}-${version}-py3-none-any.whl"
    with zipfile.ZipFile(os.path.join(directory, filename), "w") as wheel:
        for path, text in FILES.items():
            wheel.writestr(path, text)
        record = "".join(path + "," + hashed(text) + "\\n" for path, text in FILES.items())
        record += FOLDER + "/RECORD,,\\n"
        wheel.writestr(FOLDER + "/RECORD", record)
    return filename

def build_sdist(directory, config_settings=None):
    raise NotImplementedError
`;
}
