/** The command on real attestations of every kind of publisher, from files that are only listed. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonReport } from "@pubpin/shared";
import { type LocalFile, startLocalIndex } from "@pubpin/test-kit/node";
import { afterAll, describe, expect, test } from "vitest";
import { type Ended, folders, pubpin } from "../cli/command/support/command.ts";
import { uvLock } from "../cli/command/support/project.ts";
import { sarifErrors } from "../shared/report/sarif-schema.ts";
import { describeWithData } from "../support/data.ts";
import { type RealObject, realObjects } from "./objects.ts";

const TRAIL = "https://github.com/trailofbits";
const IDS = "repository-id=772247423&owner-id=2314423";
const OLD_PIN = `${TRAIL}/pypi-attestation-models#${IDS}&workflow=release.yml`;
const NEW_PIN = `${TRAIL}/pypi-attestations#${IDS}&workflow=release.yml`;
const SAMPLE_PIN =
  "https://github.com/pypa/sampleproject#repository-id=14899596&owner-id=647025&workflow=release.yml";
const GOOGLE_PIN = "mailto:919436158236-compute@developer.gserviceaccount.com";

/** A project, a version of it, and what is pinned of its publisher. */
type Project = readonly [name: string, version: string, pin: string];

const PROJECTS: readonly Project[] = [
  [
    "gitlab-oidc-project",
    "0.0.3",
    "https://gitlab.com/facutuesca/gitlab-oidc-project#repository-id=55235664&owner-id=12885801&workflow=.gitlab-ci.yml",
  ],
  [
    "pep740-sampleproject",
    "1.0.0",
    "https://gitlab.com/pep740-example/sampleproject#repository-id=64895736&owner-id=98134409&workflow=.gitlab-ci.yml",
  ],
  ["pypi-attestation-models", "0.0.4a2", OLD_PIN],
  ["pypi-attestations", "0.0.19", NEW_PIN],
  ["sampleproject", "3.0.0", GOOGLE_PIN],
  ["sampleproject", "4.0.0", SAMPLE_PIN],
];

