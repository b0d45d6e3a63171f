import { expect, test } from "vitest";
import { addCounts, formatCounts, parseCounts } from "../../scripts/test-counts.ts";

test.each([
  [{ passed: 12, failed: 0, skipped: 0 }, "12 passed, 0 failed"],
  [{ passed: 1, failed: 2, skipped: 3 }, "1 passed, 2 failed, 3 skipped"],
])("%o is printed as a line that can be read back", (counts, line) => {
  expect(formatCounts(counts)).toBe(line);
  expect(parseCounts(`something before\n${line}\n`)).toEqual(counts);
});

test.each(["", "12 passed", "12 passed, 0 failed\nand more", "x 12 passed, 0 failed"])(
  "output that does not end with the line has no counts: %j",
  (output) => {
    expect(parseCounts(output)).toBeNull();
  },
);

test("counts add up", () => {
  const counts = { passed: 1, failed: 2, skipped: 3 };
  expect(addCounts([counts, counts])).toEqual({ passed: 2, failed: 4, skipped: 6 });
  expect(addCounts([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
});
