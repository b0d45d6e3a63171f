/** TOFU, STRICT and FILENAME in the environment, as pypi-verify-now reads them. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { locked, OCTO, OCTO_PIN, startSetting, wheel } from "./support/project.ts";

const { index, lock, newFolder, run } = await startSetting();
const one = wheel("one", "1", OCTO);
const plain = wheel("plain", "2");
for (const file of [one, plain]) index.addFile(file);

function project(pins?: string): string {
  const folder = newFolder();
  lock(folder, [
    { name: "one", version: "1.0", files: [locked(one)] },
    { name: "plain", version: "1.0", files: [locked(plain)] },
  ]);
  if (pins !== undefined) writeFileSync(join(folder, ".provenance.txt"), pins);
  return folder;
}

const PIN = `one ${OCTO_PIN}\n`;

describe("TOFU=1", () => {
  test("makes pubpin verify pin what is new, and says so", async () => {
    const folder = project();
    const { exitCode, stdout, stderr } = await run(folder, ["verify"], { TOFU: "1" });
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`+ one  ${OCTO_PIN}`)]);
    expect(stderr).toContain("TOFU=1: pins what is new, as `pubpin tofu` does\n");
    expect((await run(folder, ["verify"])).exitCode).toBe(0);
  });

  test("has the forms of report that pinning has", async () => {
    const sarif = ["--format", "sarif", "verify"];
    const { exitCode, stdout, stderr } = await run(project(), sarif, { TOFU: "1" });
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("--format: verify with TOFU=1 has text and json, found sarif");
  });

  test.each(["true", "1", "yes"])("is refused under CI=%s, and nothing is written", async (CI) => {
    const folder = project();
    const { exitCode, stdout, stderr } = await run(folder, ["verify"], { TOFU: "1", CI });
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/USAGE_INVALID: TOFU=1 in the environment, and CI: .* `pubpin tofu`/);
    expect(existsSync(join(folder, ".provenance.txt"))).toBe(false);
  });

  test("is not needed for the command that says so, under CI or not", async () => {
    const { exitCode, stderr } = await run(project(), ["tofu"], { TOFU: "1", CI: "true" });
    expect(exitCode).toBe(0);
    expect(stderr).not.toContain("TOFU");
  });

  test.each(["true", "yes", "TRUE", "2"])("has no other spelling: not %s", async (TOFU) => {
    const folder = project(PIN);
    const { exitCode, stderr } = await run(folder, ["verify"], { TOFU });
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`TOFU=${TOFU} counts for nothing: only 1 switches it on`);
    expect(readFileSync(join(folder, ".provenance.txt"), "utf8")).toBe(PIN);
  });

  test.each(["0", ""])("is off with %j, without a word", async (TOFU) => {
    const { stderr } = await run(project(PIN), ["-q", "verify"], { TOFU, STRICT: TOFU });
    expect(stderr).toBe("");
  });
});

describe("STRICT=1", () => {
  test("makes pubpin verify strict, and says so", async () => {
    const { exitCode, stdout, stderr } = await run(project(PIN), ["verify"], { STRICT: "1" });
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining("UNSIGNED")]);
    expect(stderr).toContain("STRICT=1: strict, as with --strict");
  });

  test.each(["coverage", "explain plain", "tofu"])(
    "means nothing to %s of a lock file",
    async (command) => {
      const { exitCode, stderr } = await run(project(PIN), command.split(" "), { STRICT: "1" });
      expect(exitCode).toBe(0);
      expect(stderr).not.toContain("STRICT");
    },
  );
});

describe("FILENAME", () => {
  test("names the pins for pubpin verify, and says so", async () => {
    const folder = project();
    writeFileSync(join(folder, "pins.txt"), PIN);
    const { exitCode, stderr } = await run(folder, ["verify"], { FILENAME: "pins.txt" });
    expect(exitCode).toBe(0);
    expect(stderr).toContain("FILENAME=pins.txt: the pins, as with --file");
  });

  test("gives way to --file, and means nothing to other commands", async () => {
    const folder = project();
    writeFileSync(join(folder, "pins.txt"), PIN);
    const env = { FILENAME: "nowhere.txt" };
    const verify = await run(folder, ["--file", "pins.txt", "verify"], env);
    expect(verify.exitCode).toBe(0);
    expect(verify.stderr).not.toContain("FILENAME");
    expect((await run(folder, ["tofu"], env)).exitCode).toBe(0);
    expect(existsSync(join(folder, ".provenance.txt"))).toBe(true);
    expect(existsSync(join(folder, "nowhere.txt"))).toBe(false);
  });
});
