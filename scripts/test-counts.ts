/** The line of counts that every test run ends with. */

/** How many tests passed, failed and were skipped. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const LINE = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/;

/** `N passed, N failed`, and `, N skipped` where there are any. */
export function formatCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
}

/** The counts that a test run's output ends with; null where it ends otherwise. */
export function parseCounts(output: string): Counts | null {
  const match = LINE.exec(output.trimEnd().split("\n").at(-1)?.trim() ?? "");
  if (match === null) return null;
  const [passed = 0, failed = 0, skipped = 0] = match.slice(1).map((digits) => Number(digits ?? 0));
  return { passed, failed, skipped };
}

/** The sums of several runs' counts. */
export function addCounts(all: readonly Counts[]): Counts {
  return all.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
    }),
    { passed: 0, failed: 0, skipped: 0 },
  );
}
