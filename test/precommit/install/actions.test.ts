/** The commands of the workflows, run as GitHub runs them: one shell for each step. */
import { chmodSync, mkdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import {
  createGitFolder,
  type GitFolder,
  type GitRepository,
  mintPins,
  mintUvLock,
  type ProgramEnd,
} from "@pubpin/test-kit/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { PUBPIN_VERSION } from "../../../packages/cli/src/node/version.ts";
import { meaning } from "../../../packages/precommit/src/install/structured.ts";
import { packHook } from "../../../scripts/pack-hook.ts";

const EXAMPLES = join(import.meta.dirname, "../../../examples");
const CHECK = "github-workflow/.github/workflows/pubpin.yml";
const RECORD = "dependabot/.github/workflows/pubpin-record.yml";
const LOCK = mintUvLock([{ name: "one" }]);
const NEWER = mintUvLock([{ name: "one", version: "2.0" }]);
const PINS = ".provenance.txt";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
}

interface Workflow {
  readonly on: unknown;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

let git: GitFolder;
let programs = "";
let pins = "";
let newerPins = "";

beforeAll(async () => {
  git = createGitFolder();
  programs = join(git.folder, "programs");
  await packHook(join(programs, "hook"));
  pins = await mintPins({ "uv.lock": LOCK });
  newerPins = await mintPins({ "uv.lock": NEWER }, { before: pins });
  const written = git.newFolder();
  written.write({
    "pins.txt": newerPins,
    "pubpin-precommit": `#!/bin/sh\nexec '${process.execPath}' '${programs}/hook/pubpin-precommit.js' "$@"\n`,
    // What trust on first use would write; the network has no part in this test.
    pubpin: `#!/bin/sh\necho "pubpin $*"\n[ "$1" != tofu ] || cp '${written.folder}/pins.txt' ${PINS}\n`,
  });
  programs = written.folder;
  for (const name of ["pubpin", "pubpin-precommit"]) chmodSync(join(programs, name), 0o755);
});

afterAll(() => {
  git.remove();
});

function textOf(example: string): string {
  return readFileSync(join(EXAMPLES, example), "utf8");
}

function workflowOf(example: string): Workflow {
  return meaning(textOf(example), example) as unknown as Workflow;
}

function stepsOf(example: string): readonly Step[] {
  return Object.values(workflowOf(example).jobs).flatMap(({ steps }) => steps);
}

/** A pull request of one commit to a branch that has a recorded lock. */
async function pullRequest(
  files: Readonly<Record<string, string>>,
): Promise<{ repository: GitRepository; env: NodeJS.ProcessEnv }> {
  const repository = await git.newRepository();
  const base = await repository.commitUnchecked({ "uv.lock": LOCK, [PINS]: pins });
  const head = await repository.commitUnchecked(files);
  await repository.must("checkout", "--quiet", "--detach", head);
  mkdirSync(join(repository.folder, ".git/actions"));
  const env = {
    PATH: [programs, process.env["PATH"] ?? ""].join(delimiter),
    BASE: base,
    HEAD: head,
    BRANCH: "update",
    GITHUB_OUTPUT: join(repository.folder, ".git/actions/output"),
    CI: "true",
  };
  return { repository, env };
}

async function runStep(
  { repository, env }: Awaited<ReturnType<typeof pullRequest>>,
  example: string,
  name: string,
): Promise<ProgramEnd> {
  const script = stepsOf(example).find((step) => step.name === name)?.run;
  if (script === undefined) throw new Error(`${example}: expected a step "${name}"`);
  return repository.run("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
    env,
  });
}

describe.each([CHECK, RECORD])("examples/%s", (example) => {
  test("takes actions by their commits, and the pubpin of this version", () => {
    const checked = stepsOf(CHECK).flatMap(({ uses }) => uses ?? []);
    expect(stepsOf(example).flatMap(({ uses }) => uses ?? [])).toEqual(checked);
    const install = stepsOf(example).find(({ run }) => run?.includes("npm install") === true);
    const version = PUBPIN_VERSION;
    expect(install?.run).toBe(
      `npm install --global --ignore-scripts pubpin@${version} pubpin-precommit@${version}`,
    );
  });

  test("may read and nothing else, on pull requests, and gives shells no text of theirs", () => {
    expect(workflowOf(example)).toMatchObject({
      on: { pull_request: null },
      permissions: { contents: "read" },
    });
    for (const { run } of stepsOf(example)) expect(run ?? "").not.toContain("${{");
  });
});

