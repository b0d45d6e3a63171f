/**
 * Ways on which something that nobody verified reaches the machine. Each is first shown to be open
 * with uv alone, and then to be shut.
 */
import { execFileSync } from "node:child_process";
import { appendFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { sha256Hex } from "@pubpin/test-kit/node";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { OCTO_PIN } from "../../command/support/project.ts";
import { buildTable, mintBackend, mintSdist, sdistFiles } from "./support/sdist.ts";
import { MALLORY, type Place, projectText, speaking, startUvSetting } from "./support/setting.ts";

vi.setConfig({ testTimeout: 120_000 });

const setting = await startUvSetting();
const { index, other, add } = setting;
const foo = speaking("foo", "foo");
add(foo);
const evil = speaking("evil", "evil");
add(evil, MALLORY);

beforeEach((context) => {
  if (setting.missing !== null) context.skip(setting.missing);
});

/** A place whose pins know these names, and another one without pins. */
function places(...names: readonly string[]): { readonly place: Place; readonly open: Place } {
  const place = setting.place();
  const lines = [`#index:*  ${index.simpleUrl}`, ...names.map((name) => `${name}  ${OCTO_PIN}`)];
  place.write(".provenance.txt", `${lines.toSorted().join("\n")}\n`);
  return { place, open: setting.place() };
}

/** Writes the same file in both. */
function write({ place, open }: ReturnType<typeof places>, path: string, text: string): void {
  for (const each of [place, open]) each.write(path, text);
}

/** Where the index has a file. */
const urlOf = ({ filename, bytes }: { filename: string; bytes: Uint8Array }): string => {
  const sha256 = sha256Hex(bytes);
  return `${index.url}/files/${sha256.slice(0, 2)}/${sha256.slice(2)}/${filename}`;
};

const RUN_NOTHING = ["python", "-c", ""];

describe("while locking", () => {
  test("the backend that an sdist of another publisher brings does not run", async () => {
    add(mintSdist("taken", "1.0", { who: "taken" }), MALLORY);
    const both = places("taken");
    const { place, open } = both;
    write(both, "pyproject.toml", projectText("app", ["taken"]));
    await open.uv(["lock"]);
    expect(open.marks()).toContain("taken");

    const { exitCode, stderr } = await place.pubpin(["uv", "lock"]);
    expect(place.marks()).toEqual([]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("PUBLISHER_CHANGED");
    expect(place.read("uv.lock")).toBeNull();
  });

  test("a repository that a project's sources name is not built before it is pinned", async () => {
    const both = places();
    const { place, open } = both;
    const repository = setting.place();
    for (const [path, text] of sdistFiles("made", "1.0", { who: "the repository" })) {
      repository.write(path, text);
    }
    for (const line of ["init -q", "add .", "-c user.name=a -c user.email=a commit -qm a"]) {
      execFileSync("git", line.split(" "), { cwd: repository.folder });
    }
    const source = `[tool.uv.sources]\nmade = { git = "file://${repository.folder}" }\n`;
    write(both, "pyproject.toml", projectText("app", ["made"], source));
    await open.uv(["lock"]);
    expect(open.marks()).toContain("the repository");

    const { exitCode, stderr } = await place.pubpin(["uv", "lock"]);
    expect(place.marks()).toEqual([]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("+ #source:made");
    expect(place.read("uv.lock")).toBeNull();
    expect((await place.pubpin(["uv", "lock", "--tofu"])).exitCode).toBe(0);
    expect((await place.pubpin(["uv", "lock"])).exitCode).toBe(0);
    write(
      both,
      "pyproject.toml",
      projectText("app", ["made"], source.replace("project-", "other-")),
    );
    expect((await place.pubpin(["uv", "lock"])).stderr).toContain("PINS_CONFLICT");
  });

  test("another index of the environment does not bring a file of the same name", async () => {
    add(speaking("foo", "confused", "2.0"), MALLORY, other);
    const both = places("foo");
    const { place, open } = both;
    write(both, "pyproject.toml", projectText("app", ["foo"]));
    const env = { UV_INDEX: other.simpleUrl, UV_DEFAULT_INDEX: index.simpleUrl };
    await open.uv(["sync"], env);
    expect((await open.uv(["run", "--frozen", "python", "-c", "import foo"])).stdout).toContain(
      "confused runs",
    );

    const importing = ["run", "python", "-c", "import foo"];
    const { exitCode, stdout } = await place.pubpin(["uv", ...importing], env);
    expect(exitCode).toBe(0);
    expect(stdout).toBe("foo runs\n");
    expect(place.read("uv.lock")).not.toContain(other.url);
  });

  test("another default index of the environment does not take a pinned name over", async () => {
    const both = places("foo");
    const { place, open } = both;
    write(both, "pyproject.toml", projectText("app", ["foo"]));
    const env = { UV_DEFAULT_INDEX: other.simpleUrl };
    await open.uv(["sync"], env);
    expect(open.read("uv.lock")).toContain(other.simpleUrl);

    const { exitCode, stderr } = await place.pubpin(["uv", "sync"], env);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("INDEX_CHANGED");
    expect(place.read("uv.lock")).toBeNull();
  });
});

describe("while building", () => {
  test("what a project requires for its own build does not run where nobody pinned it", async () => {
    add(mintBackend("maker", "evil maker"), MALLORY);
    const both = places();
    const { place, open } = both;
    write(both, "pyproject.toml", projectText("app", [], buildTable("maker")));
    await open.uv(["sync"]);
    expect(open.marks()).toContain("evil maker");

    const { exitCode, stderr } = await place.pubpin(["uv", "sync"]);
    expect(place.marks()).toEqual([]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("PUBLISHER_UNPINNED");
  });

  test("what a verified sdist requires for its build does not run either", async () => {
    add(mintBackend("forge", "evil forge"), MALLORY);
    add(mintSdist("source", "1.0", { backend: "forge" }));
    const both = places("source");
    const { place, open } = both;
    write(both, "pyproject.toml", projectText("app", ["source"]));
    await open.uv(["sync"]);
    expect(open.marks()).toContain("evil forge");

    const { exitCode, stderr } = await place.pubpin(["uv", "sync"]);
    expect(place.marks()).toEqual([]);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("forge");
  });

  test("what was built by anybody before is built again", async () => {
    add(mintBackend("smith", "evil smith"), MALLORY);
    add(mintSdist("sword", "1.0", { backend: "smith" }));
    const { place } = places("sword", "smith");
    place.write("pyproject.toml", projectText("app", ["sword"]));
    await place.uv(["sync"]);
    expect(place.marks()).toContain("evil smith");
    add(mintBackend("smith", "the real smith"));
    const who = ["python", "-c", "import sword; print(sword.built_by)"];
    expect((await place.uv(["run", ...who])).stdout).toContain("evil smith");

    const { exitCode, stdout } = await place.pubpin(["uv", "run", ...who]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("the real smith");
  });

  test("an address among the build requirements of a project is refused by name", async () => {
    const both = places();
    const { place, open } = both;
    const url = urlOf(evil);
    const table = `[build-system]\nrequires = ["evil @ ${url}"]\nbuild-backend = "evil"\n`;
    write(both, "pyproject.toml", projectText("app", [], table));
    expect((await open.uv(["sync"])).stderr).toContain("evil runs");

    const { exitCode, stderr } = await place.pubpin(["uv", "sync"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("build requirement evil @");
    expect(stderr).not.toContain("evil runs");
  });
});

describe("while running", () => {
  test("`--with` does not bring what nobody pinned", async () => {
    const both = places("foo");
    const { place, open } = both;
    write(both, "pyproject.toml", projectText("app", ["foo"]));
    const parameters = ["run", "--with", "evil", "python", "-c", "import evil"];
    expect((await open.uv(parameters)).stdout).toContain("evil runs");

    const { exitCode, stdout, stderr } = await place.pubpin(["uv", ...parameters]);
    expect(exitCode).not.toBe(0);
    expect(stdout).not.toContain("evil runs");
    expect(stderr).toContain("PUBLISHER_UNPINNED");
  });

  test("a script with inline metadata does not bring what nobody pinned", async () => {
    const both = places("foo");
    const { place, open } = both;
    const metadata = `# /// script\n# requires-python = ">=3.9"\n# dependencies = ["evil"]\n# ///\n`;
    write(both, "script.py", `${metadata}import evil\n`);
    expect((await open.uv(["run", "script.py"])).stdout).toContain("evil runs");

    const { exitCode, stdout, stderr } = await place.pubpin(["uv", "run", "script.py"]);
    expect(exitCode).not.toBe(0);
    expect(stdout).not.toContain("evil runs");
    expect(stderr).toContain("PUBLISHER_UNPINNED");
  });

  test("a script's environment that was made without pubpin is made again", async () => {
    add(speaking("lib", "lib"));
    const { place } = places("lib");
    const metadata = `# /// script\n# requires-python = ">=3.9"\n# dependencies = ["lib"]\n# ///\n`;
    place.write("script.py", `${metadata}import lib\n`);
    add(speaking("lib", "replaced"), null, other);
    await place.uv(["run", "script.py"], { UV_DEFAULT_INDEX: other.simpleUrl });
    expect((await place.uv(["run", "script.py"])).stdout).toContain("replaced runs");

    const { exitCode, stdout } = await place.pubpin(["uv", "run", "script.py"]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe("lib runs\n");
  });

  test("a tool that nobody pinned does not run", async () => {
    const { place, open } = places("foo");
    const parameters = ["tool", "run", "--from", "evil", "python", "-c", "import evil"];
    expect((await open.uv(parameters)).stdout).toContain("evil runs");

    for (const command of [
      ["uv", ...parameters],
      ["uvx", ...parameters.slice(2)],
    ]) {
      const { exitCode, stdout, stderr } = await place.pubpin(command);
      expect(exitCode).not.toBe(0);
      expect(stdout).not.toContain("evil runs");
      expect(stderr).toContain("PUBLISHER_UNPINNED");
    }
  });
});

describe("from a lock", () => {
  /** A lock of the project itself and of `foo`, with this file. */
  const lockOf = (url: string, sha256: string): string => `version = 1
revision = 3
requires-python = ">=3.9"

[[package]]
name = "app"
version = "0.1"
source = { virtual = "." }
dependencies = [{ name = "foo" }]

[package.metadata]
requires-dist = [{ name = "foo" }]

[[package]]
name = "foo"
version = "1.0"
source = { registry = "${index.simpleUrl}" }
wheels = [{ url = "${url}", hash = "sha256:${sha256}" }]
`;
  test("a file of another project under a package's name is not installed", async () => {
    const both = places("foo");
    const { place, open } = both;
    write(both, "pyproject.toml", projectText("app", ["foo"]));
    write(both, "uv.lock", lockOf(urlOf(evil), sha256Hex(evil.bytes)));
    await open.uv(["sync", "--frozen"]);
    expect((await open.uv(["run", "--frozen", "python", "-c", "import evil"])).stdout).toContain(
      "evil runs",
    );

    for (const more of [["--frozen"], []]) {
      const { exitCode, stderr } = await place.pubpin(["uv", "sync", ...more]);
      expect(exitCode).toBe(1);
      expect(stderr).toContain("FILE_MISMATCH");
      expect(place.read(".venv/pyvenv.cfg")).toBeNull();
    }
  });

  test("a lock that is out of date is not replaced unseen", async () => {
    const both = places("foo");
    const { place, open } = both;
    for (const each of [place, open]) each.write("pyproject.toml", projectText("app", ["foo"]));
    await open.uv(["lock"]);
    place.write("uv.lock", open.read("uv.lock") ?? "");
    write(both, "pyproject.toml", projectText("app", ["foo", "evil"]));
    await open.uv(["sync"]);
    expect(open.read("uv.lock")).toContain("evil");

    const refused = await place.pubpin(["uv", "sync"]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("PUBLISHER_UNPINNED");
    expect(place.read("uv.lock")).not.toContain("evil");
    const named = await place.pubpin(["uv", "sync", "--no-frozen"]);
    expect(named.exitCode).toBe(2);
    expect(named.stderr).toContain("--no-frozen is refused");
  });

  test("a second hash for one file does not let another file in", async () => {
    const both = places("foo");
    const { place, open } = both;
    const twin = speaking("foo", "twin");
    const hashes = [foo, twin].map(({ bytes }) => `--hash=sha256:${sha256Hex(bytes)}`);
    write(both, "requirements.txt", `foo==1.0 ${hashes.join(" ")}\n`);
    add(twin, MALLORY);
    try {
      for (const each of [place, open]) await each.uv(["venv"]);
      await open.uv(["pip", "sync", "requirements.txt"]);
      const importing = ["run", "--no-project", "python", "-c", "import foo"];
      expect((await open.uv(importing)).stdout).toContain("twin runs");

      const { exitCode, stderr } = await place.pubpin(["uv", "pip", "sync", "requirements.txt"]);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/HASH_UNUSABLE|PUBLISHER_CHANGED/);
      expect((await place.uv(importing)).stdout).not.toContain("twin runs");
    } finally {
      add(foo);
    }
  });

  test("an index that changed after the lock was verified brings nothing else", async () => {
    const both = places("foo");
    const { place, open } = both;
    write(both, "pyproject.toml", projectText("app", ["foo"]));
    expect((await place.pubpin(["uv", "lock"])).exitCode).toBe(0);
    add(speaking("foo", "exchanged"), null);
    try {
      await open.uv(["sync"]);
      const importing = ["run", "python", "-c", "import foo"];
      expect((await open.uv(importing)).stdout).toContain("exchanged runs");

      const { exitCode, stdout } = await place.pubpin(["uv", ...importing]);
      expect(exitCode).not.toBe(0);
      expect(stdout).not.toContain("exchanged runs");
    } finally {
      add(foo);
    }
  });
});

describe("what is installed already", () => {
  const importing = ["run", "python", "-c", "import foo"];

  async function installed(place: Place): Promise<string> {
    place.write("pyproject.toml", projectText("app", ["foo"]));
    expect((await place.pubpin(["uv", "sync"])).exitCode).toBe(0);
    const lib = join(place.folder, ".venv/lib");
    const [python = ""] = readdirSync(lib);
    return join(lib, python, "site-packages");
  }

  test("is installed again where somebody changed it, in uv's cache too", async () => {
    const { place } = places("foo");
    const site = await installed(place);
    appendFileSync(join(site, "foo.py"), 'print("changed")\n');
    await place.uv(["sync", "--frozen"]);
    expect((await place.uv(importing)).stdout).toContain("changed");

    const { exitCode, stdout } = await place.pubpin(["uv", ...importing]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe("foo runs\n");
  });

  test("is installed again where it came there without pubpin", async () => {
    const { place } = places("foo");
    place.write("pyproject.toml", projectText("app", ["foo"]));
    await place.pubpin(["uv", "lock"]);
    await place.uv(["sync", "--frozen"]);

    const { exitCode, stderr } = await place.pubpin(["uv", "sync"]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("~ foo==1.0");
    expect((await place.pubpin(["uv", "sync"])).stderr).not.toContain("~ foo==1.0");
  });

  test("is refused where no lock names it, and taken away by `sync`", async () => {
    const { place } = places("foo");
    await installed(place);
    await place.uv(["pip", "install", "evil"]);
    expect((await place.uv(["run", "python", "-c", "import evil"])).stdout).toContain("evil runs");

    const refused = await place.pubpin(["uv", "run", "python", "-c", "import evil"]);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain("INSTALLED_REFUSED");
    expect(refused.stdout).toBe("");
    expect((await place.pubpin(["uv", "sync"])).stderr).toContain("- evil==1.0");
    expect((await place.pubpin(["uv", ...importing])).stdout).toBe("foo runs\n");
  });

  test("is refused where code lies there that runs whenever Python starts", async () => {
    const { place } = places("foo");
    const site = await installed(place);
    appendFileSync(join(site, "start.pth"), 'import sys; sys.stderr.write("started")\n');
    expect((await place.uv(["run", ...RUN_NOTHING])).stderr).toContain("started");

    const { exitCode, stdout, stderr } = await place.pubpin(["uv", "run", ...RUN_NOTHING]);
    expect(exitCode).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain("start.pth");
    expect(stderr).not.toContain("started");
  });
});

test("an unsigned tool that builds runs, and not where nothing unsigned may", async () => {
  add(mintBackend("plain", "the plain maker"), null);
  const { place } = places();
  place.write("pyproject.toml", projectText("app", [], buildTable("plain")));
  const strict = await place.pubpin(["--strict", "uv", "sync"]);
  expect(strict.exitCode).not.toBe(0);
  expect(strict.stderr).toContain("UNSIGNED");
  expect(place.marks()).toEqual([]);
  expect((await place.pubpin(["uv", "sync"])).exitCode).toBe(0);
  expect(place.marks()).toContain("the plain maker");
});
