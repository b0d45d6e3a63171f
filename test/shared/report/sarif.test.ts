import { DECISION_CODES } from "@pubpin/shared";
import { describe, expect, test } from "vitest";
import type { Report } from "../../../packages/shared/src/model.ts";
import { sarifReport } from "../../../packages/shared/src/report/sarif.ts";
import {
  changed,
  decision,
  HOSTILE,
  hostileReport,
  largeReport,
  match,
  mixedReport,
  notice,
  release,
  report,
} from "./fixtures.ts";

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly kind: string;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly unknown[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}

interface Rule {
  readonly id: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Run {
  readonly tool: { readonly driver: { readonly rules: readonly Rule[] } };
  readonly invocations: readonly unknown[];
  readonly results: readonly Result[];
  readonly properties: unknown;
}

function runOf(...reports: readonly Report[]): Run {
  const log = JSON.parse(sarifReport(reports, { version: "1.2.3" })) as { readonly runs: Run[] };
  expect(log.runs).toHaveLength(1);
  return log.runs[0] as Run;
}

describe("a SARIF result", () => {
  test("is one for a release, points at the line of the lock, and says how to accept it", () => {
    const { results, tool } = runOf(report(release(15, changed)));
    expect(results).toEqual([
      {
        ruleId: "PUBLISHER_CHANGED",
        ruleIndex: tool.driver.rules.findIndex(({ id }) => id === "PUBLISHER_CHANGED"),
        kind: "fail",
        level: "error",
        message: {
          text:
            "requests 2.32.4: The publisher changed: " +
            "expected https://github.com/psf/requests (repository 1362490, owner 50630501, publish.yml), " +
            "found https://github.com/psf-mirror/requests (repository 987654321, owner 123456789, release.yml). " +
            "File: requests-2.32.4-cp30-none-any.whl and 14 more files. " +
            "Find out from the project itself (its repository, its announcements) whether it moved. " +
            "If it did, `pubpin accept requests` records it, and the changed line is there for review. " +
            "To accept it: `pubpin accept requests`. See docs/errors.md#publisher_changed.",
        },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: "uv.lock", uriBaseId: "%SRCROOT%" },
              region: { startLine: 812 },
            },
            logicalLocations: [
              {
                name: "requests 2.32.4",
                fullyQualifiedName: "pypi/requests@2.32.4",
                kind: "package",
              },
            ],
          },
        ],
        partialFingerprints: { "pubpinRelease/v1": "uv.lock/requests/2.32.4/PUBLISHER_CHANGED" },
      },
    ]);
  });

  test("is an error for what fails or is unknown, a note for a notice, and none for what passes", () => {
    const levels = runOf(mixedReport()).results.map(({ ruleId, level }) => `${level} ${ruleId}`);
    expect(levels).toEqual([
      "error ATTESTATION_INVALID",
      "error PUBLISHER_CHANGED",
      "error PUBLISHER_UNPINNED",
      "error UNVERIFIABLE",
      "note REPOSITORY_RENAMED",
      "note YANKED",
    ]);
    expect(runOf(largeReport()).results).toEqual([]);
  });

  test("is not a note as well where strict makes a failure of it", () => {
    const strict = decision("NOT_FROM_INDEX", {
      verdict: "fail",
      notices: [notice("NOT_FROM_INDEX", "comes from elsewhere")],
    });
    expect(runOf(report([strict])).results.map(({ level }) => level)).toEqual(["error"]);
  });

  test("has a fingerprint of its own that a move to another line leaves alone", () => {
    const at = (line: number) =>
      runOf(report([changed({ place: { path: "uv.lock", line } })])).results[0];
    expect(at(5)?.partialFingerprints).toEqual(at(500)?.partialFingerprints);
    expect(at(5)?.locations).not.toEqual(at(500)?.locations);
  });

  test("has another fingerprint for another lock, name, version or code", () => {
    const decisions = [
      changed(),
      changed({ name: "other" }),
      changed({ version: "3" }),
      changed({ name: "requests/2.32.4", version: "" }),
      changed({ place: { path: "other.lock", line: 812 } }),
      decision("ATTESTATION_MISSING"),
      decision("INDEX_CHANGED", { place: null }),
    ];
    const { results } = runOf(report(decisions, { subject: "a request" }));
    const fingerprints = results.map((each) => each.partialFingerprints["pubpinRelease/v1"]);
    expect(new Set(fingerprints).size).toBe(decisions.length);
    expect(fingerprints).toContain("a%20request/requests/2.32.4/INDEX_CHANGED");
  });

  test("has a path from the repository's root, as a relative URI", () => {
    const place = { path: "büro/a b:c#d/uv.lock", line: null };
    const log = sarifReport([report([changed({ place })])], {
      version: "1.2.3",
      repositoryPath: (path) => `services/${path}`,
    });
    expect(log).toContain('"uri": "services/b%C3%BCro/a%20b%3Ac%23d/uv.lock"');
    expect(log).not.toContain("startLine");
  });
});

