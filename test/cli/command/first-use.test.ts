/** `pubpin tofu`: it adds and completes, and never replaces, removes or guesses. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Publisher } from "@pubpin/test-kit";
import { describe, expect, test } from "vitest";
import {
  type LockedPackage,
  locked,
  OCTO,
  OCTO_PIN,
  startSetting,
  wheel,
} from "./support/project.ts";

const { index, lock, newFolder, run } = await startSetting();
const OTHER: Publisher = { kind: "GitLab", repository: "group/other" };

const one = wheel("one", "1", OCTO);
const two = wheel("two", "2", OCTO);
const plain = wheel("plain", "3");
const wide = wheel("wide", "4", OCTO);
const narrow = { ...wheel("wide", "5"), filename: "wide-1.0-cp312-cp312-win_amd64.whl" };
const torn = wheel("torn", "6", OCTO);
const alsoTorn = {
  ...wheel("torn", "7", OTHER),
  filename: "torn-1.0-cp312-cp312-win_amd64.whl",
};
const forged = {
  ...wheel("forged", "8"),
  provenance: [
    {
      publisher: OCTO,
      attestations: [{ change: { signature: (bytes: Uint8Array) => bytes.with(20, 7) } }],
    },
  ],
};
const refused = wheel("refused", "9", OCTO);
for (const file of [one, two, plain, wide, narrow, torn, alsoTorn, forged, refused]) {
  index.addFile(file);
}
index.setFault({
  part: "provenance",
  name: refused.filename,
  fault: { kind: "status", status: 403 },
});

function entry(name: string, ...files: readonly (typeof one)[]): LockedPackage {
  return { name, version: "1.0", files: files.map(locked) };
}

const ONE = entry("one", one);
const PLAIN = entry("plain", plain);

function pinsAt(folder: string): string {
  return join(folder, ".provenance.txt");
}

function readPins(folder: string): readonly string[] {
  return readFileSync(pinsAt(folder), "utf8").trimEnd().split("\n");
}

/** The lines' two tokens. */
function tokens(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.trim().split(/\s+/).join(" "));
}

