/** A lock that comes, goes or moves. None of the ways out of sight works. */
import { mintPins } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { hookSetting, verdict } from "./support/setting.ts";
import { BASE, BUMPED, GROWN, PINS, reviewed, withoutLine } from "./support/states.ts";

const { startedWith } = hookSetting();
const LOST = ["LOCK_LOST uv.lock"];

/** The provenance file of BASE without its line for the lock. */
async function withoutLock(): Promise<string> {
  return withoutLine((await reviewed(BASE))[PINS] ?? "", "#lock:uv.lock");
}

describe.concurrent("a lock that is added", () => {
  test("is refused without a line", async () => {
    const repository = await startedWith({ [PINS]: await mintPins({}) });
    expect(verdict(await repository.commit({ "uv.lock": BASE }))).toEqual([
      "LOCK_NOT_RECORDED uv.lock",
      "PACKAGE_NOT_RECORDED uv.lock",
    ]);
  });

  test("is refused where only the packages have lines", async () => {
    const repository = await startedWith({ "README.md": "hello\n" });
    const end = await repository.commit({ "uv.lock": BASE, [PINS]: await withoutLock() });
    expect(verdict(end)).toEqual(["LOCK_NOT_RECORDED uv.lock"]);
  });

  test("is accepted with its line", async () => {
    const repository = await startedWith({ "README.md": "hello\n" });
    expect(verdict(await repository.commit(await reviewed(BASE)))).toBe("accepted");
  });
});

describe.concurrent("a lock that is deleted", () => {
  test("is refused while its line stays", async () => {
    const repository = await startedWith(await reviewed(BASE));
    expect(verdict(await repository.commit({ "uv.lock": null }))).toEqual(LOST);
  });

  test("is accepted with its line, which the reviewer is shown", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ "uv.lock": null, [PINS]: await withoutLock() });
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).toContain("LOCK_REMOVED");
  });

  test("is accepted together with the whole provenance file", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ "uv.lock": null, [PINS]: null });
    expect(verdict(end)).toBe("accepted");
  });

  test("counts as deleted where it only left the index", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.must("rm", "--quiet", "--cached", "uv.lock");
    expect(verdict(await repository.git("commit", "-m", "x"))).toEqual(LOST);
  });
});

describe.concurrent("a lock that is renamed", () => {
  test("is refused while the line names the old path", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ "uv.lock": null, "run.py.lock": BASE });
    expect(verdict(end)).toEqual(["LOCK_LOST uv.lock", "LOCK_NOT_RECORDED run.py.lock"]);
  });

  test("is accepted where the line moves with it", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const pins = await mintPins({ "run.py.lock": BASE }, { before: await withoutLock() });
    const end = await repository.commit({ "uv.lock": null, "run.py.lock": BASE, [PINS]: pins });
    expect(verdict(end)).toBe("accepted");
  });

  test.each(["uv.lock.txt", "uv.lck", "UV.LOCK", "locks/uv.lock.bak"])(
    "to %s, which is the name of no lock, is refused also without its line",
    async (path) => {
      const repository = await startedWith(await reviewed(BASE));
      const pins = await withoutLock();
      const end = await repository.commit({ "uv.lock": null, [path]: BASE, [PINS]: pins });
      expect(verdict(end)).toEqual(LOST);
    },
  );

  test("past the patterns is refused also where it changes on the way", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const pins = await withoutLock();
    const end = await repository.commit({ "uv.lock": null, "uv.old": GROWN, [PINS]: pins });
    expect(verdict(end)).toEqual(LOST);
  });

  test("past the patterns is refused also where it had no line", async () => {
    const repository = await startedWith({ "uv.lock": BASE, [PINS]: await withoutLock() });
    const end = await repository.commit({ "uv.lock": null, "uv.old": BASE });
    expect(verdict(end)).toEqual(LOST);
  });

  test("past the patterns is refused also where the whole provenance file goes", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ "uv.lock": null, "uv.old": BASE, [PINS]: null });
    expect(verdict(end)).toEqual(LOST);
  });

  test("past the patterns is refused also where another lock takes its place", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const files = await reviewed("version = 1\nrevision = 3\n");
    const end = await repository.commit({ ...files, "uv.old": BASE });
    expect(verdict(end)).toEqual(LOST);
  });

  test("is refused at a name that no format has, though a line names it", async () => {
    const repository = await startedWith({ "README.md": "hello\n" });
    const line = /^#lock:uv\.lock .*$/m;
    const pins = (await reviewed(BASE))[PINS] ?? "";
    const moved = pins.replace(line, (text) => text.replace("uv.lock", "uv.text"));
    const end = await repository.commit({ "uv.text": BASE, [PINS]: moved });
    expect(verdict(end)).toEqual(["LOCK_UNKNOWN_NAME uv.text"]);
  });
});

