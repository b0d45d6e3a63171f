/** Projects with small locks, written by hand. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createSigstore,
  type GitHubPublisher,
  type Publisher,
  type VirtualSigstore,
} from "@pubpin/test-kit";
import { type LocalFile, type LocalIndex, startLocalIndex } from "@pubpin/test-kit/node";
import { afterAll } from "vitest";
import { type Ended, folders, pubpin } from "./command.ts";

/** What a lock says of a package. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** By default the index; else an inline table of TOML. */
  readonly source?: string;
  readonly files: readonly LockedFile[];
}

/** What a lock says of a file. */
export interface LockedFile {
  readonly filename: string;
  /** With its algorithm. */
  readonly hash: string;
}

/** An index with a trust root of its own, and folders for projects that use both. */
export interface Setting {
  readonly sigstore: VirtualSigstore;
  readonly index: LocalIndex;
  readonly newFolder: () => string;
  /** Writes a uv.lock. */
  readonly lock: (folder: string, packages: readonly LockedPackage[]) => void;
  /** Runs the command with the trust root and the index. */
  readonly run: (
    folder: string,
    parameters: readonly string[],
    env?: NodeJS.ProcessEnv,
  ) => Promise<Ended>;
}

/** The publisher of most files. */
export const OCTO: GitHubPublisher = {
  kind: "GitHub",
  repository: "octo/example",
  repositoryId: "123",
  ownerId: "456",
};
/** How a pin writes it. */
export const OCTO_PIN =
  "https://github.com/octo/example#repository-id=123&owner-id=456&workflow=release.yml";

/** Starts an index for the tests of a file. */
export async function startSetting(
  options: Parameters<typeof createSigstore>[0] = {},
): Promise<Setting> {
  const newFolder = folders();
  const sigstore = await createSigstore(options);
  const index = await startLocalIndex({ sigstore });
  afterAll(() => index.close());
  const root = join(newFolder(), "trusted_root.json");
  writeFileSync(root, await sigstore.trustedRootJson());
  return {
    sigstore,
    index,
    newFolder,
    lock: (folder, packages) => {
      writeFileSync(join(folder, "uv.lock"), uvLock(index.simpleUrl, packages));
    },
    run: (folder, parameters, env) =>
      pubpin(folder, ["--trusted-root", root, "--index", index.simpleUrl, ...parameters], env),
  };
}

/** A wheel that is only listed, with a digest that nobody computed. */
export function wheel(
  name: string,
  digit: string,
  publisher?: Publisher,
  version = "1.0",
): LocalFile & { readonly content: { readonly sha256: string; readonly size: number } } {
  return {
    filename: `${name.replaceAll("-", "_")}-${version}-py3-none-any.whl`,
    content: { sha256: digit.repeat(64), size: 1000 },
    project: name,
    ...(publisher === undefined ? {} : { provenance: [{ publisher }] }),
  };
}

/** How a lock writes a listed file. */
export function locked({ filename, content }: ReturnType<typeof wheel>): LockedFile {
  return { filename, hash: `sha256:${content.sha256}` };
}

/** A uv.lock of packages from an index. */
export function uvLock(indexUrl: string, packages: readonly LockedPackage[]): string {
  const parts = packages.map(({ name, version, source, files }) => {
    const from = source ?? `{ registry = "${indexUrl}" }`;
    const wheels = files.map(
      ({ filename, hash }) =>
        `    { url = "https://files.example/${filename}", hash = "${hash}", size = 1000 },\n`,
    );
    const list = wheels.length === 0 ? "" : `wheels = [\n${wheels.join("")}]\n`;
    return `\n[[package]]\nname = "${name}"\nversion = "${version}"\nsource = ${from}\n${list}`;
  });
  return `version = 1\nrevision = 3\nrequires-python = ">=3.10"\n${parts.join("")}`;
}