describe("the check", () => {
  const CHECKS = ["Check every commit", "Check the pull request as one change"];

  test.each(CHECKS)("accepts a lock with its line: %s", async (name) => {
    const request = await pullRequest({ "uv.lock": NEWER, [PINS]: newerPins });
    expect(await runStep(request, CHECK, name)).toMatchObject({ exitCode: 0 });
  });

  test.each(CHECKS)("refuses a lock without it, and annotates the lock: %s", async (name) => {
    const request = await pullRequest({ "uv.lock": NEWER });
    const { exitCode, stdout } = await runStep(request, CHECK, name);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^::error file=/m);
    expect(stdout).toContain("LOCK_DIGEST_MISMATCH");
  });

  test("judges the whole by the base branch's strictness, though a first commit took it away", async () => {
    const unsigned = mintUvLock([{ name: "one" }, { name: "two" }]);
    const strict = { "pyproject.toml": "[tool.pubpin]\nstrict = true\n" };
    const repository = await git.newRepository();
    const base = await repository.commitUnchecked({ ...strict, "uv.lock": LOCK, [PINS]: pins });
    await repository.commitUnchecked({ "pyproject.toml": "" });
    const unsignedPins = await mintPins(
      { "uv.lock": unsigned },
      { before: pins, line: "unsigned" },
    );
    const head = await repository.commitUnchecked({ "uv.lock": unsigned, [PINS]: unsignedPins });
    const request = await pullRequest({});
    const env = { ...request.env, BASE: base, HEAD: head };
    const ended = await runStep({ repository, env }, CHECK, CHECKS[1] ?? "");
    expect([ended.exitCode, ended.stdout]).toEqual([1, expect.stringContaining("UNSIGNED")]);
  });
});

describe("the recording for bots", () => {
  const RECORD_STEP = "Pin what is new, and record the locks";
  const AMEND_STEP = "Put the lines into Dependabot's commit";

  test("puts the lines into the bot's one commit, which the check then accepts", async () => {
    const request = await pullRequest({ "uv.lock": NEWER });
    const { repository, env } = request;
    expect(await runStep(request, RECORD, RECORD_STEP)).toMatchObject({ exitCode: 0 });
    expect(readFileSync(env["GITHUB_OUTPUT"] ?? "", "utf8")).toBe("changed=true\n");
    const amended = await runStep(request, RECORD, AMEND_STEP);
    expect(amended).toMatchObject({ exitCode: 0 });
    const count = await repository.must("rev-list", "--count", `${env["BASE"] ?? ""}..HEAD`);
    expect(count).toBe("1");
    expect(await repository.must("show", `HEAD:${PINS}`)).toBe(newerPins.trimEnd());
    const HEAD = await repository.must("rev-parse", "HEAD");
    const checked = await runStep(
      { repository, env: { ...env, HEAD } },
      CHECK,
      "Check every commit",
    );
    expect(checked).toMatchObject({ exitCode: 0 });
  });

  test("does nothing where all is recorded", async () => {
    const request = await pullRequest({ "uv.lock": NEWER, [PINS]: newerPins });
    expect(await runStep(request, RECORD, RECORD_STEP)).toMatchObject({ exitCode: 0 });
    expect(() => readFileSync(request.env["GITHUB_OUTPUT"] ?? "")).toThrow(/ENOENT/);
    const later = stepsOf(RECORD).filter(({ if: condition }) => condition !== undefined);
    expect(later.map((step) => step.if)).toEqual(
      later.map(() => "steps.record.outputs.changed == 'true'"),
    );
    expect(later).toHaveLength(2);
  });

  test("leaves a pull request alone that has commits of others", async () => {
    const request = await pullRequest({ "uv.lock": NEWER });
    await request.repository.commitUnchecked({ a: "a" });
    const HEAD = await request.repository.must("rev-parse", "HEAD");
    const several = { ...request, env: { ...request.env, HEAD } };
    await runStep(several, RECORD, RECORD_STEP);
    expect((await runStep(several, RECORD, AMEND_STEP)).exitCode).not.toBe(0);
    expect(await request.repository.must("rev-parse", "HEAD")).toBe(HEAD);
  });
});