describe.concurrent("a lock that moves to another folder", () => {
  test("is refused while the line names the old path", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ "uv.lock": null, "app/uv.lock": BASE });
    expect(verdict(end)).toEqual(["LOCK_LOST uv.lock", "LOCK_NOT_RECORDED app/uv.lock"]);
  });

  test("is accepted where the line moves with it", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const pins = await mintPins({ "app/uv.lock": BASE }, { before: await withoutLock() });
    const end = await repository.commit({ "uv.lock": null, "app/uv.lock": BASE, [PINS]: pins });
    expect(verdict(end)).toBe("accepted");
  });

  test("is accepted together with its provenance file", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.must("rm", "--quiet", "--cached", "uv.lock", PINS);
    const { "uv.lock": lock = "", [PINS]: pins = "" } = await reviewed(BASE);
    const end = await repository.commit({
      "uv.lock": null,
      [PINS]: null,
      "app/uv.lock": lock,
      [`app/${PINS}`]: pins,
    });
    expect(verdict(end)).toBe("accepted");
  });

  test("that no provenance file governs is refused", async () => {
    const { "uv.lock": lock = "", [PINS]: pins = "" } = await reviewed(BASE);
    const repository = await startedWith({ "a/uv.lock": lock, [`a/${PINS}`]: pins });
    const after = { "a/uv.lock": null, [`a/${PINS}`]: await withoutLock(), "b/uv.lock": lock };
    expect(verdict(await repository.commit(after))).toEqual(["LOCK_LOST a/uv.lock"]);
  });

  test("that no provenance file governs is refused also where it changes on the way", async () => {
    const { "uv.lock": lock = "", [PINS]: pins = "" } = await reviewed(BASE);
    const repository = await startedWith({ "a/uv.lock": lock, [`a/${PINS}`]: pins });
    const after = { "a/uv.lock": null, [`a/${PINS}`]: await withoutLock(), "b/uv.lock": BUMPED };
    expect(verdict(await repository.commit(after))).toEqual(["LOCK_LOST a/uv.lock"]);
  });
});

describe.concurrent("a lock that moves with a provenance file of its own", () => {
  async function moved(
    change: (pins: string) => string,
  ): Promise<readonly [ReturnType<typeof verdict>, string]> {
    const { "uv.lock": lock = "", [PINS]: pins = "" } = await reviewed(BASE);
    const repository = await startedWith({ "a/uv.lock": lock, [`a/${PINS}`]: pins });
    const end = await repository.commit({
      "a/uv.lock": null,
      [`a/${PINS}`]: null,
      "b/uv.lock": lock,
      [`b/${PINS}`]: change(pins),
    });
    return [verdict(end), end.stderr];
  }

  test("is compared with what it was: another publisher is shown", async () => {
    const [said, text] = await moved((pins) => pins.replace("octo/alpha", "mallory/alpha"));
    expect(said).toBe("accepted");
    expect(text).toContain("PUBLISHER_REPLACED");
  });

  test("is compared with what it was: it does not lose a pin that it needs", async () => {
    const [said] = await moved((pins) =>
      pins
        .replace(/^alpha .*$/m, "")
        .replace("\n", "\n#unsigned:alpha seen\n")
        .replace("\n\n", "\n"),
    );
    expect(said).toEqual([`PINS_STILL_NEEDED b/${PINS}`]);
  });

  test("may leave a copy behind that is no lock", async () => {
    const pins = await mintPins({ "b/uv.lock": BASE });
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({
      "uv.lock": null,
      "b/uv.lock": BASE,
      "docs/uv.lock.example": BASE,
      [PINS]: pins,
    });
    expect(verdict(end)).toBe("accepted");
  });
});

