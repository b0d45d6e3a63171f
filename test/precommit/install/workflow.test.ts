/** The workflow of GitHub Actions, and the merge driver's settings. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { GitRepository } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { meaning } from "../../../packages/precommit/src/install/structured.ts";
import { setUpSetting, snapshot } from "./support/setup.ts";

const { repositoryWith, install, uninstall } = setUpSetting();
const WORKFLOW = ".github/workflows/pubpin.yml";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly on: unknown;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>>;
}

async function written(strict = false): Promise<{ text: string; workflow: Workflow }> {
  const repository = await repositoryWith({});
  await install(repository, "git", { workflow: true, strict });
  const text = readFileSync(join(repository.folder, WORKFLOW), "utf8");
  return { text, workflow: meaning(text, WORKFLOW) as unknown as Workflow };
}

function stepsOf({ jobs }: Workflow): readonly Step[] {
  return Object.values(jobs).flatMap(({ steps }) => steps);
}

describe("the workflow", () => {
  test("takes every action by its commit, with its version beside it", async () => {
    const { text, workflow } = await written();
    const actions = stepsOf(workflow).flatMap(({ uses }) => uses ?? []);
    expect(actions).toHaveLength(2);
    for (const action of actions) {
      expect(action).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
      expect(text).toMatch(new RegExp(`${action} # v\\d+\\.\\d+\\.\\d+\n`));
    }
  });

  test("has the whole history, and leaves no credentials behind", async () => {
    const { workflow } = await written();
    const checkout = stepsOf(workflow).find(
      ({ uses }) => uses?.startsWith("actions/checkout") === true,
    );
    expect(checkout?.with).toMatchObject({ "fetch-depth": 0, "persist-credentials": false });
  });

  test("installs pubpin before anything of the pull request is there, and runs no script of it", async () => {
    const { workflow } = await written();
    const steps = stepsOf(workflow);
    const checkout = steps.findIndex(({ uses }) => uses?.startsWith("actions/checkout") === true);
    const installs = steps.findIndex(({ run }) => run?.includes("npm install") === true);
    expect(installs).toBeGreaterThanOrEqual(0);
    expect(installs).toBeLessThan(checkout);
    expect(steps[installs]?.run).toMatch(
      /^npm install --global --ignore-scripts pubpin@\d+\.\d+\.\d+ pubpin-precommit@\d+\.\d+\.\d+$/,
    );
  });

  test("checks each commit, the whole as one change, and what the signatures say", async () => {
    const { workflow } = await written();
    const runs = stepsOf(workflow).flatMap(({ run }) => run ?? []);
    expect(runs.slice(1)).toEqual([
      'pubpin-precommit --format github --from-ref "$BASE" --to-ref "$HEAD"',
      'pubpin-precommit --format github --tip --from-ref "$BASE" --to-ref "$HEAD"',
      "pubpin --format github verify --recorded",
    ]);
  });

  test("is strict where that was asked for", async () => {
    const { workflow } = await written(true);
    const runs = stepsOf(workflow).flatMap(({ run }) => run ?? []);
    expect(runs.slice(1).every((run) => run.includes(" --strict "))).toBe(true);
  });

  test("is strict where the repository's configuration is", async () => {
    const repository = await repositoryWith({ "pyproject.toml": "[tool.pubpin]\nstrict = true\n" });
    const { shown } = await install(repository, "git", { workflow: true });
    expect(shown.match(/ --strict /g)).toHaveLength(3);
  });

  test("does not take the place of another one", async () => {
    const repository = await repositoryWith({ [WORKFLOW]: "name: other\n" });
    await expect(install(repository, "git", { workflow: true })).rejects.toMatchObject({
      code: "USAGE_INVALID",
      message: expect.stringContaining("found one that pubpin did not write"),
    });
  });

  test("leaves other workflows alone when it goes", async () => {
    const other = ".github/workflows/other.yml";
    const repository = await repositoryWith({ [other]: "name: other\n" });
    const before = snapshot(repository);
    await install(repository, "git", { workflow: true });
    await uninstall(repository);
    expect(snapshot(repository)).toEqual(before);
  });
});

describe("the merge driver", () => {
  async function driverOf(repository: GitRepository): Promise<string> {
    return (await repository.git("config", "--get", "merge.pubpin.driver")).stdout.trim();
  }

  test("is in Git's configuration, and the attributes say what it is for", async () => {
    const repository = await repositoryWith({ ".gitattributes": "*.png binary" });
    await repository.must("config", "merge.other.driver", "other");
    const before = snapshot(repository);
    const { shown } = await install(repository, "git", { mergeDriver: true });
    const driver = "pubpin-precommit merge-driver %O %A %B %P";
    expect(shown).toContain(`+ git config merge.pubpin.driver "${driver}"\n`);
    expect(await driverOf(repository)).toBe(driver);
    const attributes = await repository.must("check-attr", "merge", "a/.provenance.txt", "b.png");
    expect(attributes).toBe("a/.provenance.txt: merge: pubpin\nb.png: merge: unset");
    await uninstall(repository);
    expect(snapshot(repository)).toEqual(before);
  });

  test("takes the attributes as they are where they say it already", async () => {
    const repository = await repositoryWith({ ".gitattributes": ".provenance.txt merge=pubpin\n" });
    const { shown } = await install(repository, "git", { mergeDriver: true });
    expect(shown).not.toContain(".gitattributes");
  });

  test("is for the file that the repository's configuration names", async () => {
    const repository = await repositoryWith({
      "package.json": '{"pubpin":{"file":"our pins.txt"}}',
    });
    await install(repository, "git", { mergeDriver: true });
    const attributes = await repository.must("check-attr", "merge", "a/our pins.txt");
    expect(attributes).toBe("a/our pins.txt: merge: pubpin");
  });

  test("is the one of the repository's own program, and a newer one takes its place", async () => {
    const repository = await repositoryWith({});
    await install(repository, "git", { mergeDriver: true });
    repository.write({ "package.json": "{}" });
    const { shown } = await install(repository, "git", { mergeDriver: true });
    expect(shown).toContain('- git config merge.pubpin.driver "pubpin-precommit merge-driver');
    expect(await driverOf(repository)).toBe(
      "node_modules/.bin/pubpin-precommit merge-driver %O %A %B %P",
    );
    expect((await install(repository, "git", { mergeDriver: true })).shown).toBe("");
  });
});
