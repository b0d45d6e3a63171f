/** Ways to move a lock out of sight that are spread over the commits of one range. */
import { type GitRepository, mintPins } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { named, refusedCommits } from "./support/range.ts";
import { hookSetting } from "./support/setting.ts";
import { BASE, BUMPED, PINS, reviewed, withoutLine } from "./support/states.ts";

const setting = hookSetting();
const { startedWith, hook } = setting;

/** A repository, and the commit that the range begins after. */
async function started(
  files: Readonly<Record<string, string>>,
): Promise<readonly [GitRepository, string]> {
  const repository = await startedWith(files);
  return [repository, await repository.must("rev-parse", "HEAD")];
}

describe.concurrent("a lock is not out of sight at the end of a range", () => {
  test("where it is deleted, the patterns are narrowed, and it comes back", async () => {
    const files = await reviewed(BASE);
    const [repository, base] = await started(files);
    const pins = withoutLine(files[PINS] ?? "", "#lock:uv.lock");
    await named(repository, "deletes", { "uv.lock": null, [PINS]: pins });
    await named(repository, "narrows", { "pyproject.toml": "[tool.pubpin]\nlocks = []\n" });
    await named(repository, "returns", { "uv.lock": BUMPED });
    expect(await refusedCommits(setting, repository, "--from-ref", base)).toContain(
      "LOCK_LOST returns",
    );
  });

  test("where it goes with its provenance file, and comes back alone", async () => {
    const { "uv.lock": lock = "", [PINS]: pins = "" } = await reviewed(BASE);
    const [repository, base] = await started({ "a/uv.lock": lock, [`a/${PINS}`]: pins });
    await named(repository, "deletes", { "a/uv.lock": null, [`a/${PINS}`]: null });
    await named(repository, "returns", { "a/uv.lock": BUMPED });
    expect(await refusedCommits(setting, repository, "--from-ref", base)).toContain(
      "LOCK_LOST returns",
    );
  });

  test("where it is deleted, and comes back under a name that is no lock's", async () => {
    const files = await reviewed(BASE);
    const [repository, base] = await started(files);
    const pins = withoutLine(files[PINS] ?? "", "#lock:uv.lock");
    await named(repository, "deletes", { "uv.lock": null, [PINS]: pins });
    await named(repository, "returns", { "uv.old": BASE });
    expect(await refusedCommits(setting, repository, "--from-ref", base)).toContain(
      "LOCK_LOST returns",
    );
  });

  test("where it loses its hashes step by step", async () => {
    const first = `alpha==1.0 --hash=sha256:${"a".repeat(64)}\n`;
    const files = { "requirements.txt": first };
    const pins = await mintPins(files);
    const [repository, base] = await started({ ...files, [PINS]: pins });
    const without = withoutLine(pins, "#lock:requirements.txt");
    await named(repository, "deletes", { "requirements.txt": null, [PINS]: without });
    await named(repository, "returns", { "requirements.txt": "alpha==2.0\n" });
    expect(await refusedCommits(setting, repository, "--from-ref", base)).toContain(
      "LOCK_LOST returns",
    );
  });

  test("but may be deleted for good", async () => {
    const files = await reviewed(BASE);
    const [repository, base] = await started(files);
    const pins = withoutLine(files[PINS] ?? "", "#lock:uv.lock");
    await named(repository, "deletes", { "uv.lock": null, [PINS]: pins });
    await named(repository, "later", { "README.md": "hello\n" });
    expect(await refusedCommits(setting, repository, "--from-ref", base)).toEqual([]);
  });
});

describe.concurrent("the reviewer of a range is shown", () => {
  test("a provenance file that goes together with its locks", async () => {
    const [repository, base] = await started(await reviewed(BASE));
    await named(repository, "deletes", { "uv.lock": null, [PINS]: null });
    const { exitCode, stdout } = await hook(repository, ["--from-ref", base]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("LOCK_REMOVED");
    expect(stdout).toContain("PIN_REMOVED");
  });

  test("patterns that are narrowed, also where no lock is left to be hidden by them", async () => {
    const [repository, base] = await started({ ...(await reviewed(BASE)) });
    await named(repository, "narrows", { "pyproject.toml": "[tool.pubpin]\nlocks = []\n" });
    const { exitCode, stdout } = await hook(repository, ["--from-ref", base]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("PINS_WEAKENED");
    expect(stdout).toContain("pyproject.toml");
  });
});
