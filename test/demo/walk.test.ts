/** `npm start`: the walk through the main job. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PATIENCE, useDemos } from "./support/demo.ts";

const COLUMNS = 80;

const start = useDemos();

/** What is said from one text to another. */
function between(text: string, from: string, to: string): string {
  const rest = text.slice(text.indexOf(from) + from.length);
  return rest.slice(0, rest.indexOf(to));
}

describe("npm start", { timeout: PATIENCE }, () => {
  test("walks through the whole job in lines of 80 columns, and leaves nothing behind", async () => {
    const demo = start();
    const { exitCode, stdout, stderr } = await demo.ended;
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);

    const pinning = between(stdout, "$ pubpin tofu", "$ pubpin verify");
    expect(pinning).toContain("+ example  https://github.com/example-org/example\n");
    expect(between(stdout, "$ pubpin verify", "3  ")).toContain("every pinned publisher matches");

    const [, refused = "", accepted = ""] = stdout.split('$ git commit -a -m "Update example"');
    expect(refused).toContain("refused  LOCK_DIGEST_MISMATCH");
    expect(accepted).toMatch(/^\[main [0-9a-f]+\] Update example$/m);

    const installed = between(stdout, '>>> await micropip.install("example==1.1")', "5  ");
    expect(installed).toContain("accepted  example 1.1  PUBLISHER_MATCH");
    for (const [version, code] of [
      ["1.2", "PUBLISHER_CHANGED"],
      ["1.3", "ATTESTATION_MISSING"],
      ["1.4", "ATTESTATION_INVALID"],
    ]) {
      expect(stdout).toContain(`blocked  ${code}`);
      const said = between(stdout, `>>> await micropip.install("example==${version}")`, "\n\n");
      expect(said).toContain(`ProvenanceError: example ${version} was refused: ${code}`);
      expect(said).toContain("Nothing of this install was unpacked.");
    }
    expect(stdout.match(/^'1\.1'$/gm)).toHaveLength(4);
    expect(between(stdout, "8  The same for your own", "$$")).toMatch(
      /repository.*notebook site.*script or page/s,
    );
    expect(stdout.split("\n").filter((line) => line.length > COLUMNS)).toEqual([]);
    expect(stdout).not.toContain("\u001b");
    expect(demo.leftovers()).toEqual([]);
  });

  test("says that the step with Git is left out where there is no Git", async () => {
    const empty = mkdtempSync(join(tmpdir(), "pubpin-test-"));
    const demo = start([], { PATH: empty });
    const { exitCode, stdout } = await demo.ended;
    rmSync(empty, { recursive: true });
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Left out: there is no Git on this machine");
    expect(stdout).not.toContain("$ git");
    expect(stdout).toContain("ProvenanceError: example 1.4 was refused");
    expect(demo.leftovers()).toEqual([]);
  });

  test.for([["3  "], ["4  "]])(
    "leaves nothing behind when Ctrl-C comes in step %s",
    async ([step]) => {
      const demo = start();
      await demo.line(new RegExp(`^${step}`));
      demo.child.kill("SIGINT");
      const { exitCode, stdout, stderr } = await demo.ended;
      expect(exitCode).toBe(130);
      expect(stderr).toBe("\nstopping\n");
      expect(stdout).not.toContain("The same for your own");
      expect(demo.leftovers()).toEqual([]);
    },
  );
});

describe("npm start, asked for something else", { timeout: PATIENCE }, () => {
  test.for([
    [["--sevre"], "'--sevre'"],
    [["--serve", "--port", "eighty"], "--port: expected 0 to 65535, found eighty"],
    [["--serve", "--port", "65536"], "--port: expected 0 to 65535, found 65536"],
    [["--port", "8000"], "--port is for --serve"],
  ] as const)("refuses %j with a word and the usage", async ([args, word]) => {
    const { exitCode, stdout, stderr } = await start(args).ended;
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(word);
    expect(stderr).toContain("Usage: npm start");
  });
});
