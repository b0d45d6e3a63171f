/** Changes of the provenance file alone, or of its bytes. */
import { mintedPin } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { hookSetting, verdict } from "./support/setting.ts";
import { BASE, BUMPED, PINS, reviewed, withoutLine } from "./support/states.ts";

const { startedWith } = hookSetting();

/** The provenance file of BASE. */
async function pinsOf(lock: string = BASE): Promise<string> {
  return (await reviewed(lock))[PINS] ?? "";
}

describe.concurrent("the provenance file", () => {
  test("is not deleted while a lock is there", async () => {
    const repository = await startedWith(await reviewed(BASE));
    expect(verdict(await repository.commit({ [PINS]: null }))).toEqual(["LOCK_LOST uv.lock"]);
  });

  test("is not deleted together with a change of the lock", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ "uv.lock": BUMPED, [PINS]: null });
    expect(verdict(end)).toEqual(["LOCK_LOST uv.lock"]);
  });

  test("is not renamed while a lock is there", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ [PINS]: null, "provenance.txt": await pinsOf() });
    expect(verdict(end)).toEqual(["LOCK_LOST uv.lock"]);
  });

  test("is not emptied while a lock is there", async () => {
    const repository = await startedWith(await reviewed(BASE));
    expect(verdict(await repository.commit({ [PINS]: "" }))).toEqual([
      "LOCK_NOT_RECORDED uv.lock",
      "PACKAGE_NOT_RECORDED uv.lock",
      "PINS_STILL_NEEDED .provenance.txt",
    ]);
  });

  test("does not lose the one pin that the lock needs", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ [PINS]: withoutLine(await pinsOf(), "alpha") });
    expect(verdict(end)).toEqual([
      "PACKAGE_NOT_RECORDED uv.lock",
      "PINS_STILL_NEEDED .provenance.txt",
    ]);
  });

  test("does not lose the line of the lock", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ [PINS]: withoutLine(await pinsOf(), "#lock:uv.lock") });
    expect(verdict(end)).toEqual(["LOCK_NOT_RECORDED uv.lock"]);
  });

  test("may get another pin for a package, and the reviewer is shown it", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const pins = (await pinsOf()).replace("octo/alpha", "mallory/alpha");
    const end = await repository.commit({ [PINS]: pins });
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).toContain("PUBLISHER_REPLACED");
    expect(end.stderr).toContain("https://github.com/mallory/alpha");
  });

  test("shows the reviewer another pin also where the lock changes with it", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const { [PINS]: pins = "", ...lock } = await reviewed(BUMPED);
    const end = await repository.commit({
      ...lock,
      [PINS]: pins.replace("octo/alpha", "mallory/alpha"),
    });
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).toContain("PUBLISHER_REPLACED");
  });

  test("may be written again in another order and with comments", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const lines = (await pinsOf()).trimEnd().split("\n").toReversed();
    const end = await repository.commit({ [PINS]: `# By hand.\n\n${lines.join("\n")}\n` });
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).not.toContain("PINS_WEAKENED");
  });

  test("may get lines that nothing needs yet", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const more = await reviewed(BASE, { entries: [mintedPin("gamma")] });
    expect(verdict(await repository.commit(more))).toBe("accepted");
  });

  test("is refused where it breaks the grammar, with the line", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ [PINS]: `${await pinsOf()}alpha beta gamma\n` });
    expect(verdict(end)).toEqual(["PINS_INVALID .provenance.txt"]);
    expect(end.stderr).toContain(".provenance.txt:4");
  });

  test("is refused where two lines have one key", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const pins = await pinsOf();
    const again = /^alpha .*$/m.exec(pins)?.[0] ?? "";
    const end = await repository.commit({ [PINS]: `${pins}${again.replace("octo", "other")}\n` });
    expect(verdict(end)).toEqual(["PINS_INVALID .provenance.txt"]);
  });

  test("that was damaged can be repaired, and the reviewer is told that nothing was compared", async () => {
    const repository = await startedWith({ ...(await reviewed(BASE)), [PINS]: "a b c\n" });
    const end = await repository.commit(await reviewed(BASE));
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).toContain("PINS_NOT_COMPARABLE");
  });
});

describe.concurrent("line ends", () => {
  test("of Windows are refused in a committed provenance file", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ [PINS]: (await pinsOf()).replaceAll("\n", "\r\n") });
    expect(verdict(end)).toEqual(["PINS_INVALID .provenance.txt"]);
  });

  test("of Windows in the work tree do not matter with core.autocrlf", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.must("config", "core.autocrlf", "true");
    const files = Object.entries(await reviewed(BUMPED));
    const crlf = files.map(([path, text]) => [path, text.replaceAll("\n", "\r\n")]);
    const end = await repository.commit(Object.fromEntries(crlf) as Record<string, string>);
    expect(verdict(end)).toBe("accepted");
    expect(await repository.must("show", `HEAD:${PINS}`)).not.toContain("\r");
  });

  test("of Windows in the work tree do not hide a change with core.autocrlf", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.must("config", "core.autocrlf", "true");
    const end = await repository.commit({ "uv.lock": BUMPED.replaceAll("\n", "\r\n") });
    expect(verdict(end)).toEqual(["LOCK_DIGEST_MISMATCH .provenance.txt"]);
  });

  test("of Windows in a committed lock change nothing that is installed", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ "uv.lock": BASE.replaceAll("\n", "\r\n") });
    expect(verdict(end)).toBe("accepted");
  });

  test("that a filter of attributes makes on checkout do not matter", async () => {
    const repository = await startedWith({
      ...(await reviewed(BASE)),
      ".gitattributes": "*.lock text eol=crlf\n.provenance.txt text eol=lf\n",
    });
    const { "uv.lock": lock = "", ...rest } = await reviewed(BUMPED);
    const end = await repository.commit({ ...rest, "uv.lock": lock.replaceAll("\n", "\r\n") });
    expect(verdict(end)).toBe("accepted");
  });
});
