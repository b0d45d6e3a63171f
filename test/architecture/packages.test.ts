import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PACKAGES } from "./import-table.ts";

const REPOSITORY = join(import.meta.dirname, "../..");

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly type: string;
  readonly engines: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

async function read(path: string): Promise<string> {
  return readFile(join(REPOSITORY, path), "utf8");
}

async function manifestOf(folder: string): Promise<Manifest> {
  return JSON.parse(await read(join(folder, "package.json"))) as Manifest;
}

test("every folder of packages has a rule in the import table", async () => {
  const folders = (await readdir(join(REPOSITORY, "packages"))).map((name) => `packages/${name}`);
  expect(folders.toSorted()).toEqual(Object.keys(PACKAGES).toSorted());
});

describe.each(Object.keys(PACKAGES))("%s", async (folder) => {
  const manifest = await manifestOf(folder);
  const shared = await manifestOf("packages/shared");

  test("has the name that the import table knows", () => {
    expect(manifest.name).toBe(PACKAGES[folder]?.name);
  });

  test("is an ES module of the common version, licence and Node versions", async () => {
    const { engines } = await manifestOf(".");
    expect(manifest).toMatchObject({ type: "module", version: shared.version, engines });
    expect(manifest.license).toBe("Apache-2.0");
  });

  test("carries the repository's licence", async () => {
    expect(await read(join(folder, "LICENSE"))).toBe(await read("LICENSE"));
  });

  test("offers its source to this repository first, and to others what is built from it", () => {
    expect(Object.entries(manifest.exports["."] ?? {})).toEqual([
      ["pubpin-source", "./src/index.ts"],
      ["types", "./dist/index.d.ts"],
      ["default", "./dist/index.js"],
    ]);
  });
});
