/**
 * docs/command.md shows what the command prints. Here everything in it is run again, in the order
 * of the page, and compared; `vitest -u` writes what changed into the page.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Publisher } from "@pubpin/test-kit";
import { expect, test } from "vitest";
import { type LockedPackage, locked, startSetting, wheel } from "./support/project.ts";
import { commandPaths } from "./support/command-line.ts";

const PATIENCE = 300_000;
const PAGE = join(import.meta.dirname, "../../../docs/command.md");
/** What the page has in place of what is different each time. */
const FOLDER = "/home/you/project";
const INDEX = "https://pypi.org/simple";

const { index, lock, newFolder, run } = await startSetting();
const project = newFolder();
const empty = newFolder();

const SAMPLE: Publisher = {
  kind: "GitHub",
  repository: "pypa/sampleproject",
  repositoryId: "14899596",
  ownerId: "647025",
};
const STRANGER: Publisher = {
  kind: "GitHub",
  repository: "sampleproject-dev/sampleproject",
  repositoryId: "987654321",
  ownerId: "123456789",
};
const FOUR = wheel("sampleproject", "4", SAMPLE, "4.0.0");
const FIVE = wheel("sampleproject", "5", STRANGER, "5.0.0");
const PEPPERCORN = wheel("peppercorn", "6", undefined, "0.6");
for (const file of [FOUR, FIVE, PEPPERCORN]) index.addFile(file);

function locking(sample: typeof FOUR, version: string): readonly LockedPackage[] {
  return [
    { name: "peppercorn", version: "0.6", files: [locked(PEPPERCORN)] },
    { name: "sampleproject", version, files: [locked(sample)] },
  ];
}

/** Where the commands run. */
let folder = project;

/** What a person does between two commands: `<!-- locked: 5.0.0 -->` in the page. */
const STEPS: Readonly<Record<string, () => void>> = {
  "in an empty folder": () => {
    folder = empty;
  },
  "in the project": () => {
    folder = project;
  },
  "locked: 4.0.0": () => lock(project, locking(FOUR, "4.0.0")),
  "locked: 5.0.0": () => lock(project, locking(FIVE, "5.0.0")),
  committed: () => {
    git("init");
    git("add", "uv.lock", ".provenance.txt");
    git("commit", "--message", "a");
  },
};

function git(...parameters: readonly string[]): void {
  const settings = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
  execFileSync("git", [...settings, ...parameters], { cwd: project, stdio: "ignore" });
}

/** What a command line of the page prints: of stderr and stdout, and the exit code if not 0. */
async function printed(line: string): Promise<string> {
  const [program, ...parameters] = line.split(" ");
  if (program === "cat") return readFileSync(join(folder, parameters.join(" ")), "utf8");
  const { exitCode, stdout, stderr } = await run(folder, parameters);
  return exitCode === 0 ? stderr + stdout : `${stderr}${stdout}[exit code ${exitCode}]\n`;
}

/** Without what depends on the test's own set-up. */
function usual(text: string): string {
  return text
    .replaceAll(index.simpleUrl, INDEX)
    .replaceAll(project, FOLDER)
    .replaceAll(empty, FOLDER)
    .replace(/^trust root.*\n/gm, "")
    .replace(/v1-sha256:[0-9a-f]{64}/g, "v1-sha256:3b0c...");
}

function requireStep(name: string): () => void {
  const step = STEPS[name];
  if (step !== undefined) return step;
  throw new Error(`${name}: expected one of ${Object.keys(STEPS).join(", ")}`);
}

/** The page with the output of each `$` line as it is now. */
async function renewed(page: string): Promise<string> {
  const lines: string[] = [];
  let isConsole = false;
  for (const line of page.split("\n")) {
    const step = /^<!-- (?<name>.*) -->$/.exec(line)?.groups?.["name"];
    if (step !== undefined) requireStep(step)();
    if (line === "```console") isConsole = true;
    else if (line === "```") isConsole = false;
    if (!isConsole || line === "```console") lines.push(line);
    else if (line.startsWith("$ ")) {
      if (lines.at(-1) !== "```console") lines.push("");
      lines.push(
        line,
        ...usual(await printed(line.slice(2)))
          .trimEnd()
          .split("\n"),
      );
    }
  }
  return lines.join("\n");
}

test(
  "docs/command.md shows what the command prints",
  async () => {
    const page = readFileSync(PAGE, "utf8");
    await expect(await renewed(page)).toMatchFileSnapshot(PAGE);
  },
  PATIENCE,
);

test("docs/command.md has the help of every command", () => {
  const page = readFileSync(PAGE, "utf8");
  for (const command of commandPaths()) {
    expect(page).toContain(`\n$ pubpin ${command} --help\n`);
  }
});
