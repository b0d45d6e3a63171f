/** Every format of lock, read by the one file that users get. */
import { mintPins } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { PIXI, SAMPLES } from "../shared/lock/samples.ts";
import { hookSetting, verdict } from "./support/setting.ts";
import { PINS } from "./support/states.ts";

const { startedWith } = hookSetting();
const parsers = { yaml: () => PIXI.parsed };
/** Its hashes are letters that are repeated. */
const HASH = /a{64}|b{64}/;

describe.concurrent.each(Object.entries(SAMPLES))("%s", (path, sample) => {
  // A file with a further hash is refused, whatever the format.
  const text = sample.replace(/, sha512 = "[0-9a-f]+"/, "");

  test("is accepted with its provenance file, and refused with another hash", async () => {
    const pins = await mintPins({ [path]: text }, { line: "unsigned", parsers });
    const repository = await startedWith({ "README.md": "hello\n" });
    expect(verdict(await repository.commit({ [path]: text, [PINS]: pins }))).toBe("accepted");
    const changed = text.replace(HASH, "c".repeat(64));
    expect(changed).not.toBe(text);
    const end = await repository.commit({ [path]: changed });
    expect(verdict(end)).toEqual([`LOCK_DIGEST_MISMATCH ${PINS}`]);
  });
});
