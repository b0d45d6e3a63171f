/** `uv pip`, `uv tool` and scripts: where no lock of a project says what is installed. */
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mintWheel } from "@pubpin/test-kit/node";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { OCTO_PIN } from "../../command/support/project.ts";
import { MALLORY, type Place, speaking, startUvSetting } from "./support/setting.ts";

vi.setConfig({ testTimeout: 120_000 });

const setting = await startUvSetting();
const { index, other, add } = setting;
add(speaking("foo", "foo", "1.0", ["bar"]));
add(speaking("bar", "bar"), null);
add(
  mintWheel({
    name: "tool",
    version: "1.0",
    files: {
      "tool.py": 'def main():\n    print("tool runs")\n',
      "tool-1.0.dist-info/entry_points.txt": "[console_scripts]\ntool = tool:main\n",
    },
  }),
);

beforeEach((context) => {
  if (setting.missing !== null) context.skip(setting.missing);
});

const PINNED = `#index:*  ${index.simpleUrl}\nfoo  ${OCTO_PIN}\ntool  ${OCTO_PIN}\n`;

async function withEnvironment(pins = PINNED): Promise<Place> {
  const place = setting.place();
  if (pins !== "") place.write(".provenance.txt", pins);
  await place.uv(["venv"]);
  return place;
}

function site({ folder }: Place): string {
  const lib = join(folder, ".venv/lib");
  const [python = ""] = readdirSync(lib);
  return join(lib, python, "site-packages");
}

