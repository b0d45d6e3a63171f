import { describe, expect, test } from "vitest";
import { exitCodeOf, summarize } from "../../../packages/shared/src/report/summary.ts";
import { changed, decision, largeReport, match, mixedReport, report } from "./fixtures.ts";

describe("the exit code", () => {
  const unverifiable = decision("UNVERIFIABLE");

  test.each([
    [0, "nothing was decided", []],
    [0, "everything passes", [match(), decision("UNSIGNED")]],
    [1, "one file fails", [match(), changed()]],
    [3, "one file could not be verified", [match(), unverifiable]],
    [1, "one fails and another could not be verified", [unverifiable, changed()]],
  ] as const)("is %i where %s", (code, _where, decisions) => {
    expect(exitCodeOf([report(decisions)])).toBe(code);
    expect(exitCodeOf([report([match()]), report(decisions)])).toBe(code);
  });
});

describe("a summary", () => {
  test("counts files by verdict, code, notice and outcome, and packages by their worst file", () => {
    expect(summarize([mixedReport()])).toEqual({
      packages: 9,
      files: 23,
      attested: 19,
      verdicts: { pass: 5, fail: 17, unverifiable: 1 },
      codes: new Map([
        ["UNVERIFIABLE", 1],
        ["FILE_PINNED", 1],
        ["ATTESTATION_INVALID", 1],
        ["PUBLISHER_MATCH", 2],
        ["REPOSITORY_RENAMED", 1],
        ["PUBLISHER_CHANGED", 15],
        ["PUBLISHER_UNPINNED", 1],
        ["UNSIGNED", 1],
      ]),
      notices: new Map([
        ["REPOSITORY_RENAMED", 1],
        ["YANKED", 1],
      ]),
      fileOutcomes: {
        failed: 16,
        unverifiable: 1,
        unpinned: 1,
        unattested: 1,
        matched: 3,
        accepted: 1,
      },
      packageOutcomes: {
        failed: 2,
        unverifiable: 1,
        unpinned: 1,
        unattested: 1,
        matched: 3,
        accepted: 1,
      },
    });
  });

  test("takes one version of one project in one lock for a package", () => {
    const reports = [
      report([match(), match({ filename: "other.tar.gz" }), match({ version: "3" })]),
      report([match()], { subject: "other.lock" }),
    ];
    expect(summarize(reports)).toMatchObject({ packages: 3, files: 4 });
    expect(summarize([largeReport()])).toMatchObject({ packages: 400, files: 800, attested: 800 });
  });

  test("takes a release that is signed in part and pinned for the rest for a match", () => {
    const { packageOutcomes } = summarize([report([decision("FILE_PINNED"), match()])]);
    expect(packageOutcomes).toMatchObject({ matched: 1, accepted: 0 });
  });

  test("counts no code that never came up", () => {
    expect([...summarize([report([match()])]).codes.keys()]).toEqual(["PUBLISHER_MATCH"]);
  });
});
