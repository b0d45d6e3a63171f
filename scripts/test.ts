/**
 * `npm test`: runs the tests in Node and in Chromium, says what was skipped and how to enable it,
 * and ends with a line of counts. Arguments are vitest's. With PUBPIN_REQUIRE=1 nothing may be
 * skipped.
 */
import { createVitest, parseCLI, TestsNotFoundError } from "vitest/node";
import type { TestRunResult } from "vitest/node";
import { findChromium } from "./browser.ts";
import { outcomesOf, summarize } from "./test-outcomes.ts";
import type { Outcome } from "./test-outcomes.ts";

const { filter, options } = parseCLI(["vitest", "run", ...process.argv.slice(2)]);
const vitest = await createVitest({ ...options, watch: false });
const result = await vitest.start(filter).catch(nothingFound);
await vitest.close();

const requireAll = process.env["PUBPIN_REQUIRE"] === "1";
const { lines, exitCode } = summarize([...outcomesOf(result), ...leftOut()], requireAll);
console.log(lines.join("\n"));
process.exitCode = exitCode;

/** No test file is a result like another, which {@link summarize} judges. */
function nothingFound(error: unknown): TestRunResult {
  if (error instanceof TestsNotFoundError) return { testModules: [], unhandledErrors: [] };
  throw error;
}

/** The tests in Chromium, where they were asked for and there is no browser. */
function leftOut(): readonly Outcome[] {
  const projects = [options.project ?? []].flat();
  if (projects.length > 0 && !projects.includes("chromium")) return [];
  const browser = findChromium();
  if ("path" in browser) return [];
  const note = `${browser.missing}; to run them: ${browser.remedy}`;
  return [{ project: "chromium", name: "all tests in Chromium", state: "skipped", note }];
}