describe("the rules", () => {
  const { rules } = runOf(report([])).tool.driver;

  test("are there for every code that a result can have, whatever the report", () => {
    const always = new Set(["FILE_PINNED", "SOURCE_PINNED", "PUBLISHER_MATCH"]);
    const ids = rules.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(DECISION_CODES.filter((code) => !always.has(code))));
    expect(ids).toEqual(
      expect.arrayContaining(["WORKFLOW_CHANGED", "YANKED", "UNKNOWN_PREDICATE"]),
    );
    expect(ids).toHaveLength(new Set(ids).size);
    expect(runOf(mixedReport()).tool.driver.rules).toEqual(rules);
  });

  test("say what a code means, what to do, and where to read on", () => {
    expect(rules.find(({ id }) => id === "REPOSITORY_REPLACED")).toMatchObject({
      name: "RepositoryReplaced",
      shortDescription: { text: "Another repository under the same name" },
      help: { text: expect.stringMatching(/registered again\.\n\nWhat to do: Do not install it/) },
      defaultConfiguration: { level: "error" },
      properties: { tags: ["security", "supply-chain"], "security-severity": "8.0" },
    });
  });

  test("accuse nobody of what could not be verified, and make no alert of a notice", () => {
    const severities = ["UNVERIFIABLE", "TRUST_ROOT_UNKNOWN_KEY", "YANKED"].map((code) => {
      return rules.find(({ id }) => id === code)?.properties["security-severity"];
    });
    expect(severities).toEqual(["5.0", "5.0", undefined]);
  });
});

test("one run holds all reports, and says whether everything could be verified", () => {
  const unknown = decision("UNVERIFIABLE", { name: "other" });
  const run = runOf(report([changed()]), report([unknown], { subject: "b.lock", strict: true }));
  expect(run.results).toHaveLength(2);
  expect(run.invocations).toEqual([{ executionSuccessful: false, exitCode: 1 }]);
  expect(run.properties).toEqual({
    verdicts: { pass: 0, fail: 1, unverifiable: 1 },
    subjects: [
      {
        subject: "uv.lock",
        strict: false,
        trustRoot: { origin: "embedded", newestStart: "2025-10-01T00:00:00.000Z" },
      },
      {
        subject: "b.lock",
        strict: true,
        trustRoot: { origin: "embedded", newestStart: "2025-10-01T00:00:00.000Z" },
      },
    ],
  });
  expect(runOf(report([match()])).invocations).toEqual([
    { executionSuccessful: true, exitCode: 0 },
  ]);
});

test("hostile text makes no links, no placeholders and nothing that a terminal obeys", () => {
  const log = sarifReport([hostileReport()], { version: "1.2.3" });
  expect(log).toMatch(/^[ -~\n]+$/);
  const texts = runOf(hostileReport()).results.map(({ message }) => message.text);
  expect(texts).toHaveLength(2);
  for (const text of texts) {
    expect(text).not.toContain("](");
    expect(text).not.toMatch(/(?<!\{)\{\d/);
    expect(text).toContain(HOSTILE.slice(HOSTILE.indexOf("<img"), HOSTILE.indexOf("](")));
  }
});
