/** What a repository's configuration can do, and what it cannot. */
import { describe, expect, test } from "vitest";
import { hookSetting, verdict } from "./support/setting.ts";
import { BASE, BUMPED, PINS, reviewed, withoutLine } from "./support/states.ts";

const { startedWith } = hookSetting();

/** Configurations that leave the lock out. */
const NARROWED: readonly (readonly [string, string])[] = [
  ["pyproject.toml", '[tool.pubpin]\nlocks = ["poetry.lock"]\n'],
  ["pyproject.toml", "[tool.pubpin]\nlocks = []\n"],
  ["package.json", '{"pubpin": {"locks": ["app/*"]}}\n'],
];

describe.concurrent("patterns that are narrowed", () => {
  test.each(NARROWED)("in %s %j do not hide a lock that changes with them", async (path, text) => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ [path]: text, "uv.lock": BUMPED });
    expect(verdict(end)).toEqual(["LOCK_DIGEST_MISMATCH .provenance.txt"]);
  });

  test.each(NARROWED)(
    "in %s %j do not hide a lock whose line goes with them",
    async (path, text) => {
      const files = await reviewed(BASE);
      const repository = await startedWith(files);
      const pins = withoutLine(files[PINS] ?? "", "#lock:uv.lock");
      const end = await repository.commit({ [path]: text, [PINS]: pins });
      expect(verdict(end)).toEqual(["LOCK_LOST uv.lock"]);
    },
  );

  test.each(NARROWED)("in %s %j do not hide a lock that comes with them", async (path, text) => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ [path]: text, "vendor/uv.lock": BASE });
    expect(verdict(end)).toEqual(["LOCK_NOT_RECORDED vendor/uv.lock"]);
  });

  test.each(NARROWED)("in %s %j do not hide a lock that had no line", async (path, text) => {
    const { [PINS]: pins = "" } = await reviewed(BASE);
    const repository = await startedWith({
      "uv.lock": BASE,
      [PINS]: withoutLine(pins, "#lock:uv.lock"),
    });
    expect(verdict(await repository.commit({ [path]: text }))).toEqual(["LOCK_LOST uv.lock"]);
  });

  test("do not take a lock out of scope whose line stays", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const narrowed = { "pyproject.toml": '[tool.pubpin]\nlocks = ["poetry.lock"]\n' };
    expect(verdict(await repository.commit(narrowed))).toBe("accepted");
    const end = await repository.commit({ "uv.lock": BUMPED });
    expect(verdict(end)).toEqual(["LOCK_DIGEST_MISMATCH .provenance.txt"]);
  });

  test("leave out a lock that was never recorded", async () => {
    const repository = await startedWith({
      ...(await reviewed(BASE)),
      "pyproject.toml": '[tool.pubpin]\nlocks = ["/uv.lock"]\n',
    });
    expect(verdict(await repository.commit({ "vendor/uv.lock": BASE }))).toBe("accepted");
  });

  test("of the work tree alone decide nothing", async () => {
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage({ "uv.lock": BUMPED });
    repository.write({ "pyproject.toml": '[tool.pubpin]\nlocks = []\nfile = "other.txt"\n' });
    const end = await repository.git("commit", "-m", "x");
    expect(verdict(end)).toEqual(["LOCK_DIGEST_MISMATCH .provenance.txt"]);
  });

  test("may be widened, and the new names are locks at once", async () => {
    const repository = await startedWith({
      ...(await reviewed(BASE)),
      "pyproject.toml": '[tool.pubpin]\nlocks = ["/uv.lock"]\n',
    });
    const end = await repository.commit({
      "pyproject.toml": '[tool.pubpin]\nlocks = ["uv.lock"]\n',
      "app/uv.lock": BASE,
    });
    expect(verdict(end)).toEqual(["LOCK_NOT_RECORDED app/uv.lock"]);
  });
});

describe.concurrent("what the configuration cannot do", () => {
  test.each(["pyproject.toml", "package.json"])(
    "hide the provenance file by another name, in %s",
    async (path) => {
      const isToml = path === "pyproject.toml";
      const text = isToml ? '[tool.pubpin]\nfile = "x.txt"\n' : '{"pubpin": {"file": "x.txt"}}\n';
      const repository = await startedWith(await reviewed(BASE));
      const end = await repository.commit({ [path]: text });
      expect(verdict(end)).toEqual(["LOCK_LOST uv.lock"]);
      const changed = await repository.commit({ "uv.lock": BUMPED });
      expect(verdict(changed)).toEqual(["LOCK_LOST uv.lock"]);
    },
  );

  test("take strictness away in the commit that needs it", async () => {
    const files = await reviewed(BASE, { line: "unsigned" });
    const repository = await startedWith({
      ...files,
      "pyproject.toml": "[tool.pubpin]\nstrict = true\n",
    });
    const end = await repository.commit({
      ...(await reviewed(BUMPED, { line: "unsigned" })),
      "pyproject.toml": "[tool.pubpin]\nstrict = false\n",
    });
    expect(verdict(end)).toEqual(["UNSIGNED uv.lock"]);
  });

  test("loosen the binding in the commit that needs it", async () => {
    const repository = await startedWith({
      ...(await reviewed(BASE)),
      "pyproject.toml": '[tool.pubpin]\nbinding = "bytes"\n',
    });
    const end = await repository.commit({ ...(await reviewed(BUMPED)), "pyproject.toml": "" });
    expect(verdict(end)).toEqual(["LOCK_NOT_RECORDED uv.lock"]);
  });

  test("relax unseen: what it relaxes is shown", async () => {
    const strict = await startedWith({
      ...(await reviewed(BASE)),
      "pyproject.toml": "[tool.pubpin]\nstrict = true\n",
    });
    const relaxed = await strict.commit({ "pyproject.toml": "" });
    expect(verdict(relaxed)).toBe("accepted");
    expect(relaxed.stderr).toContain("STRICT_REMOVED");
    const bound = await startedWith({
      ...(await reviewed(BASE)),
      "package.json": '{"pubpin": {"binding": "bytes"}}',
    });
    const loosened = await bound.commit({ "package.json": "{}" });
    expect(verdict(loosened)).toBe("accepted");
    expect(loosened.stderr).toContain("BINDING_LOOSENED");
  });

  test("stay broken because it is: its repair is accepted", async () => {
    const broken = { ...(await reviewed(BASE)), "pyproject.toml": "[tool.pubpin\n" };
    const repository = await startedWith(broken);
    expect(verdict(await repository.commit({ "pyproject.toml": "" }))).toBe("accepted");
  });

  test("be in two places", async () => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({
      "package.json": '{"pubpin": {"strict": true}}',
      "pyproject.toml": "[tool.pubpin]\nstrict = true\n",
    });
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toContain("the hook ended with 2");
  });

  test.each([
    ["unknown key", "[tool.pubpin]\nindex = 'https://index.example'\n"],
    ["wrong type", "[tool.pubpin]\nlocks = 'uv.lock'\n"],
    ["damaged file", "[tool.pubpin\n"],
  ])("be passed by where it has an %s", async (_, text) => {
    const repository = await startedWith(await reviewed(BASE));
    const end = await repository.commit({ "pyproject.toml": text, "uv.lock": BUMPED });
    expect(end.exitCode).toBe(1);
    expect(end.stderr).toContain("the hook ended with 2");
    expect(end.stderr).toContain("pyproject.toml");
  });
});
