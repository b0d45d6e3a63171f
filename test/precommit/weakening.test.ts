/** What makes a provenance file accept more: shown to the reviewer, or refused. */
import type { PinsEntry, Weakening } from "@pubpin/shared";
import {
  type GitRepository,
  mintedFile,
  type MintedPackage,
  mintedPin,
  mintPins,
  mintUvLock,
} from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { hookSetting, verdict } from "./support/setting.ts";
import { BASE, GROWN, PINS, reviewed, withoutLine } from "./support/states.ts";

const { startedWith, hook } = hookSetting();

const OTHER_INDEX = "https://index.example/simple";
const OTHER_SOURCE = "https://github.com/mallory/tool";
const { filename, sha256 } = mintedFile("alpha");
const FILE = `#file:${filename} sha256:${sha256 ?? ""}`;
const OTHER_FILE = "#file:other-1.0-py3-none-any.whl";
const PUBLISHER =
  "https://github.com/octo/alpha#repository-id=123&owner-id=456&workflow=release.yml";

/** Lines that stand beside those of BASE, before and after; the first token says which are replaced. */
type Change = readonly [
  what: string,
  weakening: Weakening,
  before: readonly string[],
  after: readonly string[],
];

/** A change of every kind that the lock does not need otherwise. */
const CHANGES: readonly Change[] = [
  ["a pin that nothing needs is removed", "PIN_REMOVED", ["old https://github.com/a/b"], []],
  pinChange("its publisher is replaced", "PUBLISHER_REPLACED", "octo/alpha", "mallory/alpha"),
  pinChange("its identifiers are replaced", "IDENTIFIERS_REPLACED", "id=123", "id=999"),
  pinChange("its owner is replaced", "IDENTIFIERS_REPLACED", "owner-id=456", "owner-id=999"),
  pinChange(
    "its identifiers are removed",
    "IDENTIFIERS_REMOVED",
    "repository-id=123&owner-id=456&",
    "",
  ),
  pinChange("its workflow is replaced", "WORKFLOW_REPLACED", "release.yml", "other.yml"),
  pinChange("its workflow is removed", "WORKFLOW_REMOVED", "&workflow=release.yml", ""),
  [
    "a further publisher is accepted",
    "PUBLISHER_ADDED",
    [],
    ["#also:alpha:2 https://github.com/mallory/alpha"],
  ],
  ["an unsigned project is allowed", "UNSIGNED_ALLOWED", [], ["#unsigned:old allowed"]],
  [
    "a project that was seen unsigned is allowed",
    "UNSIGNED_ALLOWED",
    ["#unsigned:old seen"],
    ["#unsigned:old allowed"],
  ],
  ["a file is accepted", "FILE_ADDED", [], [FILE]],
  [
    "a file is accepted with other bytes",
    "FILE_REPLACED",
    [`${OTHER_FILE} sha256:${"1".repeat(64)}`],
    [`${OTHER_FILE} sha256:${"2".repeat(64)}`],
  ],
  [
    "a file that nothing needs is removed",
    "FILE_REMOVED",
    [`${OTHER_FILE} sha256:${"1".repeat(64)}`],
    [],
  ],
  ["an index is added", "INDEX_ADDED", [], [`#index:old ${OTHER_INDEX}`]],
  [
    "an index is replaced",
    "INDEX_REPLACED",
    [`#index:old ${OTHER_INDEX}`],
    ["#index:old https://index.example/other"],
  ],
  ["an index is removed", "INDEX_REMOVED", [`#index:old ${OTHER_INDEX}`], []],
  ["a source is added", "SOURCE_ADDED", [], [`#source:old git+${OTHER_SOURCE}`]],
  [
    "a source is replaced",
    "SOURCE_REPLACED",
    [`#source:old git+${OTHER_SOURCE}`],
    ["#source:old git+https://github.com/octo/tool"],
  ],
  ["a source is removed", "SOURCE_REMOVED", [`#source:old git+${OTHER_SOURCE}`], []],
];

function pinChange(what: string, weakening: Weakening, from: string, to: string): Change {
  return [`alpha is pinned, and ${what}`, weakening, [], [`alpha ${PUBLISHER.replace(from, to)}`]];
}

/** The provenance file of BASE with these lines, in the place of those with the same first token. */
async function withLines(lines: readonly string[]): Promise<string> {
  const { [PINS]: pins = "" } = await reviewed(BASE);
  const keys = new Set(lines.map((line) => line.split(" ")[0] ?? ""));
  const kept = pins.split("\n").filter((line) => !keys.has(line.split(" ")[0] ?? "-"));
  return `${[...lines, ...kept].join("\n").trimEnd()}\n`;
}

/** What the hook says of the weakenings that are staged. */
async function stagedWeakenings(repository: GitRepository): Promise<readonly string[]> {
  const { stdout } = await hook(repository, ["--format", "json"]);
  const { changes } = JSON.parse(stdout) as {
    readonly changes: readonly { readonly findings: readonly { weakening: string | null }[] }[];
  };
  return changes.flatMap(({ findings }) =>
    findings.flatMap(({ weakening }) => (weakening === null ? [] : [weakening])),
  );
}

