/** `pubpin pip install`: what may be installed, and what is installed already. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mintWheel } from "@pubpin/test-kit/node";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { addWheel } from "../../command/support/pip.ts";
import { OCTO, OCTO_PIN, startSetting } from "../../command/support/project.ts";
import { addSdist, type PipPlace, pipPlaces } from "./support/environments.ts";

/** Milliseconds: each test starts pip several times. */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

const { sigstore, index, newFolder } = await startSetting();
const places = await pipPlaces(newFolder, sigstore, index);
addWheel(index, "one", OCTO, ["two"]);
addWheel(index, "two", OCTO);
addWheel(index, "plain", null);

beforeEach((context) => {
  if ("missing" in places) context.skip(places.missing);
});

function newPlace(): PipPlace {
  if ("missing" in places) throw new Error(places.missing);
  return places();
}

describe("what is new", () => {
  test("is refused where nobody can be asked, pinned with --tofu, and then needs no option", async () => {
    const place = newPlace();
    const refused = await place.guarded(["install", "one"]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain(`+ one  ${OCTO_PIN}`);
    expect(refused.stderr).toContain("nobody to ask");
    expect([place.pins(), place.installed()]).toEqual([[], []]);

    const tofu = await place.guarded(["install", "--tofu", "one"]);
    expect(tofu).toMatchObject({ exitCode: 0 });
    expect(tofu.stdout).toContain("Successfully installed one-1.0 two-1.0");
    expect(place.pins()).toEqual([`one ${OCTO_PIN}`, `two ${OCTO_PIN}`]);

    const again = await place.guarded(["install", "one"]);
    expect(again).toMatchObject({ exitCode: 0 });
    expect(again.stdout).toContain("Requirement already satisfied: two");
    expect(again.stdout).not.toContain("Installing collected packages");
  });

  test("is installed unsigned, and not with --strict", async () => {
    const place = newPlace();
    expect(await place.guarded(["install", "plain"])).toMatchObject({ exitCode: 0 });
    if ("missing" in places) throw new Error(places.missing);
    const strict = places({ pubpin: ["--strict", "--index", index.simpleUrl] });
    const refused = await strict.guarded(["install", "plain"]);
    expect([refused.exitCode, strict.installed()]).toEqual([1, []]);
    expect(refused.stderr).toContain("UNSIGNED");
  });

  test("is only shown with --dry-run", async () => {
    const place = newPlace();
    const report = join(place.folder, "report.json");
    const dry = ["install", "--tofu", "--dry-run", "--report", report, "one"];
    const { exitCode, stdout } = await place.guarded(dry);
    expect([exitCode, place.pins(), place.installed()]).toEqual([0, [], []]);
    expect(stdout).toContain("Would install one-1.0 two-1.0");
    expect(readFileSync(report, "utf8")).toContain(`"${index.url}/files/`);
    expect(readFileSync(report, "utf8")).not.toContain("/file/http");
  });
});

describe("an sdist of the pinned publisher", () => {
  test("is built, with what it needs, through the guarding index", async () => {
    const place = newPlace();
    const marker = join(place.folder, "built");
    addWheel(index, "helper", OCTO);
    const sdist = { name: "sourced", publisher: OCTO, marker, requires: ["helper"] };
    addSdist(index, newFolder(), { ...sdist, imports: ["helper"] });
    expect(await place.guarded(["install", "--tofu", "sourced"])).toMatchObject({ exitCode: 0 });
    expect(place.installed()).toEqual(["sourced-1.0"]);
    expect(existsSync(marker)).toBe(true);
    expect(place.pins()).toEqual([`helper ${OCTO_PIN}`, `sourced ${OCTO_PIN}`]);
  });
});

describe("what is installed already", () => {
  test("is not taken for installed where it was not verified", async () => {
    const place = newPlace();
    expect((await place.plain(["install", "one"])).exitCode).toBe(0);
    appendFileSync(join(place.sitePackages, "two/__init__.py"), "evil = True\n");
    expect((await place.plain(["install", "one"])).stdout).toContain("already satisfied: two");

    const { exitCode, stderr } = await place.guarded(["install", "--tofu", "one"]);
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringContaining("installed already, and not verified: one, two: installing again"),
    ]);
    const text = readFileSync(join(place.sitePackages, "two/__init__.py"), "utf8");
    expect(text).not.toContain("evil");
  });

  test("is installed again where it was tampered with since", async () => {
    const place = newPlace();
    expect((await place.guarded(["install", "--tofu", "one"])).exitCode).toBe(0);
    const file = join(place.sitePackages, "two/__init__.py");
    appendFileSync(file, "evil = True\n");
    const { exitCode, stderr } = await place.guarded(["install", "one"]);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("not verified: two")]);
    expect(readFileSync(file, "utf8")).not.toContain("evil");
    expect((await place.guarded(["install", "one"])).stderr).not.toContain("not verified");
  });

  test("is refused where code lies in it that pip would leave there", async () => {
    const place = newPlace();
    expect((await place.guarded(["install", "--tofu", "one"])).exitCode).toBe(0);
    const stray = join(place.sitePackages, "two/extra.py");
    writeFileSync(stray, "");
    const { exitCode, stderr } = await place.guarded(["install", "one"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`INSTALLED_REFUSED: ${stray}`);
  });

  test("is not run where it would run code of nobody's by itself", async () => {
    const place = newPlace();
    const marker = join(newFolder(), "ran");
    const stray = join(place.sitePackages, "later.pth");
    writeFileSync(stray, `import os; open(${JSON.stringify(marker)}, "w")\n`);
    const { exitCode, stderr } = await place.guarded(["install", "--tofu", "one"]);
    expect([exitCode, existsSync(marker)]).toEqual([1, false]);
    expect(stderr).toContain(`INSTALLED_REFUSED: ${stray}`);
  });

  test("is judged anew where the pins changed", async () => {
    const place = newPlace();
    expect((await place.guarded(["install", "--tofu", "one"])).exitCode).toBe(0);
    const pins = join(place.folder, ".provenance.txt");
    writeFileSync(pins, readFileSync(pins, "utf8").replace(/^(two .*repository-id=)123/m, "$1124"));
    const { exitCode, stderr } = await place.guarded(["install", "one"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("REPOSITORY_REPLACED");
  });
});

describe("a project of one's own", () => {
  test("is installed with what it requires, by its folder", async () => {
    const place = newPlace();
    const project = join(place.folder, "project");
    mkdirSync(project);
    const source = newFolder();
    addSdist(index, source, { name: "mine", publisher: null, marker: join(source, "built") });
    index.removeFile("mine-1.0.tar.gz");
    for (const name of ["pyproject.toml", "backend.py"]) {
      writeFileSync(join(project, name), readFileSync(join(source, "mine-1.0", name)));
    }
    const { exitCode } = await place.guarded(["install", "--tofu", "./project", "two"]);
    expect([exitCode, place.installed()]).toEqual([0, ["mine-1.0", "two-1.0"]]);
  });

  test("is not one that lies elsewhere", async () => {
    const place = newPlace();
    const elsewhere = newFolder();
    writeFileSync(join(elsewhere, "pyproject.toml"), "");
    const { exitCode, stderr } = await place.guarded(["install", elsewhere]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("SOURCE_REFUSED")]);
  });
});

describe("a file at hand", () => {
  test("is installed exactly where a line says that its bytes are accepted", async () => {
    const place = newPlace();
    const { filename, bytes, sha256 } = mintWheel({ name: "handed", version: "1.0" });
    writeFileSync(join(place.folder, filename), bytes);
    const refused = await place.guarded(["install", `./${filename}`]);
    expect(refused.exitCode).toBe(1);
    const line = `#file:${filename}  sha256:${sha256}`;
    expect(refused.stderr).toContain(line);
    writeFileSync(join(place.folder, ".provenance.txt"), `${line}\n`);
    expect(await place.guarded(["install", `./${filename}`])).toMatchObject({ exitCode: 0 });
    expect(place.installed()).toEqual(["handed-1.0"]);
  });
});
