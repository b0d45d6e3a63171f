/** Repositories in which the real command is at hand, with an index that has two versions of alpha. */
import { join } from "node:path";
import {
  type GitRepository,
  type LocalIndex,
  mintedFile,
  mintUvLock,
  type ProgramEnd,
  startLocalIndex,
} from "@pubpin/test-kit/node";
import { afterAll, beforeAll } from "vitest";

/** What the tests of a file share. */
export interface OnlineSetting {
  readonly index: () => LocalIndex;
  /** A lock of this version of alpha, which nobody signed. */
  readonly lockOf: (version: "1.0" | "2.0") => string;
  /** Puts the program `pubpin` where the environment of `online` finds it. */
  readonly giveCommand: (repository: GitRepository) => Promise<void>;
  /** Environment in which `pubpin` is this repository's command, and no CI. */
  readonly online: (repository: GitRepository) => NodeJS.ProcessEnv;
  /** Runs a line of shell there. */
  readonly shell: (repository: GitRepository, line: string) => Promise<ProgramEnd>;
}

const REPOSITORY = join(import.meta.dirname, "../../..");
const MAIN = join(REPOSITORY, "packages/cli/src/main.ts");
const VERSIONS = ["1.0", "2.0"];

function online({ folder }: GitRepository): NodeJS.ProcessEnv {
  return {
    CI: undefined,
    PATH: `${folder}/.git/bin:${process.env["PATH"] ?? ""}`,
    PUBPIN_CACHE_DIR: `${folder}/.git/cache`,
    NODE_COMPILE_CACHE: join(REPOSITORY, ".cache/compile"),
  };
}

/** Starts the index for the tests of a file, and ends it after them. */
export function onlineSetting(): OnlineSetting {
  let index: LocalIndex;
  beforeAll(async () => {
    const files = VERSIONS.map((version) => {
      const { filename, sha256 } = mintedFile("alpha", version);
      return { filename, project: "alpha", content: { sha256: sha256 ?? "", size: 1000 } };
    });
    index = await startLocalIndex({ files });
  });
  afterAll(async () => {
    await index.close();
  });
  return {
    index: () => index,
    lockOf: (version) => {
      const source = `{ registry = "${index.simpleUrl}" }`;
      return mintUvLock([
        { name: "alpha", version, source, files: [mintedFile("alpha", version)] },
      ]);
    },
    giveCommand: async (repository) => {
      const program = [process.execPath, "--conditions=pubpin-source", MAIN];
      const words = program.map((word) => `'${word}'`).join(" ");
      repository.write({ ".git/bin/pubpin": `#!/bin/sh\nexec ${words} "$@"\n` });
      await repository.run("chmod", ["+x", ".git/bin/pubpin"]);
    },
    online,
    shell: (repository, line) => repository.run("sh", ["-c", line], { env: online(repository) }),
  };
}
