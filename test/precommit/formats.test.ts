/** What the hook says, in every form. */
import { mintedPackages, mintPins, mintUvLock, type ProgramEnd } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { sarifErrors } from "../shared/report/sarif-schema.ts";
import { hookSetting } from "./support/setting.ts";
import { BASE, BUMPED, PINS, reviewed } from "./support/states.ts";

const { startedWith, hook } = hookSetting();

/** Staged: alpha is updated, gamma is new and unsigned, beta is gone; the digest is missing. */
async function mixed(...parameters: readonly string[]): Promise<ProgramEnd> {
  const files = await reviewed(BASE);
  const repository = await startedWith(files);
  const lock = mintUvLock([{ name: "alpha", version: "2.0" }, { name: "gamma" }]);
  const pins = `#unsigned:gamma seen\n${files[PINS] ?? ""}`.replace("octo/alpha", "mallory/alpha");
  await repository.stage({ "uv.lock": lock, [PINS]: pins });
  return hook(repository, parameters);
}

interface JsonFinding {
  readonly code: string;
  readonly level: string;
  readonly path: string;
  readonly line: number | null;
  readonly commit: string | null;
  readonly package: string | null;
  readonly weakening: string | null;
  readonly message: string;
  readonly repair: string | null;
  readonly docs: string;
}

interface JsonReport {
  readonly schema: string;
  readonly exitCode: number;
  readonly changes: readonly {
    readonly commit: string | null;
    readonly locks: readonly {
      readonly path: string;
      readonly provenance: string | null;
      readonly state: string;
      readonly counts: Readonly<Record<string, number>>;
      readonly packages: readonly {
        readonly name: string;
        readonly kinds: readonly string[];
        readonly before: readonly string[];
        readonly after: readonly string[];
        readonly publishers: readonly string[];
        readonly standing: string;
      }[];
    }[];
    readonly findings: readonly JsonFinding[];
  }[];
}

describe.concurrent("the text", () => {
  test("has a line for each package, with its publisher and what is new about it", async () => {
    const { exitCode, stdout } = await mixed("--color", "never");
    expect(exitCode).toBe(1);
    for (const words of [
      /updated +alpha 1\.0 -> 2\.0 +https:\/\/github\.com\/mallory\/alpha +\(another publisher\)/,
      /added +gamma 1\.0 +\(not signed\)/,
      /removed +beta 1\.0 +https:\/\/github\.com\/octo\/beta/,
    ]) {
      expect(stdout).toMatch(words);
    }
    expect(stdout).toMatch(/refused +LOCK_DIGEST_MISMATCH +\.provenance\.txt:\d+/);
    expect(stdout).toContain("repair");
    expect(stdout).toContain("pubpin tofu uv.lock && git add .provenance.txt");
    expect(stdout).toContain("docs/errors.md#LOCK_DIGEST_MISMATCH".toLowerCase());
  });

  test("is short for one package", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage(await reviewed(BUMPED));
    const { exitCode, stdout } = await hook(repository, []);
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split("\n").length).toBeLessThanOrEqual(3);
  });

  test("is summarised for four hundred, and whole with --verbose", async () => {
    const packages = mintedPackages(400);
    const before = mintUvLock(packages);
    const after = mintUvLock(packages.map(({ name }) => ({ name, version: "2.0" })));
    const repository = await startedWith(await reviewed(before));
    await repository.stage(await reviewed(after));
    const short = await hook(repository, []);
    expect(short.exitCode).toBe(0);
    expect(short.stdout).toContain("400");
    expect(short.stdout.split("\n").length).toBeLessThan(20);
    const long = await hook(repository, ["--verbose"]);
    expect(long.stdout.split("\n").length).toBeGreaterThan(400);
  });

  test("summarises nothing that a reviewer must see", async () => {
    const packages = mintedPackages(400);
    const before = mintUvLock(packages);
    const repository = await startedWith(await reviewed(before));
    const after = await reviewed(mintUvLock(packages.map(({ name }) => ({ name, version: "2" }))));
    const pins = (after[PINS] ?? "").replace("octo/package-399", "mallory/package-399");
    await repository.stage({ ...after, [PINS]: pins });
    const { stdout } = await hook(repository, []);
    expect(stdout).toContain("mallory/package-399");
    expect(stdout).toContain("PUBLISHER_REPLACED");
  });

  test("has colours only where they are wanted", async () => {
    const escape = "\u001b[";
    expect((await mixed()).stdout).not.toContain(escape);
    expect((await mixed("--color", "always")).stdout).toContain(escape);
  });

  test("cannot be forged by what a lock or path holds", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const path = "\u001b[2J\u202e/uv.lock";
    await repository.stage({ [path]: "hello\n" });
    const { exitCode, stdout, stderr } = await hook(repository, []);
    expect(exitCode).toBe(1);
    expect(stdout + stderr).not.toMatch(/[\u001b\u202e]/);
  });
});

