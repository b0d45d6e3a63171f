/** An index with signed packages, and projects whose locks name them. */
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSigstore, type GitHubPublisher } from "@pubpin/test-kit";
import { type LocalIndex, mintUvLock, mintWheel, startLocalIndex } from "@pubpin/test-kit/node";
import { finish, PUBPIN } from "./programs.ts";

/** What runs share. */
export interface Setting {
  readonly index: LocalIndex;
  /** A new folder, which is gone at the end. */
  readonly newFolder: () => string;
  /** The text of a uv.lock of these packages. */
  readonly lockOf: (names: readonly string[]) => string;
  /** The words that run the command with the trust root, and the index in the place of PyPI. */
  readonly pubpin: (...parameters: readonly string[]) => readonly string[];
  /** The same with PyPI in its place: the index is one that a lock names. */
  readonly plainPubpin: (...parameters: readonly string[]) => readonly string[];
  readonly close: () => Promise<void>;
}

/** Names of packages that are signed by {@link PUBLISHER}. */
export const NAMES: readonly string[] = Array.from(
  { length: 24 },
  (_none, index) => `package-${index}`,
);

const PUBLISHER: GitHubPublisher = {
  kind: "GitHub",
  repository: "octo/example",
  repositoryId: "123",
  ownerId: "456",
};
const EVERYBODY = 0o755;

/** Starts it. */
export async function startSetting(): Promise<Setting> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "pubpin-soak-")));
  chmodSync(root, EVERYBODY);
  const sigstore = await createSigstore();
  const wheels = NAMES.map((name) => mintWheel({ name, version: "1.0" }));
  const files = wheels.map(({ filename, bytes }) => {
    return { filename, content: bytes, provenance: [{ publisher: PUBLISHER }] };
  });
  const index = await startLocalIndex({ sigstore, files });
  const trustRoot = join(root, "trusted_root.json");
  writeFileSync(trustRoot, await sigstore.trustedRootJson());
  const plain = [...PUBPIN, "--trusted-root", trustRoot];
  const source = `{ registry = "${index.simpleUrl}" }`;
  return {
    index,
    newFolder: () => {
      const folder = mkdtempSync(join(root, "project-"));
      chmodSync(folder, EVERYBODY);
      return folder;
    },
    lockOf: (names) =>
      mintUvLock(
        names.map((name) => {
          const { filename, sha256 } = wheels[NAMES.indexOf(name)] ?? {};
          return { name, source, files: [{ filename: filename ?? "", sha256: sha256 ?? null }] };
        }),
      ),
    pubpin: (...parameters) => [...plain, "--index", index.simpleUrl, ...parameters],
    plainPubpin: (...parameters) => [...plain, ...parameters],
    close: async () => {
      await index.close();
      rmSync(root, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** The environment of a project: a home and a cache of its own, and no CI. */
export function environmentOf(folder: string): NodeJS.ProcessEnv {
  const home = join(folder, ".home");
  mkdirSync(home, { recursive: true });
  return { HOME: home, PUBPIN_CACHE_DIR: join(home, "cache") };
}

/** Runs the command where nothing may go wrong. @throws what it said */
export async function must(words: readonly string[], folder: string): Promise<void> {
  const options = { cwd: folder, env: environmentOf(folder) };
  const { exitCode, output } = await finish(words, options);
  if (exitCode !== 0) throw new Error(`${words.join(" ")}: ${exitCode}\n${output}`);
}
