import { expect, test } from "vitest";
import { describeWithData, readData } from "../support/data.ts";
import { argumentsOf, CASE_COUNT, type ConformanceCase, conformanceCases } from "./cases.ts";
import { runClient } from "./command.ts";
import { REFUSALS } from "./verdicts.ts";

const environment = { readFile: readData, stagingRoot: undefined };
const inDataFolder = (path: string): string => path;

/** `verified`, the error code, or how the client was called wrongly. */
async function outcomeOf(one: ConformanceCase, fileOrDigest?: string): Promise<string> {
  const result = await runClient(argumentsOf(one, inDataFolder, fileOrDigest), environment);
  if (result.exitCode === 0) return "verified";
  return result.exitCode === 1 ? result.code : result.reason;
}

async function digestOf(one: ConformanceCase): Promise<string> {
  const { buffer } = await readData(one.artifact);
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", buffer));
  return `sha256:${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

async function signsArtifactItself(one: ConformanceCase): Promise<boolean> {
  return new TextDecoder().decode(await readData(one.bundle)).includes('"messageSignature"');
}

describeWithData("the Sigstore conformance suite", async () => {
  const cases = await conformanceCases();
  const accepted = cases.filter(({ isRefused }) => !isRefused);

  test(`has ${CASE_COUNT} cases, and a stated reason for each that must be refused`, () => {
    expect(cases).toHaveLength(CASE_COUNT);
    const refused = cases.filter(({ isRefused }) => isRefused).map(({ name }) => name);
    expect(refused.toSorted()).toEqual(Object.keys(REFUSALS).toSorted());
  });

  test.each(cases)("$name gets its verdict, for the stated reason", async (one) => {
    expect(await outcomeOf(one)).toBe(one.isRefused ? REFUSALS[one.name] : "verified");
  });

  test.each(accepted)("$name is judged by the artifact's digest as far as it goes", async (one) => {
    const expected = (await signsArtifactItself(one)) ? "DIGEST_ONLY" : "verified";
    expect(await outcomeOf(one, await digestOf(one))).toBe(expected);
  });

  test.each(accepted)("$name is refused for an artifact with another digest", async (one) => {
    const other = `sha256:${"0".repeat(64)}`;
    expect(["ARTIFACT_MISMATCH", "DIGEST_ONLY"]).toContain(await outcomeOf(one, other));
  });

  test.each(accepted)("$name is refused where somebody else must have signed", async (one) => {
    const other = { ...one, key: null, identity: `${one.identity}x` };
    expect(await outcomeOf(other)).toBe("IDENTITY_MISMATCH");
  });
});
