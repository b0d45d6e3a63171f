import { describe, expect, test } from "vitest";
import { summarize } from "../../scripts/test-outcomes.ts";
import type { Outcome } from "../../scripts/test-outcomes.ts";

function outcome(state: Outcome["state"], note = ""): Outcome {
  return { project: "node", name: "a test", state, note };
}

describe("the summary of a test run", () => {
  test("ends with the counts of what passed and failed", () => {
    const { lines, exitCode } = summarize([outcome("passed"), outcome("passed")], false);
    expect(lines).toEqual(["node: 2 passed, 0 failed, 0 skipped", "2 passed, 0 failed"]);
    expect(exitCode).toBe(0);
  });

  test("fails where one test failed", () => {
    const { lines, exitCode } = summarize([outcome("passed"), outcome("failed")], false);
    expect(lines.at(-1)).toBe("1 passed, 1 failed");
    expect(exitCode).toBe(1);
  });

  test("gives the reason of everything that was skipped", () => {
    const { lines, exitCode } = summarize([outcome("passed"), outcome("skipped", "why")], false);
    expect(lines).toContain("  node: a test: why");
    expect(lines.at(-1)).toBe("1 passed, 0 failed, 1 skipped");
    expect(exitCode).toBe(0);
  });

  test("counts a skipped test as failed where everything is required", () => {
    const { lines, exitCode } = summarize([outcome("passed"), outcome("skipped", "why")], true);
    expect(lines).toContain("  node: a test: why");
    expect(lines.at(-1)).toBe("1 passed, 1 failed");
    expect(exitCode).toBe(1);
  });

  test.each([[[]], [[outcome("skipped", "why")]]])("fails where no test ran: %j", (outcomes) => {
    const { lines, exitCode } = summarize(outcomes, false);
    expect(lines).toContain("No test ran.");
    expect(exitCode).toBe(1);
  });
});
