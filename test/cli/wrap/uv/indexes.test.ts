/** Projects whose packages come from several indexes, and settings of uv that say which. */
import { beforeEach, expect, test, vi } from "vitest";
import { OCTO, OCTO_PIN } from "../../command/support/project.ts";
import { buildTable, mintBackend } from "./support/sdist.ts";
import { MALLORY, projectText, speaking, startUvSetting } from "./support/setting.ts";

vi.setConfig({ testTimeout: 120_000 });

const setting = await startUvSetting();
const { index, other, add } = setting;
add(speaking("foo", "foo"));
add(speaking("gem", "gem"), OCTO, other);
add(speaking("gem", "impostor", "9.0"), MALLORY);

beforeEach((context) => {
  if (setting.missing !== null) context.skip(setting.missing);
});

/** The default index in pyproject.toml, and another one that is asked only where it is named. */
const INDEXES = `[[tool.uv.index]]
name = "main"
url = "${index.simpleUrl}/"
default = true

[[tool.uv.index]]
name = "special"
url = "${other.simpleUrl}"
explicit = true

[tool.uv.sources]
gem = { index = "special" }
`;
const NO_VARIABLE = { UV_DEFAULT_INDEX: "" };
const IMPORTING = ["uv", "run", "python", "-c", "import gem, foo"];

test("a package of an explicit index comes from there, and is pinned to it", async () => {
  const place = setting.place();
  place.write("pyproject.toml", projectText("app", ["foo", "gem"], INDEXES));
  const first = await place.pubpin(["uv", "sync", "--tofu"], NO_VARIABLE);
  expect(first.exitCode).toBe(0);
  expect(place.read(".provenance.txt")).toMatch(
    new RegExp(`^#index:gem +${other.simpleUrl}$`, "m"),
  );
  expect((await place.pubpin(IMPORTING, NO_VARIABLE)).stdout).toBe("gem runs\nfoo runs\n");
  expect((await place.uv(["lock", "--check"], NO_VARIABLE)).exitCode).toBe(0);
  expect(place.read("pyproject.toml")).toBe(projectText("app", ["foo", "gem"], INDEXES));
});

test("what builds a project comes from the index that its sources name, and is checked", async () => {
  add(mintBackend("maker", "special maker"), OCTO, other);
  add(mintBackend("maker", "evil maker", "9.0"), MALLORY);
  const place = setting.place();
  const more = `${INDEXES.replace("gem =", "maker =")}\n${buildTable("maker")}`;
  place.write("pyproject.toml", projectText("app", ["foo"], more));
  const lines = [`#index:*  ${index.simpleUrl}`, `#index:maker  ${other.simpleUrl}`];
  const pins = [`foo  ${OCTO_PIN}`, `maker  ${OCTO_PIN}`];
  place.write(".provenance.txt", `${[...lines, ...pins].join("\n")}\n`);
  expect((await place.pubpin(["uv", "sync"], NO_VARIABLE)).exitCode).toBe(0);
  expect(place.marks()).toContain("special maker");
});

test("the user's own configuration says which index there is", async () => {
  const place = setting.place();
  place.write("pyproject.toml", projectText("app", ["foo"]));
  place.write("config/uv/uv.toml", `[[index]]\nurl = "${index.simpleUrl}"\ndefault = true\n`);
  const env = { ...NO_VARIABLE, XDG_CONFIG_HOME: `${place.folder}/config` };
  const { exitCode } = await place.pubpin(["uv", "sync", "--tofu"], env);
  expect(exitCode).toBe(0);
  expect(place.read("uv.lock")).toContain(`registry = "${index.simpleUrl}"`);
  expect((await place.pubpin(["uv", "sync"], env)).exitCode).toBe(0);
});

test("an index of the command line is asked, and is the real one in what uv writes", async () => {
  add(speaking("pearl", "pearl"), OCTO, other);
  const place = setting.place();
  const main = `[[tool.uv.index]]\nurl = "${index.simpleUrl}"\ndefault = true\n`;
  place.write("pyproject.toml", projectText("app", [], main));
  const options = ["--index", `special=${other.simpleUrl}`, "--tofu"];
  const { exitCode } = await place.pubpin(["uv", "add", ...options, "pearl"], NO_VARIABLE);
  expect(exitCode).toBe(0);
  expect(place.read("pyproject.toml")).toContain(`url = "${other.simpleUrl}"`);
  expect(place.read("pyproject.toml")).toContain('pearl = { index = "special" }');
  expect(place.read("uv.lock")).toContain(`registry = "${other.simpleUrl}"`);
});

test("without any configuration the usual index is asked, through the one that checks", async () => {
  const place = setting.place();
  place.write("pyproject.toml", projectText("app", ["foo"], INDEXES));
  const parameters = ["--index", other.simpleUrl, "uv", "lock", "--no-config"];
  const { exitCode, stderr } = await place.pubpin(parameters, NO_VARIABLE);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain("foo");
  expect(other.requests.map(({ path }) => path)).toContain("/simple/foo/");
});
