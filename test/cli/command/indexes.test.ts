/** Which indexes a command asks: the one that it is given, and those that a lock names. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startLocalIndex } from "@pubpin/test-kit/node";
import { afterAll, describe, expect, test } from "vitest";
import { locked, OCTO, OCTO_PIN, startSetting, uvLock, wheel } from "./support/project.ts";

const SECRET = "s3cr3t";
const { index, lock, newFolder, run, sigstore } = await startSetting();
const SIGNED = wheel("signed", "1", OCTO);
const ELSEWHERE = wheel("elsewhere", "2", OCTO);
index.addFile(SIGNED);
const second = await startLocalIndex({ sigstore, files: [ELSEWHERE] });
const guarded = await startLocalIndex({
  sigstore,
  credentials: { user: "me", password: SECRET },
  files: [SIGNED],
});
afterAll(() => Promise.all([second.close(), guarded.close()]));
const HASHED = `signed==1.0 --hash=sha256:${"1".repeat(64)}\n`;
const ENTRY = { name: "signed", version: "1.0", files: [locked(SIGNED)] };

describe("the option --index", () => {
  test.each([
    ["is no URL", "nonsense"],
    ["is empty", ""],
    ["is of another scheme", `ftp://me:${SECRET}@x.example/simple`],
    ["has dot segments", `https://me:${SECRET}@x.example/a/../simple`],
    ["has a query", `https://x.example/simple?key=${SECRET}`],
  ])("is refused before anything is asked where it %s", async (_what, url) => {
    const folder = newFolder();
    lock(folder, [ENTRY]);
    for (const option of ["--index", "--provenance-index"]) {
      for (const command of ["verify", "tofu"]) {
        const { exitCode, stdout, stderr } = await run(folder, [option, url, command]);
        expect([exitCode, stdout]).toEqual([2, ""]);
        expect(stderr).toContain("INDEX_URL_INVALID");
        expect(stderr).not.toContain(SECRET);
      }
    }
    expect(existsSync(join(folder, ".provenance.txt"))).toBe(false);
  });

  test.each([
    ["requirements.txt", HASHED],
    ["requirements.txt", `--index-url ${guarded.simpleUrl}\n${HASHED}`],
    ["uv.lock", uvLock(guarded.simpleUrl, [ENTRY])],
  ])(
    "gives its user name and password to the index of %s, and shows them nowhere",
    async (...file) => {
      const folder = newFolder();
      writeFileSync(join(folder, file[0]), file[1]);
      const withLogin = guarded.simpleUrl.replace("//", `//me:${SECRET}@`);
      const ends = [
        await run(folder, ["--index", withLogin, "--format", "json", "verify"]),
        await run(folder, ["--index", withLogin, "tofu"]),
        await run(folder, ["--index", withLogin, "--verbose", "verify"]),
      ];
      expect(ends.map(({ exitCode }) => exitCode)).toEqual([1, 0, 0]);
      const pins = readFileSync(join(folder, ".provenance.txt"), "utf8");
      expect(pins).toContain(OCTO_PIN);
      expect(JSON.stringify(ends) + pins).not.toContain(SECRET);
    },
  );
});

describe("a further index of a lock", () => {
  const text =
    `--index-url ${index.simpleUrl}\n--extra-index-url ${second.simpleUrl}\n${HASHED}` +
    `elsewhere==1.0 --hash=sha256:${"2".repeat(64)}\n`;
  const project = (pins?: string): string => {
    const folder = newFolder();
    writeFileSync(join(folder, "requirements.txt"), text);
    if (pins !== undefined) writeFileSync(join(folder, ".provenance.txt"), pins);
    return folder;
  };

  test("is pinned on first use for a project that the main one does not have", async () => {
    const folder = project();
    const { exitCode } = await run(folder, ["tofu"]);
    const pins = readFileSync(join(folder, ".provenance.txt"), "utf8");
    expect([exitCode, pins]).toEqual([
      0,
      expect.stringMatching(new RegExp(`#index:elsewhere +${second.simpleUrl}\n`)),
    ]);
    expect(pins.match(/#index:/g)).toHaveLength(1);
    expect((await run(folder, ["verify"])).exitCode).toBe(0);
  });

  test("is a change for a project that is pinned, which a person may accept", async () => {
    const folder = project(`elsewhere  ${OCTO_PIN}\nsigned  ${OCTO_PIN}\n`);
    const changed = await run(folder, ["verify"]);
    expect([changed.exitCode, changed.stdout]).toEqual([
      1,
      expect.stringContaining("INDEX_CHANGED"),
    ]);
    const first = await run(folder, ["tofu"]);
    expect([first.exitCode, first.stdout]).toEqual([1, expect.stringContaining("INDEX_CHANGED")]);
    expect((await run(folder, ["accept", "elsewhere"])).exitCode).toBe(0);
    expect((await run(folder, ["verify"])).exitCode).toBe(0);
  });

  test("is not asked where the main one does not answer, or has the project", async () => {
    second.addFile(wheel("signed", "1", { ...OCTO, repository: "fork/example", ownerId: "7" }));
    const folder = project();
    index.setFault({ part: "page", name: "elsewhere", fault: { kind: "status", status: 403 } });
    const { exitCode, stdout } = await run(folder, ["--format", "json", "verify"]);
    index.clearFault("page", "elsewhere");
    second.removeFile(SIGNED.filename);
    expect(exitCode).toBe(1);
    expect(stdout).not.toContain("fork/example");
    expect(stdout).toContain('"UNVERIFIABLE"');
    expect(stdout).not.toContain('"INDEX_CHANGED"');
  });
});

describe("a lock that the pins record", () => {
  const folder = newFolder();
  const requirements = join(folder, "requirements.txt");

  test("does not drop out of the folder's locks with its hashes", async () => {
    lock(folder, [ENTRY]);
    writeFileSync(requirements, HASHED);
    expect((await run(folder, ["tofu"])).exitCode).toBe(0);
    writeFileSync(requirements, "signed==1.0\n");
    const { exitCode, stderr } = await run(folder, ["verify"]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("requirements.txt, line 1")]);
  });

  test("is missed where it is gone", async () => {
    rmSync(requirements);
    const { exitCode, stderr } = await run(folder, ["verify"]);
    expect([exitCode, stderr]).toEqual([
      0,
      expect.stringContaining("requirements.txt: recorded in the pins, and not there"),
    ]);
  });
});
