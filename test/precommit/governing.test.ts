/** Which provenance file governs which lock, and what cannot be changed together with that. */
import { type GitRepository, mintedPin, mintPins } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { hookSetting, verdict } from "./support/setting.ts";
import { BASE, BUMPED, GROWN, PINS, reviewed, withoutLine } from "./support/states.ts";

const { startedWith, newRepository, hook } = hookSetting();

/** Two locks governed by the root's file, one by a file beside it. */
async function monorepo(): Promise<Record<string, string>> {
  const { "uv.lock": lock = "", [PINS]: own = "" } = await reviewed(BASE);
  return {
    "a/uv.lock": BASE,
    "b/uv.lock": GROWN,
    [PINS]: await mintPins({ "a/uv.lock": BASE, "b/uv.lock": GROWN }),
    "c/uv.lock": lock,
    [`c/${PINS}`]: own,
  };
}

describe.concurrent("two locks that one file governs, and one that another does", () => {
  test("are accepted as first commit", async () => {
    const repository = await newRepository();
    expect(verdict(await repository.commit(await monorepo()))).toBe("accepted");
  });

  test.each([
    ["a/uv.lock", PINS],
    ["b/uv.lock", PINS],
    ["c/uv.lock", `c/${PINS}`],
  ])("are refused where %s alone changes", async (path, pins) => {
    const repository = await startedWith(await monorepo());
    const end = await repository.commit({ [path]: BUMPED });
    expect(verdict(end)).toEqual([`LOCK_DIGEST_MISMATCH ${pins}`]);
  });

  test("are accepted where one changes together with its own file", async () => {
    const files = await monorepo();
    const repository = await startedWith(files);
    const { [PINS]: pins = "" } = await reviewed(BUMPED);
    const end = await repository.commit({ "c/uv.lock": BUMPED, [`c/${PINS}`]: pins });
    expect(verdict(end)).toBe("accepted");
  });

  test("are refused where the digest is written to the file that does not govern", async () => {
    const files = await monorepo();
    const repository = await startedWith(files);
    const pins = await mintPins({ "c/uv.lock": BUMPED }, { before: files[PINS] ?? "" });
    const end = await repository.commit({ "c/uv.lock": BUMPED, [PINS]: pins });
    expect(verdict(end)).toEqual([`LOCK_DIGEST_MISMATCH c/${PINS}`]);
  });

  test("are both checked where the file that governs them changes", async () => {
    const files = await monorepo();
    const repository = await startedWith(files);
    const end = await repository.commit({ [PINS]: withoutLine(files[PINS] ?? "", "alpha") });
    expect(verdict(end)).toEqual([
      "PACKAGE_NOT_RECORDED a/uv.lock",
      "PACKAGE_NOT_RECORDED b/uv.lock",
      "PINS_STILL_NEEDED .provenance.txt",
    ]);
  });

  test("may lose a pin that neither of them needs, though the third does", async () => {
    const locks = { "a/uv.lock": BASE, "b/uv.lock": BASE };
    const { [PINS]: own = "" } = await reviewed(GROWN);
    const repository = await startedWith({
      ...locks,
      [PINS]: await mintPins(locks, { entries: [mintedPin("gamma")] }),
      "c/uv.lock": GROWN,
      [`c/${PINS}`]: own,
    });
    const end = await repository.commit({ [PINS]: await mintPins(locks) });
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).toContain("PIN_REMOVED");
  });
});