describe("uv pip install", () => {
  test("installs what is pinned, and pins with --tofu what is not", async () => {
    const place = await withEnvironment("");
    const refused = await place.pubpin(["uv", "pip", "install", "foo"]);
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toContain("+ foo  https://github.com/octo/example");
    expect(place.read(".provenance.txt")).toBeNull();

    const { exitCode, stderr } = await place.pubpin(["uv", "pip", "install", "--tofu", "foo"]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("+ foo==1.0");
    expect(place.read(".provenance.txt")).toMatch(/^foo /m);
    expect((await place.pubpin(["uv", "pip", "install", "foo"])).stderr).not.toContain("~");
  });

  test("installs again what somebody changed, or brought without pubpin", async () => {
    const place = await withEnvironment();
    expect((await place.pubpin(["uv", "pip", "install", "bar"])).exitCode).toBe(0);
    appendFileSync(join(site(place), "bar.py"), "# changed\n");
    await place.uv(["pip", "install", "foo"]);

    const { exitCode, stderr } = await place.pubpin(["uv", "pip", "install", "-n", "foo"]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("~ foo==1.0");
    expect(stderr).toContain("~ bar==1.0");
    expect(readFileSync(join(site(place), "bar.py"), "utf8")).not.toContain("changed");
  });

  test("takes nothing of another index for a name that is pinned to one", async () => {
    const place = await withEnvironment();
    add(speaking("foo", "confused", "2.0"), MALLORY, other);
    const parameters = ["pip", "install", "--index", other.simpleUrl, "foo"];
    const { exitCode, stderr } = await place.pubpin(["uv", ...parameters]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("+ foo==1.0");
    expect(readFileSync(join(site(place), "foo.py"), "utf8")).toContain("foo runs");
  });
});

describe("uv pip compile", () => {
  test("writes a lock that is verified and recorded, and that `uv pip sync` takes", async () => {
    const place = await withEnvironment();
    place.write("requirements.in", "foo\n");
    const options = ["requirements.in", "--generate-hashes", "-o", "requirements.txt"];
    const { exitCode, stdout } = await place.pubpin(["uv", "pip", "compile", ...options, "--tofu"]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(place.read("requirements.txt"));
    expect(stdout).toContain("pubpin uv pip compile requirements.in");
    expect(place.read(".provenance.txt")).toContain("#lock:requirements.txt");
    expect(stdout).not.toContain("127.0.0.1");

    const synced = await place.pubpin(["uv", "pip", "sync", "requirements.txt"]);
    expect(synced.exitCode).toBe(0);
    expect(synced.stderr).toContain("+ foo==1.0");
  });

  test("writes addresses of the real index into a pylock.toml", async () => {
    const place = await withEnvironment();
    place.write("requirements.in", "foo\n");
    const options = ["requirements.in", "-o", "pylock.toml", "--tofu", "-q"];
    expect((await place.pubpin(["uv", "pip", "compile", ...options])).exitCode).toBe(0);
    expect(place.read("pylock.toml")).toContain(`url = "${index.url}/files/`);
    expect((await place.pubpin(["uv", "pip", "sync", "pylock.toml"])).exitCode).toBe(0);
  });

  test("writes nothing that is refused", async () => {
    const place = await withEnvironment(`#index:*  ${index.simpleUrl}\nbar  ${OCTO_PIN}\n`);
    place.write("requirements.in", "bar\n");
    const options = ["requirements.in", "--generate-hashes", "-o", "requirements.txt"];
    const { exitCode } = await place.pubpin(["uv", "pip", "compile", ...options]);
    expect(exitCode).not.toBe(0);
    expect(place.read("requirements.txt")).toBeNull();
  });
});

describe("uv tool install", () => {
  test("notes the real index as the tool's, and installs again what came without pubpin", async () => {
    const place = setting.place();
    place.write(".provenance.txt", PINNED);
    expect((await place.uv(["tool", "install", "tool"])).exitCode).toBe(0);
    const { exitCode, stderr } = await place.pubpin(["uv", "tool", "install", "tool"]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("~ tool==1.0");
    const receipt = readFileSync(join(place.home, "tools/tool/uv-receipt.toml"), "utf8");
    const urls = [...receipt.matchAll(/http:[^"]+/g)].map(([url]) => url);
    expect(urls).toEqual([index.simpleUrl]);
  });

  test("pins in the user's own file where none governs the folder", async () => {
    const place = setting.place();
    const command = ["uvx", "--tofu", "tool"];
    expect(await place.pubpin(command)).toMatchObject({ exitCode: 0, stdout: "tool runs\n" });
    expect(place.read(".provenance.txt")).toBeNull();
    const pins = readFileSync(join(place.home, ".config/pubpin/.provenance.txt"), "utf8");
    expect(pins).toMatch(/^tool /m);
    expect(await place.pubpin(["uvx", "tool"])).toMatchObject({ exitCode: 0 });
  });
});

describe("a script", () => {
  const metadata = `# /// script\n# requires-python = ">=3.9"\n# dependencies = ["foo"]\n# ///\n`;

  test("is locked beside itself, verified, and run from its lock", async () => {
    const place = setting.place();
    place.write("script.py", `${metadata}import foo\n`);
    const locked = await place.pubpin(["uv", "lock", "--script", "script.py", "--tofu"]);
    expect(locked.exitCode).toBe(0);
    expect(place.read(".provenance.txt")).toContain("#lock:script.py.lock");
    expect(place.read("script.py.lock")).toContain(index.url);
    const run = await place.pubpin(["uv", "run", "script.py"]);
    expect(run).toMatchObject({ exitCode: 0, stdout: "foo runs\n" });
  });

  test("gets what is added to it, and a lock stays what was verified", async () => {
    const place = setting.place();
    place.write(".provenance.txt", PINNED);
    place.write("script.py", `${metadata}import foo, tool\n`);
    const added = await place.pubpin(["uv", "add", "--script", "script.py", "tool"]);
    expect(added.exitCode).toBe(0);
    expect(place.read("script.py")).toContain('"tool>=1.0"');
    const run = await place.pubpin(["uv", "run", "script.py"]);
    expect(run).toMatchObject({ exitCode: 0, stdout: "foo runs\n" });
  });

  test("whose index has no name is refused by name until it is locked", async () => {
    const place = setting.place();
    place.write(".provenance.txt", PINNED);
    const table = `# [[tool.uv.index]]\n# url = "${other.simpleUrl}"\n# ///\n`;
    place.write("script.py", `${metadata.slice(0, -"# ///\n".length)}${table}`);
    const { exitCode, stderr } = await place.pubpin(["uv", "run", "script.py"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("expected a name");
  });
});