describeWithData("real attestations, through the command,", async () => {
  const newFolder = folders();
  const objects = (await realObjects()).filter(({ root }) => root === "production");
  // Of two documents for one file the later one is served, which has two attestations.
  const index = await startLocalIndex({ files: objects.map(listed) });
  afterAll(() => index.close());

  /** A folder with a uv.lock of projects, and pins. */
  function project(projects: readonly Project[], pins: readonly string[] = []): string {
    const folder = newFolder();
    const packages = projects.map(([name, version]) => {
      return { name, version, files: filesOf(objects, name, version) };
    });
    writeFileSync(join(folder, "uv.lock"), uvLock(index.simpleUrl, packages));
    if (pins.length > 0) writeFileSync(join(folder, ".provenance.txt"), `${pins.join("\n")}\n`);
    return folder;
  }

  /** The command with the trust root that came with it. */
  const command = (folder: string, ...parameters: readonly string[]): Promise<Ended> =>
    pubpin(folder, ["--offline", "--index", index.simpleUrl, ...parameters]);
  const codeWith = async (pin: string): Promise<unknown> => {
    const folder = project([projectOf("pypi-attestations")], [`pypi-attestations ${pin}`]);
    const { exitCode, stdout } = await command(folder, "--format", "json", "verify");
    const [report] = (JSON.parse(stdout) as JsonReport).reports;
    return [exitCode, report?.decisions.map(({ code }) => code)];
  };

  test.each(PROJECTS)("pin the publisher of %s %s", async (...one) => {
    const folder = project([one]);
    expect(await command(folder, "tofu")).toMatchObject({ exitCode: 0 });
    const [name, , pin] = one;
    expect(pinsOf(folder)).toEqual([expect.stringMatching(/^#lock:/), `${name} ${pin}`]);
    expect(await command(folder, "verify")).toMatchObject({ exitCode: 0 });
  });

  test("of two publishers leave the choice to a person", async () => {
    const folder = project(PROJECTS.filter(([name]) => name === "sampleproject"));
    const { exitCode, stderr } = await command(folder, "tofu");
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(GOOGLE_PIN)]);
    expect(stderr).toContain("`pubpin accept sampleproject --publisher URL` chooses one");
  });

  test("fail where a project went from one publisher to another", async () => {
    const folder = project([projectOf("sampleproject", "4.0.0")], [`sampleproject ${GOOGLE_PIN}`]);
    const { exitCode, stdout } = await command(folder, "verify");
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining("PUBLISHER_CHANGED")]);
  });

  describe("of a repository that was renamed,", () => {
    const folder = project([projectOf("pypi-attestations")], [`pypi-attestations ${OLD_PIN}`]);
    const file = "pypi_attestations-0.0.19.tar.gz";

    test("pass under the old name's pin, with a notice in words", async () => {
      const { exitCode, stdout } = await command(folder, "--verbose", "verify");
      expect(exitCode).toBe(0);
      expect(stdout).toContain("REPOSITORY_RENAMED");
      expect(stdout).toContain(`${TRAIL}/pypi-attestations`);
      expect(stdout).toContain(`${TRAIL}/pypi-attestation-models`);
    });

    test("pass in JSON, with both publishers", async () => {
      const { exitCode, stdout } = await command(folder, "--format", "json", "verify");
      const { reports } = JSON.parse(stdout) as JsonReport;
      expect(exitCode).toBe(0);
      expect(reports[0]?.decisions).toMatchObject([
        { filename: file, code: "REPOSITORY_RENAMED", verdict: "pass" },
      ]);
      expect(stdout).toContain(`${TRAIL}/pypi-attestation-models`);
    });

    test("are a note at their line of the lock in valid SARIF", async () => {
      const { exitCode, stdout } = await command(folder, "--format", "sarif", "verify");
      expect([exitCode, sarifErrors(stdout)]).toEqual([0, []]);
      const lines = readFileSync(join(folder, "uv.lock"), "utf8").split("\n");
      const line = lines.indexOf('name = "pypi-attestations"');
      const region = { startLine: line };
      const artifactLocation = { uri: "uv.lock" };
      expect(JSON.parse(stdout)).toMatchObject({
        runs: [
          {
            results: [
              {
                ruleId: "REPOSITORY_RENAMED",
                level: "note",
                locations: [{ physicalLocation: { region, artifactLocation } }],
              },
            ],
          },
        ],
      });
    });

    test.each([
      ["no numbers", OLD_PIN.replace(/#.*/, ""), "PUBLISHER_CHANGED"],
      ["another owner's number", OLD_PIN.replace("2314423", "1"), "REPOSITORY_TRANSFERRED"],
      ["another repository's number", OLD_PIN.replace("772247423", "1"), "PUBLISHER_CHANGED"],
      ["its name and another number", NEW_PIN.replace("772247423", "1"), "REPOSITORY_REPLACED"],
    ])("fail where the pin has %s", async (_what, pin, code) => {
      expect(await codeWith(pin)).toEqual([1, [code]]);
    });
  });
});

function listed({ distribution, sha256, bytes }: RealObject): LocalFile {
  return { filename: distribution, content: { sha256, size: 1 }, provenance: bytes };
}

function filesOf(
  objects: readonly RealObject[],
  name: string,
  version: string,
): readonly { readonly filename: string; readonly hash: string }[] {
  const stem = `${name.replaceAll("-", "_")}-${version}`;
  const files = objects.filter(({ file, distribution }) => {
    return distribution.startsWith(stem) && !file.includes("two-attestations");
  });
  return files.map(({ distribution: filename, sha256 }) => ({
    filename,
    hash: `sha256:${sha256}`,
  }));
}

function projectOf(name: string, version?: string): Project {
  const found = PROJECTS.find((each) => each[0] === name && each[1] === (version ?? each[1]));
  if (found === undefined) throw new Error(`expected a project ${name}`);
  return found;
}

function pinsOf(folder: string): readonly string[] {
  const text = readFileSync(join(folder, ".provenance.txt"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/ +/, " "));
}
