/** A project as people have them, through the wrapper from its first lock on. */
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Ended } from "../../command/support/command.ts";
import { OCTO } from "../../command/support/project.ts";
import { hatchling } from "./support/real.ts";
import { mintBackend, mintSdist } from "./support/sdist.ts";
import { type Place, projectText, speaking, startUvSetting } from "./support/setting.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const setting = await startUvSetting();
const { index, add } = setting;
const tools = await hatchling();
const missing = setting.missing ?? ("missing" in tools ? tools.missing : null);
if (!("missing" in tools)) for (const tool of tools) add(tool, OCTO);
add(speaking("foo", "foo"));
add(speaking("checker", "checker"));
add(mintBackend("maker", "maker"));
add(mintSdist("sourced", "1.0", { backend: "maker" }));

beforeEach((context) => {
  if (missing !== null) context.skip(missing);
});

const HATCH = `[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n`;

/** With a member of its workspace, a group for development, and a package that is an sdist alone. */
function normalProject(): Place {
  const place = setting.place();
  const more = `[dependency-groups]
dev = ["checker"]

[tool.uv.workspace]
members = ["packages/*"]

[tool.uv.sources]
member = { workspace = true }

${HATCH}`;
  place.write("pyproject.toml", projectText("app", ["foo", "sourced", "member"], more));
  place.write("src/app/__init__.py", "");
  place.write("packages/member/pyproject.toml", projectText("member", [], HATCH));
  place.write("packages/member/src/member/__init__.py", 'name = "member"\n');
  place.write("test_app.py", "import app, foo, member, sourced, checker\nprint(member.name)\n");
  return place;
}

describe("a normal project", () => {
  let place: Place;
  let first: Ended;

  beforeAll(async () => {
    if (missing !== null) return;
    place = normalProject();
    first = await place.pubpin(["uv", "sync", "--tofu"]);
  });

  test("is installed with its members by the first sync", () => {
    expect(first.stderr).toContain("+ member==0.1");
    expect(first.exitCode).toBe(0);
  });

  test("has its publishers pinned by the first sync, those of what builds it too", () => {
    const pins = place.read(".provenance.txt") ?? "";
    const names = [...pins.matchAll(/^([a-z][\w-]*) /gm)].map(([, name]) => name);
    const built = [
      "editables",
      "hatchling",
      "packaging",
      "pathspec",
      "pluggy",
      "trove-classifiers",
    ];
    expect(names).toEqual([...built, "checker", "foo", "maker", "sourced"].toSorted());
    expect(pins).toMatch(/^#lock:uv\.lock +v1-sha256:/m);
  });

  test("has a lock that names the real index, and no other", () => {
    const lock = place.read("uv.lock") ?? "";
    const hosts = new Set([...lock.matchAll(/http:\/\/[^/"]+/g)].map(([host]) => host));
    expect([...hosts]).toEqual([index.url]);
  });

  test("is as pubpin verifies it, and as uv has it", async () => {
    expect((await place.pubpin(["--index", index.simpleUrl, "verify"])).exitCode).toBe(0);
    expect((await place.uv(["lock", "--check"])).exitCode).toBe(0);
  });

  test("locks, syncs, runs and tests without a question and without an option", async () => {
    const before = place.read(".provenance.txt");
    const lock = place.read("uv.lock");
    expect(await place.pubpin(["uv", "lock"])).toMatchObject({ exitCode: 0 });
    expect(await place.pubpin(["uv", "sync"])).toMatchObject({ exitCode: 0, stdout: "" });
    const run = await place.pubpin(["uv", "run", "test_app.py"]);
    expect(run).toMatchObject({ exitCode: 0, stdout: "foo runs\nchecker runs\nmember\n" });
    const fresh = await place.pubpin(["uv", "run", "--isolated", "python", "-c", "import member"]);
    expect(fresh.exitCode).toBe(0);
    expect(place.read(".provenance.txt")).toBe(before);
    expect(place.read("uv.lock")).toBe(lock);
  });

  test("says nothing of its own when it runs what is there", async () => {
    const { stderr } = await place.pubpin(["uv", "run", "python", "-c", ""]);
    expect(stderr).toBe("");
  });

  test("is found from a folder within it", async () => {
    const inside = await place.pubpin(["uv", "run", "--directory", "src/app", "python", "-c", ""]);
    expect(inside).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await place.pubpin(["uv", "lock", "--directory", "src/app"])).exitCode).toBe(0);
    expect((await place.pubpin(["uv", "sync", "--directory", "packages/member"])).exitCode).toBe(0);
  });

  test("exports what it locks", async () => {
    const { exitCode, stdout } = await place.pubpin(["uv", "export"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("foo==1.0");
    expect(stdout).not.toContain("pubpin");
  });
});

describe("a change", () => {
  test("of what is required is locked, verified and installed, and taken back", async () => {
    const place = normalProject();
    expect((await place.pubpin(["uv", "sync", "--tofu"])).exitCode).toBe(0);
    add(speaking("more", "more"));
    const added = await place.pubpin(["uv", "add", "--tofu", "more"]);
    expect(added).toMatchObject({ exitCode: 0 });
    expect(place.read("pyproject.toml")).toContain('"more>=1.0"');
    expect(place.read(".provenance.txt")).toMatch(/^more /m);
    expect((await place.pubpin(["uv", "run", "python", "-c", "import more"])).stdout).toBe(
      "more runs\n",
    );

    const removed = await place.pubpin(["uv", "remove", "more"]);
    expect(removed).toMatchObject({ exitCode: 0 });
    expect(removed.stderr).toContain("- more==1.0");
    expect(place.read("pyproject.toml")).not.toContain("more");
    // uv notes the index that it was told of, and that is the real one.
    const urls = (place.read("pyproject.toml") ?? "").match(/http:[^"]+/g);
    expect(urls).toEqual([index.simpleUrl]);
  });

  test("that is refused leaves every file as it was", async () => {
    const place = normalProject();
    expect((await place.pubpin(["uv", "sync", "--tofu"])).exitCode).toBe(0);
    add(speaking("unknown", "unknown"));
    const files = ["pyproject.toml", "uv.lock", ".provenance.txt"];
    const before = files.map(place.read);
    const { exitCode, stderr } = await place.pubpin(["uv", "add", "unknown"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("PUBLISHER_UNPINNED");
    expect(stderr).toContain("--tofu");
    expect(files.map(place.read)).toEqual(before);
  });

  test("of a member is put into the member's own file", async () => {
    const place = normalProject();
    expect((await place.pubpin(["uv", "sync", "--tofu"])).exitCode).toBe(0);
    const { exitCode } = await place.pubpin(["uv", "add", "--package", "member", "foo"]);
    expect(exitCode).toBe(0);
    expect(place.read("packages/member/pyproject.toml")).toContain('"foo>=1.0"');
    expect(place.read("pyproject.toml")).not.toContain('"foo>=1.0"');
  });
});
