/** The packed packages in fresh projects: as their users import them, type-check them and run them. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { createSigstore } from "@pubpin/test-kit";
import { type LocalIndex, mintWheel, startLocalIndex } from "@pubpin/test-kit/node";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { fetchNode, OTHER_NODES } from "../../scripts/fetch-package.ts";
import type { PackedPackage } from "../../scripts/pack-packages.ts";
import { commandOf, manifestOf } from "../../scripts/packages.ts";
import { OCTO, uvLock } from "../cli/command/support/project.ts";
import { run } from "../real/python.ts";
import {
  type FreshProject,
  freshProject,
  type Manager,
  managers,
  packFor,
  PATIENCE,
} from "./support/fresh-project.ts";

/** What each public entry offers, for one. */
const ENTRIES = {
  "@pubpin/shared": "verifyProvenance",
  "micropip-guard": "guardPyodide",
  "micropip-guard/node": "fileStore",
  "micropip-guard/micropip-guard.min.js": "guardPyodide",
  pubpin: "requireAgreement",
  "pubpin-precommit": "runHook",
} as const;
const TYPESCRIPT = createRequire(import.meta.url).resolve("typescript/package.json");
const NODE_TYPES = "24.19.2";

let packed: readonly PackedPackage[] = [];
let version = "";
const folders: string[] = [];

beforeAll(async () => {
  const made = await packFor("installed");
  ({ packed } = made);
  folders.push(made.folder);
  ({ version } = await manifestOf("packages/cli"));
}, PATIENCE);

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The versions of Node that are supported, this one first. */
const NODES = [process.versions.node, ...OTHER_NODES];

describe.each(["npm", "pnpm"])("installed by %s", { timeout: PATIENCE }, (name) => {
  let project: FreshProject = { missing: "" };

  beforeAll(async () => {
    const manager = (await managers())[name === "npm" ? 0 : 1] as
      | Manager
      | { readonly missing: string };
    if ("missing" in manager) project = manager;
    else project = await freshProject(manager, packed, { "@types/node": NODE_TYPES });
    if ("folder" in project) folders.push(project.folder);
  }, PATIENCE);

  beforeEach((context) => {
    if ("missing" in project) context.skip(project.missing);
  });

  function folder(): string {
    return "folder" in project ? project.folder : "";
  }

  /** The path of a version of Node, or the test ends here. */
  async function nodeOf(node: string, skip: (note: string) => never): Promise<string> {
    if (node === process.versions.node) return process.execPath;
    return (await fetchNode(node)) ?? skip(`Node ${node} cannot be fetched; npm run test:nodes`);
  }

  /** Runs a program of the project with a version of Node, as npx does. */
  function program(
    node: string,
    command: string,
    parameters: readonly string[],
    cwd: string = folder(),
  ): ReturnType<typeof run> {
    const path = [dirname(node), process.env["PATH"] ?? ""].join(delimiter);
    const env = { PATH: path, HOME: folder(), PUBPIN_CACHE_DIR: join(folder(), ".cache") };
    return run(join(folder(), "node_modules/.bin", command), parameters, { cwd, env });
  }

  describe.each(NODES)("under Node %s", (nodeVersion) => {
    let node = "";

    beforeEach(async (context) => {
      node = await nodeOf(nodeVersion, (note) => context.skip(note));
    });

    test("every entry can be imported, and offers what it should", async () => {
      const entries = JSON.stringify(ENTRIES);
      const script = `
        for (const [entry, name] of Object.entries(${entries})) {
          const module = await import(entry);
          if (typeof module[name] !== "function") throw new Error(entry + " has no " + name);
        }
        console.log(process.versions.node);`;
      const parameters = ["--input-type=module", "--eval", script];
      const { stdout } = await run(node, parameters, { cwd: folder() });
      expect(stdout.trim()).toBe(nodeVersion);
    });

    test("both programs say their version and their help", async () => {
      expect((await program(node, "pubpin", ["--version"])).stdout.trim()).toBe(version);
      expect((await program(node, "pubpin", ["--help"])).stdout).toContain("Usage: pubpin");
      const hook = await program(node, "pubpin-precommit", ["--version"]);
      expect(hook.stdout).toContain(version);
      expect((await program(node, "pubpin-precommit", ["--help"])).stdout).toContain("--from-ref");
    });

    test("pubpin pins a lock's publisher, verifies it, and blocks another", async () => {
      await pinsAndVerifies((...given) => program(node, "pubpin", given), folder(), nodeVersion);
    });
  });

  test("nothing that was installed has a script for it", () => {
    const lock = name === "npm" ? "node_modules/.package-lock.json" : "pnpm-lock.yaml";
    const text = readFileSync(join(folder(), lock), "utf8");
    expect(text).toContain("tuf-js");
    expect(text).not.toMatch(/hasInstallScript|requiresBuild/);
  });

  describe.each([
    ["nodenext", ["es2023", "es2024.collection"], ["node"]],
    ["bundler", ["es2023", "es2024.collection", "dom"], ["node"]],
  ])("types, with moduleResolution %s and skipLibCheck off", (resolution, lib, types) => {
    test(
      "are whole, also for what the pages of the packages show",
      { timeout: PATIENCE },
      async () => {
        const own = join(folder(), `types-${resolution}`);
        mkdirSync(own, { recursive: true });
        const examples = packed.flatMap(({ folder: each }) => examplesOf(each));
        expect(examples.length).toBeGreaterThan(0);
        const names = [...Object.keys(ENTRIES), "micropip-guard/micropip-guard-drop-in.mjs"];
        const imports = names.map((entry, index) => `export * as n${index} from "${entry}";\n`);
        for (const [index, text] of [imports.join(""), ...examples].entries()) {
          writeFileSync(join(own, `use-${index}.ts`), text);
        }
        const module = resolution === "nodenext" ? "nodenext" : "esnext";
        const compilerOptions = {
          target: "es2023",
          lib,
          types,
          module,
          moduleResolution: resolution,
          strict: true,
          exactOptionalPropertyTypes: true,
          skipLibCheck: false,
          noEmit: true,
        };
        writeFileSync(join(own, "tsconfig.json"), JSON.stringify({ compilerOptions }));
        await run(process.execPath, [commandOf(TYPESCRIPT, "tsc"), "-p", own], { cwd: own });
      },
    );
  });
});

