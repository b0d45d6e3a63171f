/** Which indexes a command asks: the one that it is given, and those that a lock names. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonReport } from "@pubpin/shared";
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

describe("a file that only a further index has, of a project that the main one has too", () => {
  const HERE = wheel("both", "c", OCTO);
  const THERE = wheel("both", "d", OCTO);
  index.addFile(HERE);
  second.addFile(THERE);
  const hashOf = ({ content }: typeof HERE): string => content.sha256;
  const requirements =
    `--index-url ${index.simpleUrl}\n--extra-index-url ${second.simpleUrl}\n` +
    `both==1.0 --hash=sha256:${hashOf(THERE)}\n`;
  const pixi = `version: 6
environments:
  default:
    channels: []
    indexes:
    - ${index.simpleUrl}
    - ${second.simpleUrl}
    packages:
      linux-64:
      - pypi: https://files.example/${THERE.filename}
packages:
- pypi: https://files.example/${THERE.filename}
  name: both
  version: '1.0'
  sha256: ${hashOf(THERE)}
`;
  const project = (name: string, text: string, pins?: string): string => {
    const folder = newFolder();
    writeFileSync(join(folder, name), text);
    if (pins !== undefined) writeFileSync(join(folder, ".provenance.txt"), pins);
    return folder;
  };

  describe.each([
    ["requirements.txt", requirements],
    ["pixi.lock", pixi],
  ])("%s", (name, text) => {
    test("is refused on first use, with where it is, and nothing is pinned", async () => {
      const folder = project(name, text);
      const { exitCode, stdout } = await run(folder, ["tofu"]);
      expect([exitCode, stdout]).toEqual([1, expect.stringContaining("INDEX_CHANGED")]);
      const said = stdout.replaceAll(/\s+/g, " ");
      expect(said).toContain(
        `expected the index "${index.simpleUrl}", found "${second.simpleUrl}"`,
      );
      expect(said).toContain("has the project and not this file");
      expect(said).toContain("pubpin accept both");
      expect(said).not.toContain("the lock was altered");
      expect(existsSync(join(folder, ".provenance.txt"))).toBe(false);
    });

    test("passes once a person accepted the index for it", async () => {
      const folder = project(name, text);
      expect((await run(folder, ["accept", "both"])).exitCode).toBe(0);
      const accepted = readFileSync(join(folder, ".provenance.txt"), "utf8");
      expect(accepted).toMatch(new RegExp(`^#index:both +${second.simpleUrl}\n$`));
      expect((await run(folder, ["tofu"])).exitCode).toBe(0);
      expect((await run(folder, ["verify"])).exitCode).toBe(0);
    });

    test("is a change for a project that is pinned", async () => {
      const folder = project(name, text, `both  ${OCTO_PIN}\n`);
      const { exitCode, stdout } = await run(folder, ["--format", "json", "verify"]);
      expect(exitCode).toBe(1);
      expect(stdout).toMatch(/"code": "INDEX_CHANGED"[^]*"cause": "HASH_NOT_ON_INDEX"/);
    });

    test("is not decided on where that index does not answer", async () => {
      const folder = project(name, text, `both  ${OCTO_PIN}\n`);
      second.setFault({ part: "page", name: "both", fault: { kind: "status", status: 403 } });
      const { exitCode, stdout } = await run(folder, ["verify"]);
      second.clearFault("page", "both");
      expect([exitCode, stdout]).toEqual([3, expect.stringContaining("UNVERIFIABLE")]);
    });

    test("is refused as before where no index has it", async () => {
      const other = text.replaceAll(hashOf(THERE), "e".repeat(64));
      const folder = project(name, other, `both  ${OCTO_PIN}\n`);
      const { exitCode, stdout } = await run(folder, ["verify"]);
      expect([exitCode, stdout]).toEqual([1, expect.stringMatching(/HASH_(?:UNUSABLE|NOT_ON)/)]);
    });
  });

  test("is looked for there alone: files that the main one has are checked as ever", async () => {
    const both = `${requirements.trimEnd()} --hash=sha256:${hashOf(HERE)}\n`;
    const folder = project("requirements.txt", both, `both  ${OCTO_PIN}\n`);
    const { stdout } = await run(folder, ["--format", "json", "verify"]);
    const { reports } = JSON.parse(stdout) as JsonReport;
    expect(reports.flatMap(({ decisions }) => decisions.map(({ code }) => code))).toEqual(
      expect.arrayContaining(["PUBLISHER_MATCH", "INDEX_CHANGED"]),
    );
  });

  test("is looked for on the main one too, where the pins' default is the further one", async () => {
    const pins = `#index:*  ${second.simpleUrl}\nboth  ${OCTO_PIN}\n`;
    const text = requirements.replace(hashOf(THERE), hashOf(HERE));
    const { exitCode, stdout } = await run(project("requirements.txt", text, pins), ["verify"]);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining("INDEX_CHANGED")]);
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