describe.concurrent("a lock that only its line keeps in scope", () => {
  const TEXT = `alpha==1.0 --hash=sha256:${"a".repeat(64)}\n`;

  test("is checked", async () => {
    const repository = await startedWith({ "README.md": "hello\n" });
    const pins = await mintPins({ "deps.txt": TEXT });
    expect(verdict(await repository.commit({ "deps.txt": TEXT, [PINS]: pins }))).toBe("accepted");
    const end = await repository.commit({
      "deps.txt": TEXT.replaceAll("a".repeat(64), "b".repeat(64)),
    });
    expect(verdict(end)).toEqual(["LOCK_DIGEST_MISMATCH .provenance.txt"]);
  });

  test("does not lose the line while it is there", async () => {
    const pins = await mintPins({ "deps.txt": TEXT });
    const repository = await startedWith({ "deps.txt": TEXT, [PINS]: pins });
    const end = await repository.commit({ [PINS]: withoutLine(pins, "#lock:deps.txt") });
    expect(verdict(end)).toEqual(["LOCK_LOST deps.txt"]);
  });
});

describe.concurrent("what is no file", () => {
  test("is refused in the place of a lock, as a symbolic link", async () => {
    const repository = await startedWith({ ...(await reviewed(BASE)), "other.txt": BASE });
    const end = await repository.commit({ "uv.lock": { linkTo: "other.txt" } });
    expect(verdict(end)).toContain("PATH_NOT_A_FILE uv.lock");
  });

  test("is refused in the place of a lock, also where its line goes", async () => {
    const repository = await startedWith({ ...(await reviewed(BASE)), "other.txt": BASE });
    const pins = await withoutLock();
    const end = await repository.commit({ "uv.lock": { linkTo: "other.txt" }, [PINS]: pins });
    expect(verdict(end)).toContain("PATH_NOT_A_FILE uv.lock");
  });

  test("is refused in the place of the provenance file", async () => {
    const files = await reviewed(BASE);
    const repository = await startedWith({ ...files, "other.txt": files[PINS] ?? "" });
    const end = await repository.commit({ [PINS]: { linkTo: "other.txt" } });
    expect(verdict(end)).toContain("PATH_NOT_A_FILE .provenance.txt");
  });

  test.each(["uv.lock", PINS])("is refused where it has the very bytes of %s", async (path) => {
    const repository = await startedWith(await reviewed(BASE));
    const blob = await repository.must("rev-parse", `HEAD:${path}`);
    await repository.must("update-index", "--cacheinfo", `120000,${blob},${path}`);
    const end = await repository.git("commit", "-m", "x");
    expect(verdict(end)).toContain(`PATH_NOT_A_FILE ${path}`);
  });

  test("is refused in the place of a lock, as a submodule", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const commit = await repository.must("rev-parse", "HEAD");
    await repository.must("rm", "--quiet", "--cached", "uv.lock");
    await repository.must("update-index", "--add", "--cacheinfo", `160000,${commit},uv.lock`);
    const end = await repository.git("commit", "-m", "x");
    expect(verdict(end)).toContain("PATH_NOT_A_FILE uv.lock");
  });

  test("is refused as a folder in the place of a lock", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ "uv.lock": null, "uv.lock/text": BASE });
    expect(verdict(end)).toContain("LOCK_LOST uv.lock");
  });
});
