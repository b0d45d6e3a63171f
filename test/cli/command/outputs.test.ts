/** What goes to stdout: one document of the form that was asked for, and nothing beside it. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FORMATS } from "../../../packages/cli/src/render.ts";
import { describe, expect, test } from "vitest";
import { locked, OCTO, OCTO_PIN, startSetting, wheel } from "./support/project.ts";

const { sigstore, index, lock, newFolder, run } = await startSetting();
const signed = wheel("signed", "1", OCTO);
const plain = wheel("plain", "2");
const silent = wheel("silent", "3", OCTO);
for (const file of [signed, plain, silent]) index.addFile(file);
index.setFault({
  part: "provenance",
  name: silent.filename,
  fault: { kind: "status", status: 403 },
});

const SIGNED = { name: "signed", version: "1.0", files: [locked(signed)] };
const PLAIN = { name: "plain", version: "1.0", files: [locked(plain)] };
const SILENT = { name: "silent", version: "1.0", files: [locked(silent)] };
const STRANGER = "signed https://github.com/some/other#repository-id=7&owner-id=7\n";

function project(packages: Parameters<typeof lock>[1], pins?: string): string {
  const folder = newFolder();
  lock(folder, packages);
  if (pins !== undefined) writeFileSync(join(folder, ".provenance.txt"), pins);
  return folder;
}

async function json(folder: string, ...parameters: readonly string[]): Promise<unknown> {
  const { exitCode, stdout } = await run(folder, ["--format", "json", ...parameters]);
  return { ended: exitCode, document: JSON.parse(stdout) as unknown };
}

describe("pubpin tofu --format json", () => {
  test("says what was written", async () => {
    const folder = project([SIGNED, PLAIN]);
    expect(await json(folder, "tofu")).toEqual({
      ended: 0,
      document: {
        schema: "pubpin-change/1",
        exitCode: 0,
        files: [
          {
            path: ".provenance.txt",
            outcome: "written",
            added: [
              { key: "#lock:uv.lock", value: expect.stringMatching(/^v1-sha256:/) as string },
              { key: "#unsigned:plain", value: "seen" },
              { key: "signed", value: OCTO_PIN },
            ],
            removed: [],
          },
        ],
        reports: [],
      },
    });
    expect(await json(folder, "tofu")).toMatchObject({
      ended: 0,
      document: { files: [{ outcome: "unchanged", added: [], removed: [] }] },
    });
  });

  test("says in one document what was written for one project and refused for another", async () => {
    const folder = newFolder();
    for (const [part, locks] of [
      ["a", [PLAIN]],
      ["b", [SIGNED]],
      ["c", [SILENT]],
    ] as const) {
      mkdirSync(join(folder, part));
      lock(join(folder, part), locks);
      writeFileSync(join(folder, part, ".provenance.txt"), part === "b" ? STRANGER : "");
    }
    const locks = ["a/uv.lock", "b/uv.lock", "c/uv.lock"];
    expect(await json(folder, "tofu", ...locks)).toMatchObject({
      ended: 1,
      document: {
        exitCode: 1,
        files: [
          { path: "a/.provenance.txt", outcome: "written" },
          { path: "b/.provenance.txt", outcome: "refused", added: [], removed: [] },
          { path: "c/.provenance.txt", outcome: "refused", added: [], removed: [] },
        ],
        reports: [
          { subject: "b/uv.lock", decisions: [{ code: "PUBLISHER_CHANGED" }] },
          { subject: "c/uv.lock", decisions: [{ code: "UNVERIFIABLE" }] },
        ],
      },
    });
    expect(readFileSync(join(folder, "b/.provenance.txt"), "utf8")).toBe(STRANGER);
  });
});

describe("pubpin accept --format json", () => {
  test("says what was replaced", async () => {
    const folder = project([SIGNED], STRANGER);
    const [key, value] = STRANGER.trim().split(" ");
    expect(await json(folder, "accept", "signed")).toMatchObject({
      ended: 0,
      document: {
        schema: "pubpin-change/1",
        exitCode: 0,
        files: [
          {
            outcome: "written",
            added: [{ key: "signed", value: OCTO_PIN }],
            removed: [{ key, value }],
          },
        ],
      },
    });
  });

  test("says why there is nothing to accept", async () => {
    expect(await json(project([SILENT]), "accept", "silent")).toMatchObject({
      ended: 3,
      document: { exitCode: 3, files: [], reports: [{ decisions: [{ code: "UNVERIFIABLE" }] }] },
    });
  });
});

describe("pubpin coverage", () => {
  test("has counts and its own exit code in JSON, whatever the pins say", async () => {
    const folder = project([SIGNED, PLAIN], STRANGER);
    expect(await json(folder, "coverage")).toEqual({
      ended: 0,
      document: {
        schema: "pubpin-coverage/1",
        exitCode: 0,
        locks: [
          {
            subject: "uv.lock",
            packages: { attested: 1, total: 2 },
            files: { attested: 1, total: 2 },
            unverifiable: 0,
            publishers: [{ url: "https://github.com/octo/example", packages: 1 }],
          },
        ],
      },
    });
  });

  test("counts what could not be verified by itself, and then exits with 3", async () => {
    const folder = project([SIGNED, SILENT]);
    expect(await json(folder, "coverage")).toMatchObject({
      ended: 3,
      document: { exitCode: 3, locks: [{ files: { attested: 1, total: 2 }, unverifiable: 1 }] },
    });
    const { exitCode, stdout } = await run(folder, ["coverage"]);
    expect([exitCode, stdout]).toEqual([
      3,
      expect.stringContaining("1 of 2 files not verified") as string,
    ]);
  });
});

test("pubpin file verify has the publisher in JSON", async () => {
  const folder = newFolder();
  const bytes = new TextEncoder().encode("a wheel");
  const filename = "one-1.0-py3-none-any.whl";
  const sha256 = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
  const bundles = [{ publisher: OCTO }];
  writeFileSync(join(folder, filename), bytes);
  const provenance = await sigstore.provenance({ filename, sha256 }, { bundles });
  writeFileSync(join(folder, "p.json"), provenance.bytes);
  const against = ["--provenance", "p.json", "--repository", "https://github.com/octo/example"];
  expect(await json(folder, "file", "verify", filename, ...against)).toMatchObject({
    ended: 0,
    document: {
      schema: "pubpin-file/1",
      exitCode: 0,
      filename,
      sha256,
      publisher: { url: "https://github.com/octo/example", repositoryId: "123", ownerId: "456" },
    },
  });
});

describe("a form of report", () => {
  const ALL = ["text", "json", "sarif", "github", "html"];
  const TAKEN: Readonly<Record<string, readonly string[]>> = {
    verify: ALL,
    "explain signed": ALL,
    coverage: ["text", "json", "html"],
    tofu: ["text", "json"],
    "accept signed": ["text", "json"],
    diff: ["text", "json"],
  };

  test.each(Object.entries(TAKEN))(
    "of %s is one of its own, or refused",
    async (command, taken) => {
      expect(FORMATS).toEqual(ALL);
      const ends = await Promise.all(
        FORMATS.map(async (format) => {
          const folder = project([SIGNED], `signed ${OCTO_PIN}\n`);
          return run(folder, ["--format", format, ...command.split(" ")]);
        }),
      );
      const refused = FORMATS.filter((_format, at) =>
        (ends[at]?.stderr ?? "").includes("--format: "),
      );
      expect(refused).toEqual(ALL.filter((format) => !taken.includes(format)));
      for (const [at, format] of FORMATS.entries()) {
        if (refused.includes(format)) expect(ends[at]).toMatchObject({ exitCode: 2, stdout: "" });
      }
    },
  );
});

describe("colours", () => {
  const verify = async (parameters: readonly string[], env: NodeJS.ProcessEnv): Promise<string> => {
    const folder = project([SIGNED], STRANGER);
    return (await run(folder, [...parameters, "verify"], env)).stdout;
  };
  const ESCAPE = "\u001b[";

  test("are off where stdout is no terminal, and on where they are asked for", async () => {
    expect(await verify([], {})).not.toContain(ESCAPE);
    expect(await verify([], { FORCE_COLOR: "1" })).toContain(ESCAPE);
    expect(await verify(["--color", "always"], {})).toContain(ESCAPE);
  });

  test("obey NO_COLOR before FORCE_COLOR, and the option before both", async () => {
    expect(await verify([], { NO_COLOR: "1", FORCE_COLOR: "1" })).not.toContain(ESCAPE);
    expect(await verify(["--color", "never"], { FORCE_COLOR: "1" })).not.toContain(ESCAPE);
    expect(await verify(["--color", "always"], { NO_COLOR: "1" })).toContain(ESCAPE);
  });
});

describe("stderr", () => {
  test("has nothing for -q but what is wrong", async () => {
    const folder = project([SIGNED], `signed ${OCTO_PIN}\n`);
    expect((await run(folder, ["-q", "verify"])).stderr).toBe("");
    expect((await run(folder, ["verify"])).stderr).toContain("trust root: ");
  });
});

describe("the cache on disk", () => {
  test("gets nothing under --no-cache", async () => {
    const folder = project([SIGNED], `signed ${OCTO_PIN}\n`);
    const cache = join(folder, "cache");
    mkdirSync(cache);
    const env = { PUBPIN_CACHE_DIR: cache };
    expect((await run(folder, ["--no-cache", "verify"], env)).exitCode).toBe(0);
    expect(readdirSync(cache)).toEqual([]);
    expect((await run(folder, ["verify"], env)).exitCode).toBe(0);
    expect(readdirSync(cache)).not.toEqual([]);
  });
});