describe.concurrent.each(CHANGES)("where %s (%s)", (_, weakening, before, after) => {
  test("the commit is accepted, and the reviewer is shown it", async () => {
    const repository = await startedWith({ "uv.lock": BASE, [PINS]: await withLines(before) });
    await repository.stage({ [PINS]: await withLines(after) });
    expect(await stagedWeakenings(repository)).toEqual([weakening]);
    const end = await repository.git("commit", "-m", "x");
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).toContain(weakening);
  });

  test("the way back is shown only where it accepts more too", async () => {
    const repository = await startedWith({ "uv.lock": BASE, [PINS]: await withLines(after) });
    await repository.stage({ [PINS]: await withLines(before) });
    expect(await stagedWeakenings(repository)).toEqual(BACK[weakening] ?? []);
  });
});

/** What the opposite change is, where it weakens too. */
const BACK: Partial<Record<Weakening, readonly Weakening[]>> = {
  PUBLISHER_REPLACED: ["PUBLISHER_REPLACED"],
  IDENTIFIERS_REPLACED: ["IDENTIFIERS_REPLACED"],
  WORKFLOW_REPLACED: ["WORKFLOW_REPLACED"],
  FILE_ADDED: ["FILE_REMOVED"],
  FILE_REPLACED: ["FILE_REPLACED"],
  FILE_REMOVED: ["FILE_ADDED"],
  INDEX_ADDED: ["INDEX_REMOVED"],
  INDEX_REPLACED: ["INDEX_REPLACED"],
  INDEX_REMOVED: ["INDEX_ADDED"],
  SOURCE_ADDED: ["SOURCE_REMOVED"],
  SOURCE_REPLACED: ["SOURCE_REPLACED"],
  SOURCE_REMOVED: ["SOURCE_ADDED"],
};

describe.concurrent("the line of a lock", () => {
  test("is shown where it goes with its lock (LOCK_REMOVED)", async () => {
    const { [PINS]: pins = "" } = await reviewed(BASE);
    const repository = await startedWith({ "uv.lock": BASE, [PINS]: pins });
    await repository.stage({ "uv.lock": null, [PINS]: withoutLine(pins, "#lock:uv.lock") });
    expect(await stagedWeakenings(repository)).toEqual(["LOCK_REMOVED"]);
    expect(verdict(await repository.git("commit", "-m", "x"))).toBe("accepted");
  });

  test("does not go while the lock is there", async () => {
    const { [PINS]: pins = "" } = await reviewed(BASE);
    const repository = await startedWith({ "uv.lock": BASE, [PINS]: pins });
    const end = await repository.commit({ [PINS]: withoutLine(pins, "#lock:uv.lock") });
    expect(verdict(end)).toEqual(["LOCK_NOT_RECORDED uv.lock"]);
  });
});

describe.concurrent("what is accepted the first time is no weakening", () => {
  test.each([
    ["a first pin", ["old https://github.com/a/b"]],
    ["what was seen unsigned", ["#unsigned:old seen"]],
    ["a note", ["#note:why because"]],
  ])("%s", async (_, lines) => {
    const repository = await startedWith({ "uv.lock": BASE, [PINS]: await withLines([]) });
    await repository.stage({ [PINS]: await withLines(lines) });
    expect(await stagedWeakenings(repository)).toEqual([]);
  });

  test("a pin that is completed", async () => {
    const bare = ["alpha https://github.com/octo/alpha"];
    const repository = await startedWith({ "uv.lock": BASE, [PINS]: await withLines(bare) });
    await repository.stage({ [PINS]: await withLines([]) });
    expect(await stagedWeakenings(repository)).toEqual([]);
  });
});

/** A lock with packages from everywhere, and the line that each of them needs. */
const EVERYWHERE: readonly MintedPackage[] = [
  { name: "signed" },
  { name: "unsigned" },
  { name: "filed" },
  {
    name: "private",
    source: `{ registry = "${OTHER_INDEX}" }`,
    files: [mintedFile("private")],
  },
  { name: "tool", source: `{ git = "${OTHER_SOURCE}#${"a".repeat(40)}" }` },
];

async function everywhere(): Promise<Record<string, string>> {
  const lock = mintUvLock(EVERYWHERE);
  const filed = mintedFile("filed");
  const entries: readonly PinsEntry[] = [
    { kind: "unsigned", name: "unsigned", state: "seen" },
    { kind: "file", filename: filed.filename, sha256: filed.sha256 ?? "" },
    { kind: "index", name: "private", url: OTHER_INDEX },
    mintedPin("signed"),
    mintedPin("private"),
  ];
  const pins = await mintPins({ "uv.lock": lock }, { entries });
  return { "uv.lock": lock, [PINS]: withoutLine(pins, "filed") };
}

const UNRECORDED = ["PACKAGE_NOT_RECORDED uv.lock", `PINS_STILL_NEEDED ${PINS}`];