describe.concurrent("a nearer provenance file", () => {
  async function nested(): Promise<Record<string, string>> {
    return { "app/uv.lock": BASE, [PINS]: await mintPins({ "app/uv.lock": BASE }) };
  }

  test("is accepted where it says the same", async () => {
    const repository = await startedWith(await nested());
    const { [PINS]: near = "" } = await reviewed(BASE);
    const end = await repository.commit({
      [`app/${PINS}`]: near,
      [PINS]: withoutLine((await nested())[PINS] ?? "", "#lock:app/uv.lock"),
    });
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).not.toContain("PUBLISHER_REPLACED");
  });

  test("need not say what the farther one says of packages that its lock does not have", async () => {
    const before = await nested();
    const far = await mintPins({}, { before: before[PINS] ?? "", entries: [mintedPin("gamma")] });
    const repository = await startedWith({ ...before, [PINS]: far });
    const { [PINS]: near = "" } = await reviewed(BASE);
    const end = await repository.commit({ [`app/${PINS}`]: near });
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).not.toContain("PINS_WEAKENED");
  });

  test("is compared with what governed before: another publisher is shown", async () => {
    const repository = await startedWith(await nested());
    const { [PINS]: near = "" } = await reviewed(BASE);
    const end = await repository.commit({
      [`app/${PINS}`]: near.replace("octo/alpha", "mallory/alpha"),
      [PINS]: withoutLine((await nested())[PINS] ?? "", "#lock:app/uv.lock"),
    });
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).toContain("PUBLISHER_REPLACED");
    expect(end.stderr).toContain("mallory/alpha");
  });

  test("is shown also where the lock changes in the same commit", async () => {
    const repository = await startedWith(await nested());
    const { [PINS]: near = "" } = await reviewed(BUMPED);
    const end = await repository.commit({
      "app/uv.lock": BUMPED,
      [`app/${PINS}`]: near.replace("octo/alpha", "mallory/alpha"),
      [PINS]: withoutLine((await nested())[PINS] ?? "", "#lock:app/uv.lock"),
    });
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).toContain("PUBLISHER_REPLACED");
  });

  test("does not turn a pinned package into an unsigned one", async () => {
    const repository = await startedWith(await nested());
    const { [PINS]: near = "" } = await reviewed(BASE, { line: "unsigned" });
    const end = await repository.commit({
      [`app/${PINS}`]: near,
      [PINS]: withoutLine((await nested())[PINS] ?? "", "#lock:app/uv.lock"),
    });
    expect(verdict(end)).toEqual([`PINS_STILL_NEEDED app/${PINS}`]);
  });

  test("is refused where it is empty", async () => {
    const repository = await startedWith(await nested());
    const end = await repository.commit({ [`app/${PINS}`]: "" });
    expect(verdict(end)).toContain("LOCK_NOT_RECORDED app/uv.lock");
    expect(verdict(end)).toContain("PACKAGE_NOT_RECORDED app/uv.lock");
  });

  test("is refused where the line left behind in the farther one names the lock", async () => {
    const repository = await startedWith(await nested());
    const { [PINS]: near = "" } = await reviewed(BASE);
    const end = await repository.commit({
      "app/uv.lock": BUMPED,
      [`app/${PINS}`]: near,
    });
    expect(verdict(end)).toContain(`LOCK_DIGEST_MISMATCH app/${PINS}`);
  });

  test("that goes leaves the farther one to govern, which is compared with it", async () => {
    const { "uv.lock": lock = "", [PINS]: near = "" } = await reviewed(BASE);
    const far = await mintPins({}, { entries: [mintedPin("alpha"), mintedPin("beta")] });
    const repository = await startedWith({
      "app/uv.lock": lock,
      [`app/${PINS}`]: near,
      [PINS]: far.replace("octo/alpha", "mallory/alpha"),
    });
    const forgotten = await repository.commit({ [`app/${PINS}`]: null });
    expect(verdict(forgotten)).toEqual(["LOCK_NOT_RECORDED app/uv.lock"]);
    const end = await repository.commit({
      [`app/${PINS}`]: null,
      [PINS]: (await mintPins({ "app/uv.lock": lock }, { before: far })).replace(
        "octo/alpha",
        "mallory/alpha",
      ),
    });
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).toContain("PUBLISHER_REPLACED");
  });

  test("of another name that the configuration brings along is compared too", async () => {
    const files = await reviewed(BASE);
    const repository = await startedWith(files);
    const end = await repository.commit({
      [PINS]: null,
      "publishers.txt": (files[PINS] ?? "").replace("octo/alpha", "mallory/alpha"),
      "pyproject.toml": '[tool.pubpin]\nfile = "publishers.txt"\n',
    });
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).toContain("PUBLISHER_REPLACED");
  });
});

