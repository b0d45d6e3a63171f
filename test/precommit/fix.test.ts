/** `--fix` has the real `pubpin tofu` record what is staged, from a package index. */
import { join } from "node:path";
import type { GitRepository, ProgramEnd } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { onlineSetting } from "./support/online.ts";
import { hookSetting, refusals } from "./support/setting.ts";
import { PINS, withoutLine } from "./support/states.ts";

const { newRepository, hook } = hookSetting();
const { index, lockOf, giveCommand, online } = onlineSetting();

/** The first version is recorded, the second one staged. */
async function updated(): Promise<GitRepository> {
  const repository = await newRepository();
  await giveCommand(repository);
  repository.write({ "uv.lock": lockOf("1.0") });
  const started = await repository.run("pubpin", ["tofu", "uv.lock"], { env: online(repository) });
  expect([started.exitCode, started.stderr]).toEqual([0, expect.anything()]);
  await repository.commitUnchecked();
  await repository.stage({ "uv.lock": lockOf("2.0") });
  return repository;
}

async function fix(
  repository: GitRepository,
  env: NodeJS.ProcessEnv = online(repository),
): Promise<ProgramEnd> {
  return hook(repository, ["--fix"], { env });
}

async function stagedPins(repository: GitRepository): Promise<string> {
  return (await repository.git("show", `:${PINS}`)).stdout;
}

describe("--fix", () => {
  test("records a lock that is staged, and stages what it wrote", async () => {
    const repository = await updated();
    const before = await stagedPins(repository);
    expect((await fix(repository)).exitCode).toBe(0);
    expect(await stagedPins(repository)).not.toBe(before);
    expect(await repository.must("diff", "--stat")).toBe("");
    const asked = index().requests.length;
    expect((await fix(repository)).exitCode).toBe(0);
    expect(index().requests).toHaveLength(asked);
  });

  test("stages nothing where the provenance file has changes of its own", async () => {
    const repository = await updated();
    const before = await stagedPins(repository);
    repository.write({ [PINS]: `# Not staged.\n${before}` });
    const { exitCode, stderr } = await fix(repository);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("not staged");
    expect(await stagedPins(repository)).toBe(before);
  });

  test("records nothing where the work tree has another lock than what is staged", async () => {
    const repository = await updated();
    const before = await stagedPins(repository);
    repository.write({ "uv.lock": lockOf("1.0") });
    expect((await fix(repository)).exitCode).toBe(1);
    expect(await stagedPins(repository)).toBe(before);
  });

  test("leaves to a person what trust on first use does not settle", async () => {
    const repository = await updated();
    const before = await stagedPins(repository);
    const weaker = withoutLine(before, "#unsigned:alpha");
    await repository.stage({ [PINS]: weaker });
    const { exitCode, stdout } = await fix(repository);
    expect(exitCode).toBe(1);
    expect(refusals(stdout)).toContain(`PINS_STILL_NEEDED ${PINS}`);
    expect(await stagedPins(repository)).toBe(weaker);
  });

  test("is refused under CI (exit code 2)", async () => {
    const repository = await updated();
    const before = await stagedPins(repository);
    const { exitCode } = await fix(repository, { ...online(repository), CI: "true" });
    expect(exitCode).toBe(2);
    expect(await stagedPins(repository)).toBe(before);
  });

  test("refuses the commit where the command is missing or the index is silent", async () => {
    const repository = await updated();
    const before = await stagedPins(repository);
    const missing = await fix(repository, { CI: undefined });
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toContain("pubpin");
    index().setFault({ part: "page", name: "*", fault: { kind: "status", status: 404 } });
    const PUBPIN_CACHE_DIR = join(repository.folder, ".git/empty");
    const silent = await fix(repository, { ...online(repository), PUBPIN_CACHE_DIR });
    index().clearFault("page", "*");
    expect(silent.exitCode).toBe(1);
    expect(await stagedPins(repository)).toBe(before);
  });

  test("works as the hook itself, for `git commit`", async () => {
    const repository = await updated();
    const own = await repository.must("rev-parse", "--git-path", "hooks/pre-commit");
    const script = await repository.run("cat", [own]);
    const [, program = ""] = /exec '([^']+)'/.exec(script.stdout) ?? [];
    await repository.installHook("pre-commit", [program, "--fix"]);
    const commit = ["commit", "-m", "x"];
    const end = await repository.run("git", commit, { env: online(repository) });
    expect(end.exitCode).toBe(0);
    expect((await hook(repository, ["--from-ref", "HEAD~1"])).exitCode).toBe(0);
  });
});