/** Lines that the lock needs, and what is said where they go. */
const NEEDED: readonly (readonly [string, readonly string[]])[] = [
  ["signed", UNRECORDED],
  ["#unsigned:unsigned", UNRECORDED],
  ["#file:filed-1.0-py3-none-any.whl", UNRECORDED],
  ["#index:private", ["INDEX_CHANGED uv.lock"]],
  ["private", UNRECORDED],
  ["#source:tool", UNRECORDED],
  ["#lock:uv.lock", ["LOCK_NOT_RECORDED uv.lock"]],
];

describe.concurrent("a line that the lock still needs", () => {
  test("is there for a package from everywhere", async () => {
    const repository = await startedWith({ "README.md": "hello\n" });
    expect(verdict(await repository.commit(await everywhere()))).toBe("accepted");
  });

  test.each(NEEDED)("is not removed: %s", async (key, expected) => {
    const files = await everywhere();
    const repository = await startedWith(files);
    const end = await repository.commit({ [PINS]: withoutLine(files[PINS] ?? "", key) });
    expect(verdict(end)).toEqual(expected);
  });

  test.each(NEEDED)("is not removed in a commit that changes the lock too: %s", async (key) => {
    const files = await everywhere();
    const repository = await startedWith(files);
    const lock = mintUvLock([...EVERYWHERE, { name: "more" }]);
    const pins = await mintPins({ "uv.lock": lock }, { before: files[PINS] ?? "" });
    const end = await repository.commit({
      "uv.lock": lock,
      [PINS]: withoutLine(withoutLine(pins, "filed"), key),
    });
    expect(verdict(end)).not.toBe("accepted");
  });

  test("may be that of a file which the lock knows by its hash alone", async () => {
    const digest = "a".repeat(64);
    const lock = `alpha==1.0 --hash=sha256:${digest}\n`;
    const pins = await mintPins(
      { "requirements.txt": lock },
      { before: `${OTHER_FILE} sha256:${digest}\n` },
    );
    const repository = await startedWith({ "README.md": "hello\n" });
    const files = { "requirements.txt": lock, [PINS]: withoutLine(pins, "alpha") };
    expect(verdict(await repository.commit(files))).toBe("accepted");
    const end = await repository.commit({ [PINS]: withoutLine(files[PINS], OTHER_FILE) });
    expect(verdict(end)).toEqual([
      "PACKAGE_NOT_RECORDED requirements.txt",
      `PINS_STILL_NEEDED ${PINS}`,
    ]);
  });

  test("may be the index of a package for which the lock names none", async () => {
    const lock = `alpha==1.0 --hash=sha256:${"a".repeat(64)}\n`;
    const before = `#index:alpha ${OTHER_INDEX}\n`;
    const pins = await mintPins({ "requirements.txt": lock }, { before });
    const repository = await startedWith({ "requirements.txt": lock, [PINS]: pins });
    const end = await repository.commit({ [PINS]: withoutLine(pins, "#index:alpha") });
    expect(verdict(end)).toEqual([`PINS_STILL_NEEDED ${PINS}`]);
  });

  /** Lines that stand in the place of a pin and ask for less. */
  const INSTEAD: readonly (readonly [string, string])[] = [
    ["#unsigned:... seen", "#unsigned:alpha seen"],
    ["#unsigned:... allowed", "#unsigned:alpha allowed"],
    ["#source:...", `#source:alpha git+${OTHER_SOURCE}`],
  ];

  test.each(INSTEAD)("is no pin that %s may stand in for", async (_, line) => {
    const repository = await startedWith(await reviewed(BASE));
    const pins = withoutLine(await withLines([line]), "alpha");
    const end = await repository.commit({ [PINS]: pins });
    expect(verdict(end)).toContain(`PINS_STILL_NEEDED ${PINS}`);
  });

  test("may go where each file of the package is accepted by its bytes, and is shown", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage({ [PINS]: withoutLine(await withLines([FILE]), "alpha") });
    const weakenings = await stagedWeakenings(repository);
    expect(weakenings.toSorted()).toEqual(["FILE_ADDED", "PIN_REMOVED"]);
    expect(verdict(await repository.git("commit", "-m", "x"))).toBe("accepted");
  });

  test("may go where the package comes from a recorded source now, and is shown", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const source = `{ git = "${OTHER_SOURCE}#${"a".repeat(40)}" }`;
    await repository.stage(
      await reviewed(mintUvLock([{ name: "alpha", source }, { name: "beta" }])),
    );
    const weakenings = await stagedWeakenings(repository);
    expect(weakenings.toSorted()).toEqual(["PIN_REMOVED", "SOURCE_ADDED"]);
    expect(verdict(await repository.git("commit", "-m", "x"))).toBe("accepted");
  });

  test("may go together with its package, and is shown", async () => {
    const files = await reviewed(GROWN);
    const repository = await startedWith(files);
    await repository.stage(await reviewed(BASE));
    expect(await stagedWeakenings(repository)).toEqual(["PIN_REMOVED"]);
    expect(verdict(await repository.git("commit", "-m", "x"))).toBe("accepted");
  });
});
