import type { GuardEvent } from "micropip-guard";
import { beforeAll, describe, expect, test } from "vitest";
import { htmlOf, textOf } from "../../packages/micropip-guard/src/report.ts";
import { decisionOf } from "../../packages/micropip-guard/src/unvouched.ts";
import { type Guarded, refusalOf, startGuarded } from "./support/interpreter.ts";
import { NEWEST } from "./support/pairs.ts";
import { PATIENCE, useWorld } from "./support/use-world.ts";

const world = useWorld(NEWEST);
const heard: GuardEvent[] = [];
let guarded: Guarded;

beforeAll(async () => {
  const onDecision = (event: GuardEvent): void => {
    heard.push(event);
    throw new Error("a listener that fails");
  };
  guarded = await startGuarded(NEWEST, world(), { onDecision });
  await guarded.py.runPythonAsync(`await micropip.install("app")`);
  await refusalOf(guarded.py, `await micropip.install(["other", "evil"])`);
}, PATIENCE);

describe("the report of a guard", () => {
  test("has every decision, in order, with what became of it", () => {
    const { events, mode, strict } = guarded.guard.report();
    expect({ mode, strict }).toEqual({ mode: "pinned", strict: false });
    expect(
      events.map(({ decision: { name, code }, outcome, route }) => [name, code, outcome, route]),
    ).toEqual([
      ["micropip", "FILE_PINNED", "accepted", "loadPackage"],
      ["leaf", "PUBLISHER_MATCH", "accepted", "micropip"],
      ["mid", "PUBLISHER_MATCH", "accepted", "micropip"],
      ["app", "PUBLISHER_MATCH", "accepted", "micropip"],
      ["other", "PUBLISHER_MATCH", "held", "micropip"],
      ["evil", "PUBLISHER_CHANGED", "refused", "micropip"],
    ]);
  });

  test("is what listeners heard while it grew, even such as fail", () => {
    expect(heard).toEqual(guarded.guard.report().events);
  });

  test("is a text with a line for each decision", () => {
    const lines = guarded.guard.report().text.split("\n");
    expect(lines[0]).toBe("micropip-guard: pinned; trust root given, of 2020-01-01");
    expect(lines.at(-1)).toBe(
      "refused   evil 1.0  PUBLISHER_CHANGED  https://github.com/mallory/evil",
    );
    expect(lines).toHaveLength(7);
  });

  test("is at hand in Python, as text and as a table for notebooks", () => {
    const shown = JSON.parse(
      guarded.py.runPython(`
import json, micropip_guard
report = micropip_guard.report()
json.dumps([repr(report), report._repr_html_(), report.decisions[-1]])`) as string,
    ) as readonly unknown[];
    const { text, html } = guarded.guard.report();
    expect(shown.slice(0, 2)).toEqual([text, html]);
    expect(shown[2]).toMatchObject({
      name: "evil",
      outcome: "refused",
      found: [{ logIndex: expect.any(String) as string }],
    });
  });
});

describe("what comes from outside", () => {
  const decision = decisionOf({
    code: "NOT_FROM_INDEX",
    verdict: "fail",
    name: `<img src=x onerror="alert(1)">`,
    version: "1\u001b[2J\u202e",
    message: "<script>&'\u202e",
  });
  const data = {
    mode: "pinned",
    strict: true,
    trustRoot: { origin: "embedded", newestStart: new Date("2025-01-02") },
    events: [{ decision, outcome: "refused", route: "archive" }],
  } as const;

  test("is escaped in the table", () => {
    const html = htmlOf(data);
    expect(html).not.toMatch(/<img|<script|onerror="/);
    expect(html).not.toContain("\u202e");
    expect(html).toContain("&#60;img src=x onerror=&#34;alert(1)&#34;&#62; 1\\u001b[2J\\u202e");
    expect(html.match(/<tr>/g)).toHaveLength(2);
  });

  test("cannot move a terminal's cursor in the text", () => {
    const text = textOf(data);
    expect(text).toMatch(/^[ -~\n]*$/);
    expect(text.split("\n")).toHaveLength(2);
  });
});