describe.concurrent("JSON", () => {
  test("has locks with their packages, and findings", async () => {
    const { exitCode, stdout } = await mixed("--format", "json");
    const report = JSON.parse(stdout) as JsonReport;
    expect(report).toMatchObject({ schema: "pubpin-hook/1", exitCode: 1 });
    expect(exitCode).toBe(1);
    const [change] = report.changes;
    expect(change?.commit).toBeNull();
    expect(change?.locks).toMatchObject([
      {
        path: "uv.lock",
        provenance: PINS,
        state: "refused",
        counts: { added: 1, removed: 1, updated: 1, files: 0, source: 0 },
        packages: [
          {
            name: "alpha",
            kinds: ["updated"],
            before: ["1.0"],
            after: ["2.0"],
            publishers: ["https://github.com/mallory/alpha"],
            standing: "changed",
          },
          {
            name: "beta",
            kinds: ["removed"],
            before: ["1.0"],
            after: [],
            publishers: ["https://github.com/octo/beta"],
            standing: "removed",
          },
          {
            name: "gamma",
            kinds: ["added"],
            before: [],
            after: ["1.0"],
            publishers: [],
            standing: "unsigned",
          },
        ],
      },
    ]);
    const found = change?.findings.map(({ code, level, weakening }) => [code, level, weakening]);
    expect(found).toEqual([
      ["LOCK_DIGEST_MISMATCH", "error", null],
      ["PINS_WEAKENED", "warning", "PUBLISHER_REPLACED"],
    ]);
    const [mismatch] = change?.findings ?? [];
    expect(mismatch).toMatchObject({
      path: PINS,
      line: expect.any(Number) as unknown,
      commit: null,
      repair: "pubpin tofu uv.lock && git add .provenance.txt",
    });
    expect(mismatch?.docs).toContain("LOCK_DIGEST_MISMATCH".toLowerCase());
  });

  test("is whole where nothing is staged that matters", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage({ "README.md": "hello\n" });
    const { exitCode, stdout } = await hook(repository, ["--format", "json"]);
    expect(exitCode).toBe(0);
    const report = JSON.parse(stdout) as JsonReport;
    expect(report).toMatchObject({ schema: "pubpin-hook/1", exitCode: 0 });
    expect(report.changes.flatMap(({ findings }) => findings)).toEqual([]);
  });

  test("names the commit of a range", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const bad = await repository.commitUnchecked({ "uv.lock": BUMPED });
    const { stdout } = await hook(repository, ["--from-ref", "HEAD~1", "--format", "json"]);
    const { changes } = JSON.parse(stdout) as JsonReport;
    expect(changes.map(({ commit }) => commit)).toEqual([bad]);
    expect(changes[0]?.findings.map(({ commit }) => commit)).toEqual([bad]);
  });
});

