/** A package that a lock takes from two places: no line can record both. */
import { mintPins, mintUvLock } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { hookSetting, verdict } from "./support/setting.ts";
import { PINS, withoutLine } from "./support/states.ts";

const { startedWith, hook } = hookSetting();

describe.concurrent("a package from two repositories", () => {
  /** A lock that takes a package from two repositories. */
  function fromTwo(): string {
    return mintUvLock(
      ["octo", "other"].map((owner, index) => ({
        name: "tool",
        version: `${index + 1}.0`,
        source: `{ git = "https://github.com/${owner}/tool.git?tag=v1#${"1".repeat(40)}" }`,
      })),
    );
  }

  test("is accepted without a line, and shown to the reviewer when it comes", async () => {
    const repository = await startedWith({ "README.md": "hello\n" });
    const pins = withoutLine(await mintPins({ "uv.lock": fromTwo() }), "#source:tool");
    await repository.stage({ "uv.lock": fromTwo(), [PINS]: pins });
    const { stdout } = await hook(repository, ["--format", "json"]);
    expect(stdout).toContain('"state": "accepted"');
    const end = await repository.git("commit", "-m", "x");
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).toMatch(/^review +NOT_FROM_INDEX +uv\.lock:\d+/m);
    expect(end.stderr).toContain("git+https://github.com/octo/tool");
    expect(end.stderr).toContain("git+https://github.com/other/tool");
    const again = await repository.commit({ [PINS]: `# More.\n${pins}` });
    expect([verdict(again), again.stderr]).toEqual([
      "accepted",
      expect.not.stringContaining("NOT_FROM_INDEX"),
    ]);
  });

  test("is refused where it is strict", async () => {
    const lock = fromTwo();
    const strict = { "pyproject.toml": "[tool.pubpin]\nstrict = true\n" };
    const repository = await startedWith(strict);
    const pins = withoutLine(await mintPins({ "uv.lock": lock }), "#source:tool");
    const end = await repository.commit({ "uv.lock": lock, [PINS]: pins });
    expect(verdict(end)).toEqual(["NOT_FROM_INDEX uv.lock"]);
  });
});
