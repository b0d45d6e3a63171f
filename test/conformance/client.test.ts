import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { dataPath } from "../support/data-folder.ts";
import { describeWithData } from "../support/data.ts";
import { argumentsOf, conformanceCases } from "./cases.ts";
import { REFUSALS } from "./verdicts.ts";

const CLIENT = join(import.meta.dirname, "client.ts");
/** What Node compiled once, seventy processes share. */
const COMPILE_CACHE = join(import.meta.dirname, "../../.cache/compile");

interface Ended {
  readonly exitCode: number | null;
  readonly stderr: string;
}

/** Runs the client as the official suite does: a process, its exit code and what it says. */
async function runProcess(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawn(process.execPath, [CLIENT, ...args], {
    env: { ...process.env, NODE_OPTIONS: "", NODE_COMPILE_CACHE: COMPILE_CACHE, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", resolve);
  });
  const [stderr, exitCode] = await Promise.all([text(child.stderr), ended]);
  return { exitCode, stderr };
}

function inDataFolder(path: string): string {
  return dataPath(path);
}

describeWithData("the conformance client as a process", async () => {
  const cases = await conformanceCases();

  describe.concurrent("gives every case its verdict as an exit code", () => {
    test.each(cases)("$name", async (one) => {
      const said = one.isRefused ? `^${REFUSALS[one.name]}: .+\n$` : "^$";
      expect(await runProcess(argumentsOf(one, inDataFolder))).toEqual({
        exitCode: one.isRefused ? 1 : 0,
        stderr: expect.stringMatching(said) as string,
      });
    });
  });

  test("takes the staging trust root from the environment", async () => {
    const one = cases.find(({ name }) => name === "rekor2-happy-path");
    if (one === undefined || one.trustedRoot === null) throw new Error("the case is missing");
    const args = [...argumentsOf({ ...one, trustedRoot: null }, inDataFolder), "--staging"];
    const root = inDataFolder(one.trustedRoot);
    expect((await runProcess(args, { PUBPIN_STAGING_ROOT: root })).exitCode).toBe(0);
    expect((await runProcess(args, { PUBPIN_STAGING_ROOT: undefined })).exitCode).toBe(2);
  });
});

describe("the conformance client, called wrongly,", () => {
  test.each([
    ["without a command", ["--bundle", "b.json", "a.txt"]],
    ["without an artifact", ["verify-bundle", "--bundle", "b.json"]],
    ["without a bundle", ["verify-bundle", "a.txt"]],
    ["without an identity", ["verify-bundle", "--bundle", CLIENT, CLIENT]],
    ["with an unknown option", ["verify-bundle", "--insecure", "--bundle", "b.json", "a.txt"]],
    ["with an option that lacks its value", ["verify-bundle", "a.txt", "--bundle"]],
    ["with a file that is not there", ["verify-bundle", "--bundle", "/no/such/file", "a.txt"]],
  ])("%s ends with 2 and says why", async (_how, args) => {
    const { exitCode, stderr } = await runProcess(args);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^.+\n$/);
  });
});