/** The examples in TypeScript that a package's page has. */
function examplesOf(folder: string): readonly string[] {
  const page = readFileSync(join(import.meta.dirname, "../..", folder, "README.md"), "utf8");
  return [...page.matchAll(/^```ts\n(?<code>[^]*?)^```$/gm)].map(
    ({ groups }) => groups?.["code"] ?? "",
  );
}

/** The main job, with an index and a trust root of our own. */
async function pinsAndVerifies(
  pubpin: (...parameters: readonly string[]) => ReturnType<typeof run>,
  folder: string,
  name: string,
): Promise<void> {
  const sigstore = await createSigstore();
  const index: LocalIndex = await startLocalIndex({ sigstore });
  try {
    const project = join(folder, `project-${name}`);
    mkdirSync(project);
    const { filename, bytes, sha256 } = mintWheel({ name: "example", version: "1.0" });
    index.addFile({ filename, content: bytes, provenance: [{ publisher: OCTO }] });
    const files = [{ filename, hash: `sha256:${sha256}` }];
    const lock = join(project, "uv.lock");
    writeFileSync(lock, uvLock(index.simpleUrl, [{ name: "example", version: "1.0", files }]));
    const root = join(project, "trusted_root.json");
    writeFileSync(root, await sigstore.trustedRootJson());
    const options = ["--trusted-root", root, "--index", index.simpleUrl];
    await pubpin(...options, "tofu", lock);
    const pins = join(project, ".provenance.txt");
    expect(readFileSync(pins, "utf8")).toContain(
      "https://github.com/octo/example#repository-id=123",
    );
    const { stdout } = await pubpin(...options, "verify", lock);
    expect(stdout).toContain("1 package");
    writeFileSync(pins, readFileSync(pins, "utf8").replace("octo/example", "octo/other"));
    writeFileSync(pins, readFileSync(pins, "utf8").replace("repository-id=123", "repository-id=9"));
    await expect(pubpin(...options, "verify", lock)).rejects.toThrow(/PUBLISHER_CHANGED/);
  } finally {
    await index.close();
  }
}
