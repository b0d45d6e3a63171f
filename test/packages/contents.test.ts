/** The packages as they are packed: what is in them, and that it is the same each time. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageProblems } from "../../scripts/check-packages.ts";
import { type PackedPackage, releaseProblems } from "../../scripts/pack-packages.ts";
import { manifestOf, publicPackages } from "../../scripts/packages.ts";
import { readSizes, SIZES, weights } from "../../scripts/sizes.ts";
import { PATIENCE, packFor } from "./support/fresh-project.ts";

const PACKAGES = ["@pubpin/shared", "micropip-guard", "pubpin-precommit", "pubpin"];
/** What npm runs at the installation of a package. */
const INSTALL_SCRIPTS = new Set(["preinstall", "install", "postinstall", "prepare"]);
const PART = 0.01;

/** A bill of materials, as far as it is looked at here (CycloneDX 1.6). */
interface Bill {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** A source map (ECMA-426), as far as it is looked at here. */
interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
}

interface Component {
  readonly "bom-ref": string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

const folders: string[] = [];
let packed: readonly PackedPackage[] = [];

async function pack(name: string): Promise<readonly PackedPackage[]> {
  const made = await packFor(name);
  folders.push(made.folder);
  return made.packed;
}

beforeAll(async () => {
  packed = await pack("contents");
}, PATIENCE);

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function packageOf(name: string): PackedPackage {
  const found = packed.find(({ manifest }) => manifest.name === name);
  if (found === undefined) throw new Error(`${name} was not packed`);
  return found;
}

/** The text of a file of a packed package. */
function textOf({ tarball }: PackedPackage, file: string): string {
  return execFileSync("tar", ["-xzOf", tarball, `package/${file}`]).toString("utf8");
}

test("the four packages are packed, each after those that it needs", () => {
  expect(packed.map(({ manifest }) => manifest.name)).toEqual(PACKAGES);
});

test("packing again gives the same bytes", { timeout: PATIENCE }, async () => {
  const again = await pack("again");
  expect(again.map(({ sha256 }) => sha256)).toEqual(packed.map(({ sha256 }) => sha256));
  const [one = "", other = ""] = folders.map((folder) => {
    return readFileSync(join(folder, "SHA256SUMS"), "utf8");
  });
  expect(other).toBe(one);
  expect(one.split("\n")).toHaveLength(PACKAGES.length + 1);
});

test("times, owners and modes of this machine are in no package", () => {
  for (const { tarball } of packed) {
    const listed = execFileSync("tar", [
      "--numeric-owner",
      "--utc",
      "--full-time",
      "-tvzf",
      tarball,
    ]);
    const lines = listed.toString("utf8").trimEnd().split("\n");
    const kinds = new Set(lines.map((line) => line.split(/\s+/).slice(0, 2).join(" ")));
    expect([...kinds].every((kind) => /^-rw[x-]r-[x-]r-[x-] 0\/0$/.test(kind))).toBe(true);
    expect(new Set(lines.map((line) => line.split(/\s+/)[3]))).toEqual(new Set(["1985-10-26"]));
  }
});

describe.each(PACKAGES)("%s", (name) => {
  test("is what publint and attw have nothing against", { timeout: PATIENCE }, async () => {
    expect(await packageProblems(packageOf(name))).toEqual([]);
  });

  test("has its licence, its page, its sources and what is built from them, and no tests", () => {
    const { files } = packageOf(name);
    expect(files).toEqual(
      expect.arrayContaining(["LICENSE", "README.md", "package.json", "sbom.cdx.json"]),
    );
    expect(files).toEqual(
      expect.arrayContaining(["dist/index.js", "dist/index.d.ts", "dist/index.js.map"]),
    );
    expect(files).toContain("src/index.ts");
    expect(files.filter((file) => /tsbuildinfo|\.test\.|tsconfig|\.DS_Store/.test(file))).toEqual(
      [],
    );
  });

  test("runs nothing when it is installed", () => {
    const { scripts = {} } = JSON.parse(textOf(packageOf(name), "package.json")) as {
      readonly scripts?: Readonly<Record<string, string>>;
    };
    expect(Object.keys(scripts).filter((each) => INSTALL_SCRIPTS.has(each))).toEqual([]);
  });

  test("leads nobody to its sources instead of what is built", () => {
    expect(textOf(packageOf(name), "package.json")).not.toContain("pubpin-source");
  });

  test("names the others by the one version that they were packed in", () => {
    const { manifest } = packageOf(name);
    for (const [other, version] of Object.entries(manifest.dependencies ?? {})) {
      if (PACKAGES.includes(other)) expect(version).toBe(manifest.version);
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });

  test("has source maps that lead to files that are there, or hold them", () => {
    const { files, folder, tarball } = packageOf(name);
    const unpacked = join(folders[0] ?? "", "unpacked", folder);
    mkdirSync(unpacked, { recursive: true });
    execFileSync("tar", ["-xzf", tarball, "--strip-components=1"], { cwd: unpacked });
    const maps = files.filter((file) => file.endsWith(".map"));
    expect(maps).toContain("dist/index.js.map");
    for (const map of maps) {
      const path = join(unpacked, map);
      const { sources, sourcesContent = [] } = JSON.parse(readFileSync(path, "utf8")) as SourceMap;
      const absent = sources.filter((source, index) => {
        return typeof sourcesContent[index] !== "string" && !existsSync(join(path, "..", source));
      });
      expect([map, absent]).toEqual([map, []]);
    }
  });

  test("has a bill of materials of exactly what it installs", () => {
    const bill = JSON.parse(textOf(packageOf(name), "sbom.cdx.json")) as Bill;
    const { manifest, tarball } = packageOf(name);
    expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6" });
    expect(bill.serialNumber).toMatch(/^urn:uuid:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(bill.metadata.component.purl).toBe(
      `pkg:npm/${manifest.name.replace("@", "%40")}@${manifest.version}`,
    );
    const needed = bill.components.map(fullName);
    expect(needed).toEqual(expect.arrayContaining(Object.keys(manifest.dependencies ?? {})));
    for (const component of bill.components) {
      const isOurs = PACKAGES.includes(fullName(component));
      expect(component.hashes?.[0]?.content ?? "").toMatch(isOurs ? /^$/ : /^[\da-f]{128}$/);
    }
    const references = [bill.metadata.component, ...bill.components].map((each) => each["bom-ref"]);
    expect(bill.dependencies.map(({ ref }) => ref).toSorted()).toEqual(references.toSorted());
    expect(references).toEqual(
      expect.arrayContaining(bill.dependencies.flatMap(({ dependsOn }) => dependsOn)),
    );
    const beside = tarball.replace(/\.tgz$/, ".cdx.json");
    expect(JSON.parse(readFileSync(beside, "utf8"))).toEqual(bill);
  });
});

function fullName({ group, name }: Component): string {
  return group === undefined ? name : `${group}/${name}`;
}

test("the hook's program and the guard's files are whole in themselves, licences included", () => {
  const program = textOf(packageOf("pubpin-precommit"), "dist/pubpin-precommit.js");
  expect(program.startsWith("#!/usr/bin/env node\n")).toBe(true);
  const imported = [...program.matchAll(/\b(?:from|import\()\s*"(?<from>[^"]+)"/g)];
  expect(imported.filter(({ groups }) => groups?.["from"]?.startsWith("node:") !== true)).toEqual(
    [],
  );
  for (const holder of ["Squirrel Chat", "Eemeli Aro"]) expect(program).toContain(holder);
  expect(packageOf("micropip-guard").files).toEqual(
    expect.arrayContaining([
      "dist/micropip-guard.min.js",
      "dist/micropip-guard.min.js.map",
      "dist/micropip-guard-drop-in.mjs",
      "dist/micropip-guard-drop-in.mjs.map",
    ]),
  );
});

test("docs/sizes.md is true; where it is not: npm run pack -- --sizes", async () => {
  const told = readSizes(readFileSync(SIZES, "utf8"));
  const real = await weights(packed);
  expect(told.map(({ what }) => what)).toEqual(real.map(({ what }) => what));
  const wrong = real.flatMap(({ what, bytes }, index) => {
    const said = told[index]?.bytes ?? 0;
    return Math.abs(said - bytes) <= bytes * PART ? [] : [`${what}: ${said} told, ${bytes} packed`];
  });
  expect(wrong).toEqual([]);
});

describe("a release", () => {
  test("is refused under a tag of another version, for every package", async () => {
    const problems = await releaseProblems("v99.0.0");
    for (const name of PACKAGES) {
      expect(problems).toContainEqual(
        expect.stringMatching(`^${name}: expected the version of v99.0.0, found `),
      );
    }
  });

  test("is refused as long as package.json has no address of the repository", async () => {
    const { repository } = await manifestOf(".");
    const [folder = ""] = await publicPackages();
    const { version } = await manifestOf(folder);
    const problems = await releaseProblems(`v${version}`);
    expect(problems).toEqual(
      repository === undefined ? [expect.stringContaining("expected the field repository")] : [],
    );
  });
});

test("nothing of packing stays behind", () => {
  for (const folder of folders) expect(readdirSync(folder)).not.toContain("stage");
});
