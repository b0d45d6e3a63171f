import { DECISION_CODES } from "@pubpin/shared";
import { expect, test } from "vitest";
import { sarifReport } from "../../../packages/shared/src/report/sarif.ts";
import { decision, hostileReport, largeReport, mixedReport, report } from "./fixtures.ts";
import { sarifErrors } from "./sarif-schema.ts";

const VERSION = "1.2.3";

test.each([
  ["one of each outcome", mixedReport()],
  ["400 packages that match", largeReport()],
  ["hostile text", hostileReport()],
  ["nothing", report([])],
  ["a decision of every code", report(DECISION_CODES.map((code) => decision(code)))],
  ["every code failing", report(DECISION_CODES.map((code) => decision(code, { verdict: "fail" })))],
  ["no place", report([decision("INDEX_CHANGED", { place: null, filename: null })])],
  ["no line", report([decision("INDEX_CHANGED", { place: { path: "b/u.lock", line: null } })])],
])("a SARIF log of %s is valid by the schema of SARIF 2.1.0", (_of, each) => {
  expect(sarifErrors(sarifReport([each], { version: VERSION }))).toEqual([]);
});

test("a log that breaks the schema is found", () => {
  const log = sarifReport([mixedReport()], { version: VERSION });
  expect(sarifErrors(log.replace('"startLine": 40', '"startLine": 0'))).not.toEqual([]);
  expect(sarifErrors(log.replace('"ruleId"', '"rule_id"'))).not.toEqual([]);
  expect(sarifErrors(log.replace('"version": "2.1.0"', '"version": "2.2.0"'))).not.toEqual([]);
  expect(sarifErrors(log.replace('"level": "error"', '"level": "severe"'))).not.toEqual([]);
});
