import { describe, expect, test } from "vitest";
import {
  DECISION_CODES,
  githubAnnotations,
  githubSummary,
  htmlReport,
  jsonReport,
  type JsonReport,
  sarifReport,
  textReport,
} from "@pubpin/shared";
import { acceptCommand, fillIn } from "../../../packages/shared/src/report/acceptance.ts";
import { DECISION_WORDS } from "../../../packages/shared/src/report/decision-words.ts";
import { decision, report, REQUESTS, verified } from "./fixtures.ts";

describe("the command that accepts a decision", () => {
  test("is on the project, on the file, or trust on first use, as the code asks for", () => {
    const commands = DECISION_CODES.map((code) => [code, acceptCommand(decision(code))]);
    expect(Object.fromEntries(commands)).toEqual({
      UNVERIFIABLE: null,
      TRUST_ROOT_UNKNOWN_KEY: null,
      PROJECT_QUARANTINED: null,
      HASH_UNUSABLE: null,
      FILE_MISMATCH: null,
      FILE_CHANGED: "pubpin accept requests-2.32.4-py3-none-any.whl",
      FILE_PINNED: null,
      SOURCE_CHANGED: "pubpin accept requests",
      SOURCE_PINNED: null,
      NOT_FROM_INDEX: "pubpin accept requests",
      INDEX_CHANGED: "pubpin accept requests",
      HASH_NOT_ON_INDEX: "pubpin accept requests-2.32.4-py3-none-any.whl",
      ATTESTATION_INVALID: "pubpin accept requests-2.32.4-py3-none-any.whl",
      PUBLISHER_MATCH: null,
      REPOSITORY_RENAMED: "pubpin accept requests",
      REPOSITORY_TRANSFERRED: "pubpin accept requests",
      REPOSITORY_REPLACED: "pubpin accept requests",
      PUBLISHER_CHANGED: "pubpin accept requests",
      PUBLISHER_UNPINNED: "pubpin tofu",
      ATTESTATION_MISSING: "pubpin accept requests-2.32.4-py3-none-any.whl",
      UNSIGNED: "pubpin accept requests",
    });
  });

  test("agrees with the remedy where that names a command", () => {
    const missing = DECISION_CODES.flatMap((code) => {
      const example = decision(code);
      const named = /`(pubpin [^`]+)`/.exec(fillIn(DECISION_WORDS[code].remedy, example))?.[1];
      const command = acceptCommand(example);
      return named === undefined || named === command || named === "pubpin tofu" ? [] : [code];
    });
    expect(missing).toEqual([]);
  });

  test("quotes an epoch, which a shell would take for its history", () => {
    const filename = "requests-1!2.0-py3-none-any.whl";
    expect(acceptCommand(decision("FILE_CHANGED", { filename }))).toBe(
      "pubpin accept 'requests-1!2.0-py3-none-any.whl'",
    );
  });

  test.each(["--all", "a b", "a;b", "a'b", "a\nb", "$(a)", "`a`", "\u0430", ""])(
    "is none for a name that no shell should see: %j",
    (name) => {
      expect(acceptCommand(decision("PUBLISHER_CHANGED", { name }))).toBeNull();
    },
  );
});

describe("where several publishers were seen and none is pinned", () => {
  const other = { ...REQUESTS, url: "https://github.com/some/other", repositoryId: "7" };
  const seen = (publisher: typeof REQUESTS, filename: string) =>
    decision("PUBLISHER_UNPINNED", { filename, found: [verified(publisher)] });
  const COMMAND = "pubpin accept requests --publisher URL";
  const cases = [
    [
      "in one file",
      [report([decision("PUBLISHER_UNPINNED", { found: [verified(REQUESTS), verified(other)] })])],
    ],
    ["in two files", [report([seen(REQUESTS, "a.whl"), seen(other, "b.whl")])]],
    [
      "in two locks",
      [report([seen(REQUESTS, "a.whl")]), report([seen(other, "a.whl")], { subject: "pdm.lock" })],
    ],
  ] as const;

  test.each(cases)("%s, every form of report names the command that chooses", (_where, reports) => {
    const { reports: subjects } = JSON.parse(jsonReport(reports)) as JsonReport;
    const accepted = subjects.flatMap(({ decisions }) => decisions.map(({ accept }) => accept));
    expect(new Set(accepted)).toEqual(new Set([COMMAND]));
    expect(textReport(reports)).toMatch(new RegExp(`accept +${COMMAND}\n`));
    expect(sarifReport(reports, { version: "1" })).toContain(`To accept it: \`${COMMAND}\``);
    expect(githubAnnotations(reports)).toContain(`To accept it: ${COMMAND}`);
    expect(githubSummary(reports)).toContain("<code>pubpin accept requests --publisher URL</code>");
    expect(htmlReport(reports)).toContain(`<code class="command">${COMMAND}</code>`);
  });

  test("what is attested twice by one publisher stays with trust on first use", () => {
    const attested = [verified(REQUESTS), verified(other, { predicateType: "https://x.example" })];
    const [only] = (
      JSON.parse(
        jsonReport([
          report([
            decision("PUBLISHER_UNPINNED", { found: [...attested, verified(REQUESTS)] }),
            decision("PUBLISHER_UNPINNED", { name: "other", found: [verified(other)] }),
          ]),
        ]),
      ) as JsonReport
    ).reports;
    expect(only?.decisions.map(({ accept }) => accept)).toEqual(["pubpin tofu", "pubpin tofu"]);
  });
});

test("a remedy has the name and the file name where it asks for them, or stays as it is", () => {
  const remedy = "`pubpin accept NAME`, `pubpin accept FILENAME`, and no RENAMED or USERNAME.";
  expect(fillIn(remedy, decision("UNSIGNED"))).toBe(
    "`pubpin accept requests`, `pubpin accept requests-2.32.4-py3-none-any.whl`, " +
      "and no RENAMED or USERNAME.",
  );
  expect(fillIn(remedy, decision("UNSIGNED", { name: "a b", filename: "c`d" }))).toBe(remedy);
});