describe.concurrent("a digest that was prepared in an earlier commit", () => {
  test("is refused where it is prepared", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const { [PINS]: prepared = "" } = await reviewed(BUMPED);
    const end = await repository.commit({ [PINS]: prepared });
    expect(verdict(end)).toEqual(["LOCK_DIGEST_MISMATCH .provenance.txt"]);
  });

  test("is refused where it is used", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const { [PINS]: prepared = "" } = await reviewed(BUMPED);
    await repository.commitUnchecked({ [PINS]: prepared });
    const end = await repository.commit({ "uv.lock": BUMPED });
    expect(verdict(end)).toEqual(["LOCK_DIGEST_PREPARED .provenance.txt"]);
  });

  test("is refused where it is used, though the file changes otherwise", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const { [PINS]: prepared = "" } = await reviewed(BUMPED);
    await repository.commitUnchecked({ [PINS]: prepared });
    const end = await repository.commit({ "uv.lock": BUMPED, [PINS]: `# More.\n${prepared}` });
    expect(verdict(end)).toEqual(["LOCK_DIGEST_PREPARED .provenance.txt"]);
  });

  test("is refused for a lock that is not there yet", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const { [PINS]: before = "" } = await reviewed(BASE);
    const pins = await mintPins({ "app/uv.lock": BASE }, { before });
    const end = await repository.commit({ [PINS]: pins });
    expect(verdict(end)).toEqual(["LOCK_LOST app/uv.lock"]);
  });
});

describe.concurrent("a lock that was committed past the hook", () => {
  /** The recorded lock and what is recorded of it, with another lock in the last commit. */
  async function passedBy(): Promise<readonly [GitRepository, Readonly<Record<string, string>>]> {
    const good = await reviewed(BASE);
    const repository = await startedWith(good);
    await repository.commitUnchecked({ "uv.lock": BUMPED });
    const end = await repository.commit({ "uv.lock": BASE });
    expect(verdict(end)).toEqual(["LOCK_DIGEST_PREPARED .provenance.txt"]);
    expect(end.stderr.replaceAll(/\s+/g, " ")).toContain("Make two commits of it.");
    await repository.must("reset", "--quiet", "--hard");
    return [repository, good];
  }

  test("is taken back by a commit that records it, and one that takes back both", async () => {
    const [repository, good] = await passedBy();
    const pins = await mintPins({ "uv.lock": BUMPED }, { before: good[PINS] ?? "" });
    expect(verdict(await repository.commit({ [PINS]: pins }))).toBe("accepted");
    expect(verdict(await repository.commit(good))).toBe("accepted");
  });

  test("is taken back by a commit that takes out lock and line, and one that has both", async () => {
    const [repository, good] = await passedBy();
    const pins = withoutLine(good[PINS] ?? "", "#lock:uv.lock");
    expect(verdict(await repository.commit({ "uv.lock": null, [PINS]: pins }))).toBe("accepted");
    expect(verdict(await repository.commit(good))).toBe("accepted");
    expect((await hook(repository, ["--from-ref", "HEAD~2"])).exitCode).toBe(0);
  });
});

describe.concurrent("a repository without a provenance file", () => {
  test("is told how to start, and refused nothing", async () => {
    const repository = await startedWith({ "uv.lock": BASE });
    const end = await repository.commit({ "uv.lock": BUMPED });
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).toContain("pubpin tofu uv.lock && git add .provenance.txt");
  });

  test("is told nothing where no lock is staged", async () => {
    const repository = await startedWith({ "uv.lock": BASE });
    const end = await repository.commit({ "README.md": "hello\n" });
    expect(end.stderr).toBe("the hook ended with 0\n");
  });

  test("is told of a lock that nothing governs where another folder has one", async () => {
    const { "uv.lock": lock = "", [PINS]: pins = "" } = await reviewed(BASE);
    const repository = await startedWith({ "a/uv.lock": lock, [`a/${PINS}`]: pins });
    const end = await repository.commit({ "b/uv.lock": BASE });
    expect(verdict(end)).toBe("accepted");
    expect(end.stderr).toContain("LOCK_NOT_GOVERNED");
  });

  test("adopts it with the lock that is there already", async () => {
    const repository = await startedWith({ "uv.lock": BASE });
    const { [PINS]: wrong = "" } = await reviewed(BUMPED);
    expect(verdict(await repository.commit({ [PINS]: wrong }))).toEqual([
      "LOCK_DIGEST_MISMATCH .provenance.txt",
    ]);
    const { [PINS]: right = "" } = await reviewed(BASE);
    expect(verdict(await repository.commit({ [PINS]: right }))).toBe("accepted");
  });
});
