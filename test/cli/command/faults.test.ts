/** Every fault of an index, on a package that is pinned and on one that is not. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DecisionCode, JsonDecision, JsonReport } from "@pubpin/shared";
import type { FaultSetting } from "@pubpin/test-kit/node";
import { beforeAll, describe, expect, test } from "vitest";
import { locked, OCTO, OCTO_PIN, startSetting, wheel } from "./support/project.ts";

const PATIENCE = 120_000;
const { index, lock, newFolder, run } = await startSetting();

type Unnamed<Setting> = Setting extends FaultSetting ? Omit<Setting, "name"> : never;
type Case = readonly [
  fault: string,
  setting: Unnamed<FaultSetting>,
  code: DecisionCode,
  /** Where nobody is pinned, if it is another one. */
  unpinned?: DecisionCode,
];

const U = "UNVERIFIABLE";
const CASES: readonly Case[] = [
  ["page-403", { part: "page", fault: { kind: "status", status: 403 } }, U],
  ["page-404", { part: "page", fault: { kind: "status", status: 404 } }, "HASH_NOT_ON_INDEX"],
  ["page-406", { part: "page", fault: { kind: "status", status: 406 } }, U],
  ["page-429", { part: "page", fault: { kind: "status", status: 429, retryAfter: "0" } }, U],
  ["page-503", { part: "page", fault: { kind: "status", status: 503, retryAfter: "0" } }, U],
  ["page-cut-off", { part: "page", fault: { kind: "cut-off" } }, U],
  ["page-reset", { part: "page", fault: { kind: "reset" } }, U],
  ["page-body", { part: "page", fault: { kind: "body", body: "{}" } }, U],
  ["page-html", { part: "page", fault: { kind: "html" } }, U],
  ["page-type", { part: "page", fault: { kind: "content-type", type: "text/plain" } }, U],
  ["page-name", { part: "page", fault: { kind: "other-name", name: "page-cut-off" } }, U],
  ["page-future", { part: "page", fault: { kind: "api-version", version: "9.0" } }, U],
  [
    "page-quarantined",
    { part: "page", fault: { kind: "project-status", status: "quarantined" } },
    "PROJECT_QUARANTINED",
  ],
  ["entry-unlisted", { part: "entry", fault: { kind: "unlisted" } }, "HASH_NOT_ON_INDEX"],
  ["entry-digest", { part: "entry", fault: { kind: "wrong-digest" } }, "HASH_NOT_ON_INDEX"],
  [
    "entry-no-key",
    { part: "entry", fault: { kind: "missing-key" } },
    "ATTESTATION_MISSING",
    "UNSIGNED",
  ],
  ["proof-404", { part: "provenance", fault: { kind: "status", status: 404 } }, U],
  ["proof-403", { part: "provenance", fault: { kind: "status", status: 403 } }, U],
  ["proof-503", { part: "provenance", fault: { kind: "status", status: 503, retryAfter: "0" } }, U],
  ["proof-cut-off", { part: "provenance", fault: { kind: "cut-off" } }, U],
  ["proof-html", { part: "provenance", fault: { kind: "html" } }, U],
  ["proof-huge", { part: "provenance", fault: { kind: "huge", bytes: 32 * 1024 * 1024 } }, U],
  ["proof-empty", { part: "provenance", fault: { kind: "empty-bundles" } }, "ATTESTATION_INVALID"],
  ["proof-null", { part: "provenance", fault: { kind: "body", body: "null" } }, U],
  [
    "proof-fork",
    {
      part: "provenance",
      fault: {
        kind: "publisher",
        publisher: { ...OCTO, repository: "fork/example", ownerId: "7" },
      },
    },
    "REPOSITORY_TRANSFERRED",
    "PUBLISHER_UNPINNED",
  ],
  [
    "proof-reborn",
    { part: "provenance", fault: { kind: "publisher", publisher: { ...OCTO, repositoryId: "7" } } },
    "REPOSITORY_REPLACED",
    "PUBLISHER_UNPINNED",
  ],
];

const FAULTS = CASES.map(([name, setting, code, unpinned = code]) => {
  return { name, setting, code, unpinned };
});

/** A lock with a package for each fault. */
function project(): string {
  const folder = newFolder();
  const files = CASES.map(([name]) => wheel(name, "5", OCTO));
  lock(
    folder,
    files.map((file, at) => ({
      name: CASES[at]?.[0] ?? "",
      version: "1.0",
      files: [locked(file)],
    })),
  );
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
  const fresh = project();

  beforeAll(async () => {
    for (const [name, setting] of CASES) {
      const file = wheel(name, "5", OCTO);
      index.addFile(file);
      const subject = setting.part === "page" ? name : file.filename;
      index.setFault({ ...setting, name: subject });
    }
    const folder = project();
    const pins = CASES.map(([name]) => `${name} ${OCTO_PIN}\n`).toSorted();
    writeFileSync(join(folder, ".provenance.txt"), pins.join(""));
    [pinned, unpinned] = await Promise.all([decisions(folder, "verify"), decisions(fresh, "tofu")]);
  }, PATIENCE);

  test.each(FAULTS)("$name never passes for a package that is pinned", ({ name, code }) => {
    expect(pinned.get(name)).toMatchObject({
      code,
      verdict: code === U ? "unverifiable" : "fail",
    });
  });

  test.each(FAULTS)("$name is told of a package that is not pinned", ({ name, unpinned: code }) => {
    expect(unpinned.get(name)?.code).toBe(code);
  });

  test("lets trust on first use write nothing", () => {
    expect(existsSync(join(fresh, ".provenance.txt"))).toBe(false);
  });
});
