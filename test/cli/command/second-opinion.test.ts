/** Nothing is pinned on one verifier's word: where the second one cannot agree, nothing is written. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { locked, OCTO, OCTO_PIN, startSetting, wheel } from "./support/project.ts";

// The second verifier fails on a trust root that holds a log's key of this kind; pubpin does not.
const { index, lock, newFolder, run } = await startSetting({ keys: { rekor2: "RSA-2048" } });
const one = wheel("one", "1", OCTO);
const plain = wheel("plain", "2");
for (const file of [one, plain]) index.addFile(file);

const ONE = { name: "one", version: "1.0", files: [locked(one)] };
const PLAIN = { name: "plain", version: "1.0", files: [locked(plain)] };
const BARE = "one https://github.com/octo/example\n";
const OTHER = "one https://github.com/some/other#repository-id=7&owner-id=7\n";

describe("where the second verifier does not agree", () => {
  test.each([
    ["a new pin", "tofu", undefined],
    ["what completes a pin", "tofu", BARE],
    ["an accepted publisher", "accept one", OTHER],
    ["a further publisher", "accept one --also", OTHER],
  ])("%s is not written, nor anything else", async (_what, command, pins) => {
    const folder = newFolder();
    lock(folder, [ONE, PLAIN]);
    const path = join(folder, ".provenance.txt");
    if (pins !== undefined) writeFileSync(path, pins);
    const { exitCode, stdout, stderr } = await run(folder, command.split(" "));
    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 1, stdout: "" });
    expect(stderr).toMatch(/SECOND_OPINION_DISAGREES: .* please report this/);
    if (pins === undefined) expect(existsSync(path)).toBe(false);
    else expect(readFileSync(path, "utf8")).toBe(pins);
  });

  test("nothing is asked of it, and nothing is in the way, where no publisher is to be written", async () => {
    const folder = newFolder();
    lock(folder, [ONE, PLAIN]);
    writeFileSync(join(folder, ".provenance.txt"), `one ${OCTO_PIN}\n`);
    expect((await run(folder, ["tofu"])).exitCode).toBe(0);
    expect((await run(folder, ["verify"])).exitCode).toBe(0);
  });
});
