/** This repository's own workflows: what they run is fixed, and may do no more than it has to. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { meaning } from "../../packages/precommit/src/install/structured.ts";
import { run as runProgram } from "../real/python.ts";

const WORKFLOWS = join(import.meta.dirname, "../../.github/workflows");
const RELEASE = "release.yml";
/** An action of a repository by a commit, with its version in words. */
const PINNED = /^\s*- uses: [\w-]+\/[\w/-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/;

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly needs?: string;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly env?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

function textOf(name: string): string {
  return readFileSync(join(WORKFLOWS, name), "utf8");
}

function workflow(name: string): Workflow {
  return meaning(textOf(name), name) as unknown as Workflow;
}

function stepsOf(name: string): readonly Step[] {
  return Object.values(workflow(name).jobs).flatMap(({ steps }) => steps);
}

describe.each(readdirSync(WORKFLOWS))("%s", (name) => {
  test("takes every action by its commit, with the version beside it", () => {
    const lines = textOf(name)
      .split("\n")
      .filter((line) => line.includes("uses:"));
    expect(lines).toHaveLength(stepsOf(name).filter(({ uses }) => uses !== undefined).length);
    expect(lines.filter((line) => !PINNED.test(line))).toEqual([]);
  });

  test("may do nothing, but for what a job says", () => {
    expect(workflow(name).permissions).toEqual({});
    for (const job of Object.values(workflow(name).jobs)) {
      expect(["contents: read", "id-token: write"]).toContain(
        Object.entries(job.permissions ?? {})
          .map((each) => each.join(": "))
          .join(", "),
      );
      expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
    }
  });

  test("uses no secrets, no caches, no self-hosted machines, and no text of others in a shell", () => {
    const text = textOf(name);
    expect(text).not.toMatch(
      /secrets\.|actions\/cache|self-hosted|pull_request_target|workflow_run/,
    );
    for (const step of stepsOf(name)) {
      expect(step.run ?? "").not.toContain("${{");
      if (step.uses?.startsWith("actions/setup-node@") === true) {
        expect(step.with).toMatchObject({ "package-manager-cache": false });
        expect(step.with).not.toHaveProperty("cache");
      }
      if (step.uses?.startsWith("actions/checkout@") === true) {
        expect(step.with).toMatchObject({ "persist-credentials": false });
      }
    }
  });
});

describe("the release", () => {
  const { on, jobs } = workflow(RELEASE);
  const { pack, publish } = jobs;

  test("is of tags, packed in a job that cannot publish", () => {
    expect(on).toEqual({ push: { tags: ["v*"] } });
    expect(Object.keys(jobs)).toEqual(["pack", "publish"]);
    expect(pack?.permissions).toEqual({ contents: "read" });
    expect(pack?.steps.some(({ run }) => run?.includes("npm run pack -- --release") === true)).toBe(
      true,
    );
  });

  test("is published by a trusted publisher, with provenance, in an environment that waits for a person", () => {
    expect(publish).toMatchObject({ environment: "npm", needs: "pack" });
    expect(publish?.permissions).toEqual({ "id-token": "write" });
    const commands = (publish?.steps ?? []).map(({ run }) => run ?? "").join("\n");
    expect(commands.match(/npm publish/g)).toHaveLength(1);
    expect(commands).toContain('npm publish "./$file" --provenance');
    expect(textOf(RELEASE)).not.toMatch(/NODE_AUTH_TOKEN|_authToken/);
  });

  test("has nothing of this repository run where it is published, and compares digests first", () => {
    const uses = (publish?.steps ?? []).flatMap(({ uses: action }) => action?.split("@")[0] ?? []);
    expect(uses).toEqual(["actions/download-artifact", "actions/setup-node"]);
    const commands = (publish?.steps ?? []).flatMap(({ run }) => run ?? []);
    expect(commands.findIndex((run) => run.includes("sha256sum --check --strict"))).toBe(0);
    expect(commands.findIndex((run) => run.includes("npm publish"))).toBe(1);
    expect(commands.join("\n")).not.toMatch(/npm (?:ci|install|run)/);
  });
});

describe.runIf(process.platform === "linux")("the steps that publish", () => {
  const folder = mkdtempSync(join(tmpdir(), "pubpin-release-"));
  const published = join(folder, "published");
  const steps = workflow(RELEASE).jobs["publish"]?.steps.flatMap((each) => each.run ?? []) ?? [];
  const [compare = "", publish = ""] = steps;

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** A packed package; gives its line of SHA256SUMS. */
  function pack(name: string): string {
    mkdirSync(join(folder, "package"), { recursive: true });
    writeFileSync(join(folder, "package/package.json"), JSON.stringify({ name, version: "1.0.0" }));
    execFileSync("tar", ["-czf", `${name}.tgz`, "package"], { cwd: folder });
    const digest = createHash("sha256").update(readFileSync(join(folder, `${name}.tgz`)));
    return `${digest.digest("hex")}  ${name}.tgz`;
  }

  /** Runs a step as GitHub does, with an npm that has `old` already and takes all but `bad`. */
  function step(script: string, sums: readonly string[]): ReturnType<typeof runProgram> {
    const npm = `#!/bin/sh
if [ "$1" = view ]; then if [ "$2" = old@1.0.0 ]; then echo 1.0.0; fi; exit 0; fi
echo "$@" >> '${published}'
[ "$2" != ./bad.tgz ]
`;
    mkdirSync(join(folder, "programs"), { recursive: true });
    writeFileSync(join(folder, "programs/npm"), npm, { mode: 0o755 });
    const path = [join(folder, "programs"), process.env["PATH"] ?? ""].join(delimiter);
    const env = { PATH: path, SUMS: sums.join("\n") };
    rmSync(published, { force: true });
    return runProgram("bash", ["--noprofile", "--norc", "-e", "-c", script], { cwd: folder, env });
  }

  test("publish what is not there yet, in the order in which it was packed", async () => {
    await step(publish, [pack("shared"), pack("old"), pack("command")]);
    expect(readFileSync(published, "utf8").split("\n")).toEqual([
      "publish ./shared.tgz --provenance --access public --ignore-scripts",
      "publish ./command.tgz --provenance --access public --ignore-scripts",
      "",
    ]);
  });

  test("end where one cannot be published", async () => {
    await expect(step(publish, [pack("bad"), pack("command")])).rejects.toThrow(/Command failed/);
    expect(readFileSync(published, "utf8")).not.toContain("command");
  });

  test("refuse a package that is not the one that was packed", async () => {
    const sums = [pack("shared"), pack("command")];
    await step(compare, sums);
    appendFileSync(join(folder, "command.tgz"), "more");
    await expect(step(compare, sums)).rejects.toThrow(/command\.tgz: FAILED/);
  });
});
