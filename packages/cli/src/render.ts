import {
  exitCodeOf,
  githubAnnotations,
  githubSummary,
  htmlReport,
  jsonReport,
  type Painter,
  type Report,
  sarifReport,
  textReport,
} from "@pubpin/shared";
import { appendFile } from "node:fs/promises";
import { posix } from "node:path";
import { findPins, pathFrom } from "./node/pins-location.ts";
import { PUBPIN_VERSION } from "./node/version.ts";
import type { World } from "./session.ts";

/** The forms a report can take. */
export const FORMATS = ["text", "json", "sarif", "github", "html"] as const;

/** One of {@link FORMATS}. */
export type Format = (typeof FORMATS)[number];

/** How reports are shown. */
export interface RenderOptions {
  readonly format: Format;
  readonly verbose: boolean;
  readonly paint: Painter;
  readonly columns: number;
}

/**
 * Writes reports to stdout in the form asked for.
 *
 * @returns the exit code that they ask for: 0, 1 or 3
 */
export async function showReports(
  reports: readonly Report[],
  world: World,
  options: RenderOptions,
): Promise<0 | 1 | 3> {
  const { repository } = await findPins(world.cwd);
  const prefix = repository === null ? "." : pathFrom(repository, world.cwd);
  const repositoryPath = (path: string): string => posix.join(prefix, path);
  world.out(render(reports, options, repositoryPath));
  const summary = world.env["GITHUB_STEP_SUMMARY"];
  if (options.format === "github" && summary !== undefined && summary !== "") {
    await appendFile(summary, githubSummary(reports));
  }
  return exitCodeOf(reports);
}

/** @param repositoryPath paths from the repository's root, for those who know no other folder */
function render(
  reports: readonly Report[],
  options: RenderOptions,
  repositoryPath: (path: string) => string,
): string {
  switch (options.format) {
    case "text":
      return textReport(reports, options);
    case "json":
      return jsonReport(reports);
    case "sarif":
      return sarifReport(reports, { version: PUBPIN_VERSION, repositoryPath });
    case "github":
      return githubAnnotations(reports, { repositoryPath });
    case "html":
      return htmlReport(reports);
  }
}
