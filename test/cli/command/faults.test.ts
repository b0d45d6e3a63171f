/** Every fault of an index, on a package that is pinned and on one that is not. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonDecision, JsonReport } from "@pubpin/shared";
import { beforeAll, describe, expect, test } from "vitest";
import { faultCases, faultyFilename } from "./fault-cases.ts";
import { locked, OCTO, OCTO_PIN, startSetting, wheel } from "./support/project.ts";

const PATIENCE = 120_000;
const { index, lock, newFolder, run } = await startSetting();
const WELL = "without-fault";
const FAULTS = faultCases(index, WELL);
/** Lies that nobody can see through who has no pin. */
const BELIEVED = new Set(["PUBLISHER_UNPINNED", "UNSIGNED"]);

for (const name of [WELL, ...FAULTS.map((each) => each.name)]) {
  index.addFile(wheel(name, "5", OCTO));
}
for (const { setting } of FAULTS) index.setFault(setting);

/** A lock with packages, of one file each. */
function project(names: readonly string[]): string {
  const folder = newFolder();
  const packages = names.map((name) => {
    return { name, version: "1.0", files: [locked(wheel(name, "5", OCTO))] };
  });
  lock(folder, packages);
  return folder;
}

async function decisions(
  folder: string,
  command: string,
): Promise<ReadonlyMap<string, JsonDecision>> {
  const { exitCode, stdout, stderr } = await run(folder, ["--format", "json", command]);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 1 });
  const { reports } = JSON.parse(stdout) as JsonReport;
  return new Map(reports[0]?.decisions.map((decision) => [decision.name, decision]));
}

describe("a fault of the index", () => {
  let pinned: ReadonlyMap<string, JsonDecision>;
  let unpinned: ReadonlyMap<string, JsonDecision>;
  const names = FAULTS.map(({ name }) => name);
  const fresh = project(names);

  beforeAll(async () => {
    const folder = project(names);
    const pins = names.map((name) => `${name} ${OCTO_PIN}\n`).toSorted();
    writeFileSync(join(folder, ".provenance.txt"), pins.join(""));
    [pinned, unpinned] = await Promise.all([decisions(folder, "verify"), decisions(fresh, "tofu")]);
  }, PATIENCE);

  test.each(FAULTS)("$name never passes for a package that is pinned", ({ name, code }) => {
    expect(pinned.get(name)).toMatchObject({
      code,
      verdict: code === "UNVERIFIABLE" ? "unverifiable" : "fail",
      filename: faultyFilename(name),
    });
  });

  test.each(FAULTS)("$name is told of a package that is not pinned", ({ name, unpinned: code }) => {
    expect(unpinned.get(name)?.code).toBe(code);
  });

  test("lets trust on first use write nothing", () => {
    expect(existsSync(join(fresh, ".provenance.txt"))).toBe(false);
  });
});

describe.concurrent("a fault that a new package alone has", () => {
  const visible = FAULTS.filter(({ unpinned }) => !BELIEVED.has(unpinned));

  test.each(visible)("lets trust on first use write nothing: $name", async ({ name, unpinned }) => {
    const folder = project([WELL, name]);
    const { exitCode, stdout, stderr } = await run(folder, ["tofu"]);
    expect([exitCode, stdout]).toEqual([
      unpinned === "UNVERIFIABLE" ? 3 : 1,
      expect.stringContaining(unpinned),
    ]);
    expect(stderr).toContain("nothing was written");
    expect(existsSync(join(folder, ".provenance.txt"))).toBe(false);
  });
});
