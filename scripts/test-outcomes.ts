/** What became of each test, and how it is summed up. */
import type { TestModule, TestRunResult, TestSuite } from "vitest/node";
import { formatCounts } from "./test-counts.ts";

/** What became of one test, or of something that kept tests from running. */
export interface Outcome {
  readonly project: string;
  readonly name: string;
  readonly state: "passed" | "failed" | "skipped";
  /** Why it was skipped, with the command that enables it, or why it failed. */
  readonly note: string;
}

/** How a run ended: lines to print, the count last, and the exit code. */
export interface Summary {
  readonly lines: readonly string[];
  readonly exitCode: 0 | 1;
}

/** The outcomes of a run of vitest. What ended without a result has failed. */
export function outcomesOf(result: TestRunResult): readonly Outcome[] {
  return [
    ...result.testModules.flatMap(outcomesOfModule),
    ...result.unhandledErrors.map((error) => ({
      project: "all",
      name: "an error outside of the tests",
      state: "failed" as const,
      note: error instanceof Error ? error.message : "an unhandled error",
    })),
  ];
}

/**
 * Sums up a run. It fails where a test failed, where none ran, and, where everything is required,
 * where one was skipped.
 */
export function summarize(all: readonly Outcome[], requireAll: boolean): Summary {
  const skipped = all.filter(({ state }) => state === "skipped");
  const counts = {
    passed: count(all, "passed"),
    failed: count(all, "failed") + (requireAll ? skipped.length : 0),
    skipped: requireAll ? 0 : skipped.length,
  };
  const lines = [...perProject(all), ...explain(skipped, requireAll)];
  if (counts.passed + counts.failed === 0) lines.push("No test ran.");
  lines.push(formatCounts(counts));
  return { lines, exitCode: counts.failed > 0 || counts.passed === 0 ? 1 : 0 };
}

function outcomesOfModule(module: TestModule): readonly Outcome[] {
  const project = module.project.name;
  const broken = [module, ...module.children.allSuites()].flatMap(errorsOf);
  const tests = [...module.children.allTests()].map((test): Outcome => {
    const result = test.result();
    const name = `${module.relativeModuleId} > ${test.fullName}`;
    if (result.state === "passed") return { project, name, state: "passed", note: "" };
    if (result.state === "skipped") {
      return { project, name, state: "skipped", note: result.note ?? "no reason given" };
    }
    return { project, name, state: "failed", note: result.errors?.[0]?.message ?? "never ended" };
  });
  const failures = broken.map(({ name, note }) => ({
    project,
    name,
    state: "failed" as const,
    note,
  }));
  return [...tests, ...failures];
}

function errorsOf(group: TestModule | TestSuite): readonly { name: string; note: string }[] {
  const name = group.type === "module" ? group.relativeModuleId : group.fullName;
  return group.errors().map(({ message }) => ({ name, note: message }));
}

function perProject(all: readonly Outcome[]): readonly string[] {
  return [...new Set(all.map(({ project }) => project))].map((project) => {
    const own = all.filter((outcome) => outcome.project === project);
    const states = (["passed", "failed", "skipped"] as const)
      .map((state) => `${count(own, state)} ${state}`)
      .join(", ");
    return `${project}: ${states}`;
  });
}

function explain(skipped: readonly Outcome[], requireAll: boolean): string[] {
  if (skipped.length === 0) return [];
  const title = requireAll ? "Skipped, which PUBPIN_REQUIRE forbids:" : "Skipped:";
  return [title, ...skipped.map(({ project, name, note }) => `  ${project}: ${name}: ${note}`)];
}

function count(outcomes: readonly Outcome[], state: Outcome["state"]): number {
  return outcomes.filter((outcome) => outcome.state === state).length;
}