const INDEX_LINE = expect.stringMatching(/^#index:\* http:\/\/127\.0\.0\.1:/) as string;
const LOCK_LINE = expect.stringMatching(/^#lock:uv\.lock v1-sha256:[0-9a-f]{64}$/) as string;

describe("trust on first use", () => {
  test("pins publishers, notes what is unsigned, and says on stdout which lines it added", async () => {
    const folder = newFolder();
    lock(folder, [ONE, PLAIN]);
    const { exitCode, stdout, stderr } = await run(folder, ["tofu"]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(tokens(readPins(folder))).toEqual([
      LOCK_LINE,
      "#unsigned:plain seen",
      `one ${OCTO_PIN}`,
    ]);
    expect(stdout.trimEnd().split("\n")).toEqual(["+ #unsigned:plain  seen", `+ one  ${OCTO_PIN}`]);
    expect(stderr).toContain("review the new lines and commit them");
  });

  test("names the lock's index where it is not the default one, and then checks against it", async () => {
    const folder = newFolder();
    lock(folder, [ONE]);
    const elsewhere = ["--index", "https://default.example/simple"];
    expect((await run(folder, [...elsewhere, "tofu"])).exitCode).toBe(0);
    expect(tokens(readPins(folder))).toEqual([INDEX_LINE, LOCK_LINE, `one ${OCTO_PIN}`]);
    expect((await run(folder, [...elsewhere, "verify"])).exitCode).toBe(0);
  });

  test("keeps each byte of the lines that are there, in whatever order and form", async () => {
    const folder = newFolder();
    lock(folder, [ONE, PLAIN]);
    const before = [
      "zeta\thttps://github.com/z/zeta ",
      "# why we do this",
      "#note:why   because",
      "gone https://github.com/g/gone#repository-id=1&owner-id=2",
    ];
    writeFileSync(pinsAt(folder), before.map((line) => `${line}\n`).join(""));
    expect((await run(folder, ["tofu"])).exitCode).toBe(0);
    const after = readPins(folder);
    expect(after.filter((line) => before.includes(line)).toSorted()).toEqual(before.toSorted());
    expect(tokens(after.filter((line) => !before.includes(line)))).toEqual([
      LOCK_LINE,
      "#unsigned:plain seen",
      `one ${OCTO_PIN}`,
    ]);
  });

  test("changes nothing the second time", async () => {
    const folder = newFolder();
    lock(folder, [ONE, PLAIN]);
    expect((await run(folder, ["tofu"])).exitCode).toBe(0);
    const before = readFileSync(pinsAt(folder));
    const { exitCode, stdout, stderr } = await run(folder, ["tofu"]);
    expect([exitCode, stdout]).toEqual([0, ""]);
    expect(stderr).toContain("nothing to write");
    expect(stderr).not.toContain("written");
    expect(readFileSync(pinsAt(folder))).toEqual(before);
  });

  test("completes a pin without identifiers", async () => {
    const folder = newFolder();
    lock(folder, [ONE]);
    writeFileSync(pinsAt(folder), "one https://github.com/octo/example\n");
    expect((await run(folder, ["tofu"])).exitCode).toBe(0);
    expect(tokens(readPins(folder))).toContain(`one ${OCTO_PIN}`);
  });

  test("accepts the other files of a release that is attested in part by their bytes", async () => {
    const folder = newFolder();
    lock(folder, [entry("wide", wide, narrow)]);
    expect((await run(folder, ["tofu"])).exitCode).toBe(0);
    expect(tokens(readPins(folder))).toEqual([
      `#file:${narrow.filename} sha256:${narrow.content.sha256}`,
      LOCK_LINE,
      `wide ${OCTO_PIN}`,
    ]);
    expect((await run(folder, ["verify"])).exitCode).toBe(0);
  });

  test("never puts another publisher in the place of a pinned one", async () => {
    const folder = newFolder();
    lock(folder, [ONE, entry("two", two)]);
    const before = "one https://github.com/someone/else#repository-id=9&owner-id=8\n";
    writeFileSync(pinsAt(folder), before);
    const { exitCode, stdout } = await run(folder, ["tofu"]);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining("PUBLISHER_CHANGED")]);
    expect(readFileSync(pinsAt(folder), "utf8")).toBe(before);
  });

  test.each([
    ["one file does not verify", 1, entry("forged", forged), "ATTESTATION_INVALID"],
    ["one file cannot be verified", 3, entry("refused", refused), "UNVERIFIABLE"],
    ["one package has several publishers", 1, entry("torn", torn, alsoTorn), "PUBLISHER_UNPINNED"],
  ])("writes nothing at all where %s", async (_what, exit, bad, code) => {
    const folder = newFolder();
    lock(folder, [ONE, PLAIN, bad]);
    const { exitCode, stdout, stderr } = await run(folder, ["tofu"]);
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: exit });
    expect(stdout).toContain(code);
    expect(stderr).toContain("nothing was written");
    expect(existsSync(pinsAt(folder))).toBe(false);
    const before = `two ${OCTO_PIN}\n`;
    writeFileSync(pinsAt(folder), before);
    expect((await run(folder, ["tofu"])).exitCode).toBe(exit);
    expect(readFileSync(pinsAt(folder), "utf8")).toBe(before);
  });

  test("lists all publishers that it does not choose from", async () => {
    const folder = newFolder();
    lock(folder, [entry("torn", torn, alsoTorn)]);
    const { stderr } = await run(folder, ["tofu"]);
    expect(stderr).toMatch(/torn: attested by .*github\.com\/octo\/example/);
    expect(stderr).toMatch(/torn: attested by .*gitlab\.com\/group\/other/);
  });

  test("loses no line where two processes write to one file at once", async () => {
    const folder = newFolder();
    lock(folder, [ONE]);
    const requirements = `two==1.0 --hash=sha256:${two.content.sha256}\n`;
    writeFileSync(join(folder, "requirements.txt"), requirements);
    const ends = await Promise.all([
      run(folder, ["tofu", "uv.lock"]),
      run(folder, ["tofu", "requirements.txt"]),
    ]);
    expect(ends.map(({ exitCode, stderr }) => [exitCode, exitCode === 0 ? "" : stderr])).toEqual([
      [0, ""],
      [0, ""],
    ]);
    const lines = tokens(readPins(folder));
    expect(lines).toEqual([
      expect.stringMatching(/^#lock:requirements\.txt /),
      LOCK_LINE,
      `one ${OCTO_PIN}`,
      `two ${OCTO_PIN}`,
    ]);
  });
});
