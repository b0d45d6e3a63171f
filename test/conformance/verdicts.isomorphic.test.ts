import { expect, test } from "vitest";
import { describeWithData, readData } from "../support/data.ts";
import { argumentsOf, CASE_COUNT, conformanceCases } from "./cases.ts";
import { runClient } from "./command.ts";
import type { ClientResult } from "./command.ts";

const environment = { readFile: readData, stagingRoot: undefined };
const plain = (path: string): string => path;

function outcome(result: ClientResult): string {
  if (result.exitCode === 0) return "verified";
  return result.exitCode === 1 ? result.code : result.reason;
}

describeWithData("the Sigstore conformance suite", async () => {
  const cases = await conformanceCases();

  test(`has ${CASE_COUNT} cases`, () => {
    expect(cases).toHaveLength(CASE_COUNT);
  });

  test("x", async () => {
    const t: Record<string, string> = {};
    for (const c of cases) { const r = await runClient(argumentsOf(c, plain), environment); t[c.name] = outcome(r); }
    console.log(t);
    for (const c of cases) if (c.isRefused) console.log(c.name, (await runClient(argumentsOf(c, plain), environment) as any).reason);
  });
});
