/** The commands of pip beside `install`, and what of a command line is understood. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { mintWheel, startLocalIndex } from "@pubpin/test-kit/node";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { SAMPLE_PIN, sampleFiles } from "../../../real/lockers.ts";
import { addWheel } from "../../command/support/pip.ts";
import { OCTO, OCTO_PIN, startSetting } from "../../command/support/project.ts";
import { addSdist, type PipPlace, pipPlaces } from "./support/environments.ts";

/** Milliseconds: each test starts pip several times. */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 60_000 });

const { sigstore, index, newFolder } = await startSetting();
const places = await pipPlaces(newFolder, sigstore, index);
addWheel(index, "one", OCTO, ["two"]);
addWheel(index, "two", OCTO);

beforeEach((context) => {
  if ("missing" in places) context.skip(places.missing);
});

function newPlace(options?: readonly string[]): PipPlace {
  if ("missing" in places) throw new Error(places.missing);
  return places(options === undefined ? {} : { pubpin: options });
}

describe("pip lock", () => {
  test("leaves a lock with the index's own addresses, recorded, that `pubpin verify` accepts", async () => {
    const place = newPlace();
    writeFileSync(join(place.folder, "requirements.txt"), `-i ${index.simpleUrl}\none\n`);
    const locked = await place.guarded(["lock", "--tofu", "-r", "requirements.txt"]);
    expect(locked).toMatchObject({ exitCode: 0, stdout: "" });
    const text = readFileSync(join(place.folder, "pylock.toml"), "utf8");
    expect(text.match(/^url = .*$/gm)).toEqual([
      expect.stringContaining(`"${index.url}/files/`),
      expect.stringContaining(`"${index.url}/files/`),
    ]);
    expect(place.pins()).toEqual([
      expect.stringMatching(/^#lock:pylock.toml v1-sha256:/),
      `one ${OCTO_PIN}`,
      `two ${OCTO_PIN}`,
    ]);
    expect(await place.command(["verify", "pylock.toml"])).toMatchObject({ exitCode: 0 });
    const piped = await place.guarded(["lock", "-o", "-", "one"]);
    expect(piped).toMatchObject({ exitCode: 0, stdout: text });
  });

  test("leaves what was there as it was where the new lock is refused", async () => {
    const place = newPlace();
    writeFileSync(join(place.folder, "pylock.toml"), "before\n");
    const { exitCode } = await place.guarded(["lock", "one"]);
    expect(exitCode).toBe(1);
    expect(readFileSync(join(place.folder, "pylock.toml"), "utf8")).toBe("before\n");
    expect(place.pins()).toEqual([]);
  });
});

describe("pip download and pip wheel", () => {
  test("leave files of pinned publishers", async () => {
    const place = newPlace();
    const marker = join(place.folder, "built");
    addSdist(index, newFolder(), { name: "wheely", publisher: OCTO, marker });
    const download = ["download", "--tofu", "-d", "files", "one", "wheely"];
    expect(await place.guarded(download)).toMatchObject({ exitCode: 0 });
    expect(readdirSync(join(place.folder, "files")).toSorted()).toEqual([
      "one-1.0-py3-none-any.whl",
      "two-1.0-py3-none-any.whl",
      "wheely-1.0.tar.gz",
    ]);
    const wheel = ["wheel", "--wheel-dir=wheels", "wheely"];
    expect(await place.guarded(wheel)).toMatchObject({ exitCode: 0 });
    expect(readdirSync(join(place.folder, "wheels"))).toEqual(["wheely-1.0-py3-none-any.whl"]);
  });
});

describe("a command line", () => {
  test.each([
    [["uninstall", "one"], "expected one of install, download, wheel, lock"],
    [["install", "--no-such-option", "one"], "--no-such-option is not known"],
    [["install", "--index-u", "https://a.example", "one"], "--index-u is not known"],
    [["install", "--find-links", "wheels", "one"], "--find-links is refused"],
    [["install", "-f", "wheels", "one"], "-f is refused"],
    [["install", "--no-index", "one"], "--no-index is refused"],
    [["install", "--no-build-isolation", "one"], "--no-build-isolation is refused"],
    [["install", "--user", "one"], "--user is refused"],
    [["install", "--prefix", "here", "one"], "--prefix is refused"],
    [["install", "--use-feature=fast-deps", "one"], "--use-feature is refused"],
    [["download", "--target", "here", "one"], "--target is not known"],
  ])("is refused, and nothing is run: %j", async (parameters, message) => {
    const place = newPlace();
    const { exitCode, stderr } = await place.guarded(parameters);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });

  test.each([
    ["one @ https://a.example/one-1.0-py3-none-any.whl"],
    ["https://a.example/one-1.0-py3-none-any.whl"],
    ["git+https://a.example/one"],
  ])("is refused where it names an address: %s", async (requirement) => {
    const { exitCode, stderr } = await newPlace().guarded(["install", requirement]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("SOURCE_REFUSED")]);
  });

  test("is refused for settings of pip that open a way past, by their name", async () => {
    const place = newPlace();
    const links = await place.guarded(["install", "one"], { PIP_FIND_LINKS: "wheels" });
    expect([links.exitCode, links.stderr]).toEqual([
      2,
      expect.stringContaining("PIP_FIND_LINKS is set, and refused"),
    ]);
    const file = join(place.folder, "pip.conf");
    writeFileSync(file, "[install]\nfind-links = wheels\n");
    const conf = await place.guarded(["install", "one"], { PIP_CONFIG_FILE: file });
    expect([conf.exitCode, conf.stderr]).toEqual([
      2,
      expect.stringContaining("install.find-links"),
    ]);
    const isolated = ["install", "--isolated", "--tofu", "one"];
    const ignored = await place.guarded(isolated, { PIP_FIND_LINKS: "wheels" });
    expect(ignored).toMatchObject({ exitCode: 0 });
  });

  test("works in the environment of --python, and needs one", async () => {
    const place = newPlace();
    const env = { VIRTUAL_ENV: "", PATH: "/usr/bin:/bin" };
    const named = await place.guarded(["--python", place.venv, "install", "--tofu", "two"], env);
    expect(named).toMatchObject({ exitCode: 0 });
    expect(place.installed()).toEqual(["two-1.0"]);
    const nowhere = await place.guarded(["install", "--python", "./nowhere", "two"], env);
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([
      2,
      expect.stringContaining("ENVIRONMENT_UNUSABLE"),
    ]);
  });

  test("installs into --target what was verified, and takes pip's own exit code", async () => {
    const place = newPlace();
    const into = ["install", "--tofu", "--target", "there", "one"];
    expect(await place.guarded(into)).toMatchObject({ exitCode: 0 });
    expect(readdirSync(join(place.folder, "there"))).toContain("two-1.0.dist-info");
    const absent = await place.guarded(["install", "nowhere-to-be-found"]);
    expect(absent.exitCode).toBe(1);
    expect(absent.stderr).toContain("No matching distribution found");
  });
});

test("sampleproject 4.0.0 is installed by its real provenance, and any other bytes are not", async (context) => {
  const files = await sampleFiles();
  if ("missing" in files) return context.skip(files.missing);
  const real = await startLocalIndex({ files });
  onTestFinished(() => real.close());
  const place = newPlace(["--offline", "--index", real.simpleUrl]);
  const install = ["install", "--tofu", "sampleproject==4.0.0"];
  expect(await place.guarded(install)).toMatchObject({ exitCode: 0 });
  expect(place.installed()).toEqual(["peppercorn-0.6", "sampleproject-4.0.0"]);
  const pins = ["#unsigned:peppercorn seen", `sampleproject ${SAMPLE_PIN}`];
  expect(place.pins()).toEqual(pins);

  const swapped = mintWheel({ name: "sampleproject", version: "4.0.0" });
  const wheel = files.find(({ filename }) => filename === swapped.filename);
  real.addFile({ ...wheel, filename: swapped.filename, content: swapped.bytes });
  const other = newPlace(["--offline", "--index", real.simpleUrl]);
  const refused = await other.guarded(install);
  expect([refused.exitCode, other.installed()]).toEqual([1, []]);
});
