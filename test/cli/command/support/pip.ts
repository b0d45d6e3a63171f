/** Packages that a real pip can lock, from indexes of our own. */
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import { delimiter, join } from "node:path";
import type { Publisher, VirtualSigstore } from "@pubpin/test-kit";
import { type LocalIndex, type MintedWheel, mintWheel } from "@pubpin/test-kit/node";
import { pythonTools } from "../../../real/python.ts";
import { type Ended, pubpin } from "./command.ts";

/** A folder to run the command in, with pip on PATH and none of the machine's settings. */
export interface PipProject {
  readonly folder: string;
  /** Where pip's temporary files go, and pubpin's. */
  readonly temporary: string;
  /** Runs the command with the index's trust root; there, the default index is the public one. */
  readonly run: (parameters: readonly string[], env?: NodeJS.ProcessEnv) => Promise<Ended>;
  /** The files of the folder, but for caches. */
  readonly files: () => readonly string[];
}

/** What is needed to make them. */
export interface PipProjects {
  readonly project: () => PipProject;
  /** The environment in which the command finds pip. */
  readonly env: NodeJS.ProcessEnv;
}

/** Makes them, or says what is missing. */
export async function pipProjects(
  newFolder: () => string,
  sigstore: VirtualSigstore,
): Promise<PipProjects | { readonly missing: string }> {
  const tools = await pythonTools("pip", "26.3");
  if ("missing" in tools) return tools;
  const root = join(newFolder(), "trusted_root.json");
  writeFileSync(root, await sigstore.trustedRootJson());
  const env = {
    HOME: newFolder(),
    PATH: `${tools.programs}${delimiter}${process.env["PATH"] ?? ""}`,
    PIP_CONFIG_FILE: devNull,
  };
  return {
    env,
    project: () => {
      const folder = newFolder();
      const temporary = newFolder();
      return {
        folder,
        temporary,
        run: (parameters, more = {}) =>
          pubpin(folder, ["--trusted-root", root, ...parameters], {
            ...env,
            TMPDIR: temporary,
            ...more,
          }),
        files: () => readdirSync(folder).filter((name) => name !== ".cache"),
      };
    },
  };
}

/** Puts a wheel of version 1.0 into an index. */
export function addWheel(
  index: LocalIndex,
  name: string,
  publisher: Publisher | null,
  requires: readonly string[] = [],
): MintedWheel {
  const wheel = mintWheel({ name, version: "1.0", requires });
  index.addFile({
    filename: wheel.filename,
    content: wheel.bytes,
    ...(publisher === null ? {} : { provenance: [{ publisher }] }),
  });
  return wheel;
}

/** A project that builds itself: its metadata needs nothing but Python. */
export function writeSourceProject(folder: string, requirement: string): void {
  const backend = `import os

def prepare_metadata_for_build_wheel(directory, config_settings=None):
    name = "app-0.1.dist-info"
    os.mkdir(os.path.join(directory, name))
    with open(os.path.join(directory, name, "METADATA"), "w") as f:
        f.write("Metadata-Version: 2.1\\nName: app\\nVersion: 0.1\\nRequires-Dist: ${requirement}\\n")
    return name

def build_wheel(directory, config_settings=None, metadata_directory=None):
    raise NotImplementedError

prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel
build_editable = build_wheel
`;
  mkdirSync(join(folder, "build-here"));
  writeFileSync(join(folder, "build-here/backend.py"), backend);
  writeFileSync(
    join(folder, "pyproject.toml"),
    `[build-system]
requires = []
build-backend = "backend"
backend-path = ["build-here"]

[dependency-groups]
build = ["${requirement}"]
`,
  );
}