describe.concurrent("SARIF", () => {
  interface Sarif {
    readonly runs: readonly {
      readonly results: readonly {
        readonly ruleId: string;
        readonly level: string;
        readonly partialFingerprints?: Readonly<Record<string, string>>;
        readonly locations: readonly {
          readonly physicalLocation: {
            readonly artifactLocation: { readonly uri: string };
            readonly region?: { readonly startLine: number };
          };
        }[];
      }[];
    }[];
  }

  test.each([[], ["--from-ref", "HEAD"]])("is valid where nothing is wrong %s", async (...more) => {
    const repository = await startedWith(await reviewed(BASE));
    const { exitCode, stdout } = await hook(repository, ["--format", "sarif", ...more]);
    expect(exitCode).toBe(0);
    expect(sarifErrors(stdout)).toEqual([]);
  });

  test("is valid, and has rule, level, file and line of each finding", async () => {
    const { exitCode, stdout } = await mixed("--format", "sarif");
    expect(exitCode).toBe(1);
    expect(sarifErrors(stdout)).toEqual([]);
    const { runs } = JSON.parse(stdout) as Sarif;
    const results = runs.flatMap((run) => run.results);
    expect(results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
      ["LOCK_DIGEST_MISMATCH", "error"],
      ["PINS_WEAKENED", "warning"],
    ]);
    for (const { locations, partialFingerprints } of results) {
      expect(locations[0]?.physicalLocation.artifactLocation.uri).toBe(PINS);
      expect(locations[0]?.physicalLocation.region?.startLine).toBeGreaterThan(0);
      expect(partialFingerprints).toBeDefined();
    }
  });

  test("gives a finding the same fingerprint in each run, and two findings two", async () => {
    const prints = async (): Promise<readonly string[]> => {
      const { runs } = JSON.parse((await mixed("--format", "sarif")).stdout) as Sarif;
      return runs.flatMap(({ results }) =>
        results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints)),
      );
    };
    const first = await prints();
    expect(new Set(first).size).toBe(first.length);
    expect(await prints()).toEqual(first);
  });

  test("gives a finding of a range the same fingerprint after a rebase", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const { [PINS]: pins = "" } = await reviewed(BASE);
    const prints = async (): Promise<readonly string[]> => {
      const range = ["--from-ref", "HEAD~1", "--format", "sarif"];
      const { stdout } = await hook(repository, range);
      expect(sarifErrors(stdout)).toEqual([]);
      const { runs } = JSON.parse(stdout) as Sarif;
      return runs.flatMap(({ results }) =>
        results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints)),
      );
    };
    const also = [
      "#also:alpha:2 https://github.com/a/b\n",
      "#also:alpha:3 https://github.com/c/d\n",
    ];
    const commit = { "uv.lock": BUMPED, [PINS]: pins + also.join("") };
    const first = await repository.commitUnchecked(commit);
    const before = await prints();
    await repository.must("commit", "--quiet", "--no-verify", "--amend", "-m", "another");
    expect(await repository.must("rev-parse", "HEAD")).not.toBe(first);
    expect(await prints()).toEqual(before);
    expect(before.length).toBe(3);
    expect(new Set(before).size).toBe(3);
  });

  test("writes paths as URIs", async () => {
    const path = "my äpp/uv.lock";
    const repository = await startedWith({ [path]: BASE, [PINS]: await mintPins({}) });
    await repository.stage({ [path]: BUMPED });
    const { stdout } = await hook(repository, ["--format", "sarif"]);
    expect(sarifErrors(stdout)).toEqual([]);
    expect(stdout).toContain("my%20%C3%A4pp/uv.lock");
  });
});

describe.concurrent("GitHub's annotations", () => {
  test("are one line for each finding, with file and line", async () => {
    const { exitCode, stdout } = await mixed("--format", "github");
    expect(exitCode).toBe(1);
    const lines = stdout.trimEnd().split("\n");
    const errors = lines.filter((line) => line.startsWith("::error "));
    const warnings = lines.filter((line) => line.startsWith("::warning "));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/^::error file=\.provenance\.txt,line=\d+,.*title=.*::.+$/);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("PUBLISHER_REPLACED");
  });

  test("annotate a weakening that is accepted", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const { [PINS]: pins = "" } = await reviewed(BASE);
    await repository.commitUnchecked({ [PINS]: pins.replace("octo/alpha", "mallory/alpha") });
    const { exitCode, stdout } = await hook(repository, [
      "--from-ref",
      "HEAD~1",
      "--format",
      "github",
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^::warning .*PUBLISHER_REPLACED/m);
  });

  test("cannot be forged by what a path holds", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage({ "a,line=1::x\n::error file=x::/uv.lock": "hello\n" });
    const { stdout } = await hook(repository, ["--format", "github"]);
    expect(stdout).not.toMatch(/^::error file=x/m);
    expect(stdout).toMatch(/^::error file=a%2Cline=1%3A%3Ax%0A%3A%3Aerror file=x%3A%3A\/uv\.lock,/);
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  });
});
