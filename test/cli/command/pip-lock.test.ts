/** `pubpin verify -- <pip lock arguments>`, with a real pip. */
import { once } from "node:events";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { JsonDecision, JsonReport } from "@pubpin/shared";
import { mintWheel, startLocalIndex } from "@pubpin/test-kit/node";
import { afterAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { sarifErrors } from "../../shared/report/sarif-schema.ts";
import { pubpin, startPubpin } from "./support/command.ts";
import { addWheel, type PipProject, pipProjects, writeSourceProject } from "./support/pip.ts";
import { OCTO, OCTO_PIN, startSetting } from "./support/project.ts";

/** Milliseconds: each pip takes seconds to start. */
const PATIENCE = 120_000;
vi.setConfig({ testTimeout: PATIENCE });

const { sigstore, index, newFolder } = await startSetting();
const login = { user: "reader", password: "s3cret!" };
const guarded = await startLocalIndex({ sigstore, credentials: login });
afterAll(() => guarded.close());
addWheel(index, "one", OCTO);
addWheel(index, "plain", null);
addWheel(guarded, "two", OCTO);
const loose = addWheel(index, "loose", OCTO);
index.removeFile(loose.filename);

const projects = await pipProjects(newFolder, sigstore);
const GUARDED_URL = guarded.simpleUrl.replace("://", "://reader:s3cret%21@");
const FROM = ["-i", index.simpleUrl];

beforeEach((context) => {
  if ("missing" in projects) context.skip(projects.missing);
});

function newProject(): PipProject {
  if ("missing" in projects) throw new Error(projects.missing);
  return projects.project();
}

/** The lines of the pins, with one space between their tokens. */
function readPins({ folder }: PipProject, name = ".provenance.txt"): readonly string[] {
  const text = readFileSync(join(folder, name), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/ +/, " "));
}

async function decisions(
  { run }: PipProject,
  parameters: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<readonly JsonDecision[]> {
  const { stdout, stderr } = await run(["--format", "json", "verify", ...parameters], env);
  if (stdout === "") throw new Error(stderr);
  const { reports } = JSON.parse(stdout) as JsonReport;
  return reports.flatMap((report) => report.decisions);
}

/** The address of a server that runs until the test is over. */
async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("arguments after --", () => {
  test("are locked by pip, pinned, and then pass; no lock is written anywhere", async () => {
    const project = newProject();
    const after = ["--", "one", "plain", ...FROM];
    const unpinned = await project.run(["--index", index.simpleUrl, "verify", ...after]);
    expect(unpinned.exitCode).toBe(1);
    expect(unpinned.stdout).toContain("PUBLISHER_UNPINNED");
    expect(unpinned.stdout).toContain(`checked     pip lock one plain -i ${index.simpleUrl}: `);
    expect(unpinned.stderr).toMatch(/^pip lock .*: by `python -m pip`, pip 26\.3 from .*$/m);
    expect(unpinned.stderr).toContain(`is named above, add: -- one plain -i ${index.simpleUrl}\n`);
    expect(project.files()).toEqual([]);

    const tofu = await project.run(["tofu", ...after]);
    expect(tofu).toMatchObject({ exitCode: 0 });
    expect(project.files()).toEqual([".provenance.txt"]);
    expect(readPins(project)).toEqual([
      `#index:* ${index.simpleUrl}`,
      "#unsigned:plain seen",
      `one ${OCTO_PIN}`,
    ]);
    expect(await project.run(["verify", ...after])).toMatchObject({ exitCode: 0 });
    expect(readdirSync(project.temporary)).toEqual([]);
  });

  test("may be a requirements file, a dependency group, and the project itself", async () => {
    const project = newProject();
    writeFileSync(join(project.folder, "some.txt"), `-i ${index.simpleUrl}\none\n`);
    writeSourceProject(project.folder, "one");
    const from = { PIP_INDEX_URL: index.simpleUrl };
    for (const parameters of [["-r", "some.txt"], ["--group", "build"], ["."], ["-e", "."]]) {
      expect(await decisions(project, ["--", ...parameters], from)).toMatchObject([
        { name: "one", code: "INDEX_CHANGED", index: index.simpleUrl, place: null },
      ]);
    }
    expect(project.files().toSorted()).toEqual(["build-here", "pyproject.toml", "some.txt"]);
  });

  test("count from the folder of the command, and the pins from their own", async () => {
    const project = newProject();
    const below = join(project.folder, "below");
    mkdirSync(below);
    mkdirSync(join(project.folder, ".git"));
    writeFileSync(join(project.folder, ".provenance.txt"), `one ${OCTO_PIN}\n`);
    writeSourceProject(below, "one");
    const env = { ...("env" in projects ? projects.env : {}), PIP_INDEX_URL: index.simpleUrl };
    const root = join(project.folder, "root.json");
    writeFileSync(root, await sigstore.trustedRootJson());
    const options = ["--trusted-root", root, "--index", index.simpleUrl];
    const ended = await pubpin(below, [...options, "verify", "--", "."], env);
    expect(ended).toMatchObject({ exitCode: 0 });
  });

  test("can be given to accept, explain and coverage", async () => {
    const project = newProject();
    const after = ["--index", index.simpleUrl, "--", "one", ...FROM];
    const coverage = await project.run(["coverage", ...after]);
    expect(coverage.stdout).toContain("1 of 1 (100%) packages");
    expect((await project.run(["accept", "one", ...after])).exitCode).toBe(0);
    expect(readPins(project)).toEqual([`one ${OCTO_PIN}`]);
    const explained = await project.run(["explain", "one", ...after]);
    expect(explained).toMatchObject({ exitCode: 0 });
    expect(explained.stdout).toContain("PUBLISHER_MATCH");
  });

  test("have no place in SARIF, which stays valid", async () => {
    const { stdout } = await newProject().run([
      "--format",
      "sarif",
      "verify",
      "--",
      "one",
      ...FROM,
    ]);
    expect(sarifErrors(stdout)).toEqual([]);
    expect(stdout).toContain("pypi/one@1.0");
    expect(stdout).not.toContain("physicalLocation");
  });

  test.each([
    ["a place for the lock", ["one", "-o", "pylock.toml"]],
    ["a place for the lock, in one word", ["one", "--output=x.toml"]],
    ["a log", ["one", "--log", "x"]],
    ["help", ["--help"]],
    ["another --", ["one", "--", "two"]],
  ])("are refused: %s", async (_what, parameters) => {
    const project = newProject();
    const { exitCode, stdout, stderr } = await project.run(["tofu", "--", ...parameters, ...FROM]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/USAGE_INVALID: after --: expected arguments of `pip lock`/);
    expect(project.files()).toEqual([]);
  });

  test("are refused where there are none, which pins nothing by chance", async () => {
    const { exitCode, stderr } = await newProject().run(["tofu", "--"]);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("found none")]);
  });

  test("are refused beside a lock, and in the place of a name", async () => {
    const project = newProject();
    const both = await project.run(["verify", "uv.lock", "--", "one"]);
    expect([both.exitCode, both.stderr]).toEqual([2, expect.stringContaining("found both")]);
    const nameless = await project.run(["accept", "--", "one"]);
    expect([nameless.exitCode, nameless.stderr]).toEqual([
      2,
      expect.stringContaining("expected the name before --"),
    ]);
  });
});

describe("the index that pip took a file from", () => {
  test.each([
    ["--index-url", ["--index-url", index.simpleUrl], {}],
    ["an abbreviated option", [`--index-u=${index.simpleUrl}/`], {}],
    ["PIP_INDEX_URL", [], { PIP_INDEX_URL: index.simpleUrl }],
  ])("is the one that is checked and pinned: by %s", async (_how, parameters, env) => {
    const project = newProject();
    expect((await project.run(["tofu", "--", "one", ...parameters], env)).exitCode).toBe(0);
    expect(readPins(project)).toEqual([`#index:* ${index.simpleUrl}`, `one ${OCTO_PIN}`]);
    expect((await project.run(["verify", "--", "one", ...parameters], env)).exitCode).toBe(0);
    const other = ["--", "two", "-i", GUARDED_URL];
    expect(await decisions(project, other)).toMatchObject([
      { name: "two", code: "INDEX_CHANGED", index: guarded.simpleUrl },
    ]);
  });

  test("is found out where pip.conf names it, with its password", async () => {
    const project = newProject();
    const config = join(project.folder, "pip.conf");
    writeFileSync(config, `[global]\nindex-url = ${GUARDED_URL}\n`);
    const env = { PIP_CONFIG_FILE: config };
    const tofu = await project.run(["tofu", "--", "two"], env);
    expect(tofu).toMatchObject({ exitCode: 0 });
    expect(readPins(project)).toEqual([`#index:* ${guarded.simpleUrl}`, `two ${OCTO_PIN}`]);
    expect(tofu.stdout + tofu.stderr).not.toContain("s3cret");
  });

  test("is told apart from others, file by file, and no password is shown", async () => {
    const project = newProject();
    const after = ["--", "one", "two", ...FROM, "--extra-index-url", GUARDED_URL];
    const tofu = await project.run(["tofu", ...after]);
    expect(tofu).toMatchObject({ exitCode: 0 });
    expect(readPins(project)).toEqual([
      `#index:* ${index.simpleUrl}`,
      `#index:two ${guarded.simpleUrl}`,
      `one ${OCTO_PIN}`,
      `two ${OCTO_PIN}`,
    ]);
    const verify = await project.run(["verify", ...after]);
    expect(verify).toMatchObject({ exitCode: 0 });
    for (const { stdout, stderr } of [tofu, verify]) {
      expect(stdout + stderr).not.toContain("s3cret");
    }
  });

  test("is not pinned on first use where the main one has the project too", async () => {
    const project = newProject();
    addWheel(index, "both", OCTO);
    const newer = mintWheel({ name: "both", version: "2.0" });
    guarded.addFile({
      filename: newer.filename,
      content: newer.bytes,
      provenance: [{ publisher: OCTO }],
    });
    const after = ["--", "both", ...FROM, "--extra-index-url", GUARDED_URL];
    const { exitCode, stdout } = await project.run(["tofu", ...after]);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining("INDEX_CHANGED")]);
    expect(stdout.replaceAll(/\s+/g, " ")).toContain("has the project and not this file");
    expect(project.files()).toEqual([]);
    expect((await project.run(["accept", "both", ...after])).exitCode).toBe(0);
    expect((await project.run(["tofu", ...after])).exitCode).toBe(0);
    expect(readPins(project)).toContain(`#index:both ${guarded.simpleUrl}`);
  });

  test("is found by addresses with escapes, as those of local versions", async () => {
    const file = mintWheel({ name: "local", version: "1.0+cpu" });
    index.addFile({
      filename: file.filename,
      content: file.bytes,
      provenance: [{ publisher: OCTO }],
    });
    const after = ["--index", index.simpleUrl, "--", "local", ...FROM];
    expect(await decisions(newProject(), after)).toMatchObject([
      { code: "PUBLISHER_UNPINNED", filename: file.filename, index: index.simpleUrl },
    ]);
  });

  test("is none for a page that is no project's, though it is on the web", async () => {
    const server = createServer((request, response) => {
      if (request.url?.endsWith(".whl") === true) response.end(loose.bytes);
      else {
        response.writeHead(200, { "content-type": "text/html" });
        response.end(`<!doctype html><a href="${loose.filename}">${loose.filename}</a>`);
      }
    });
    const url = await listening(server);
    const after = ["--", "loose", "--no-index", "--find-links", `${url}/wheels.html`];
    expect(await decisions(newProject(), after)).toMatchObject([
      { code: "NOT_FROM_INDEX", source: `${url}/${loose.filename}` },
    ]);
  });

  test("is a folder for --find-links, which no index vouches for", async () => {
    const project = newProject();
    const wheels = join(project.folder, "wheels");
    mkdirSync(wheels);
    writeFileSync(join(wheels, loose.filename), loose.bytes);
    const after = ["--", "loose", "--no-index", "--find-links", "wheels"];
    expect(await decisions(project, after)).toMatchObject([
      { code: "NOT_FROM_INDEX", verdict: "pass", source: "./wheels", filename: loose.filename },
    ]);
    expect((await project.run(["--strict", "verify", ...after])).exitCode).toBe(1);
  });
});

describe("TOFU, STRICT and FILENAME", () => {
  test("count for every command with pip's arguments, TOFU for verify alone", async () => {
    const project = newProject();
    const after = ["--index", index.simpleUrl, "--", "one", "plain", ...FROM];
    const env = { TOFU: "1", FILENAME: "pins.txt" };
    const tofu = await project.run(["verify", ...after], env);
    expect(tofu).toMatchObject({ exitCode: 0 });
    expect(tofu.stderr).toContain("TOFU=1: pins what is new");
    expect(project.files()).toEqual(["pins.txt"]);
    expect(readPins(project, "pins.txt")).toEqual(["#unsigned:plain seen", `one ${OCTO_PIN}`]);
    const strict = await project.run(["explain", "plain", ...after], { ...env, STRICT: "1" });
    expect(strict.exitCode).toBe(1);
    expect(strict.stderr).toContain("STRICT=1: strict");
    expect(strict.stderr).not.toContain("TOFU");
    const explicit = { FILENAME: "more.txt", TOFU: "1", CI: "true" };
    expect((await project.run(["tofu", ...after], explicit)).exitCode).toBe(0);
    expect(readPins(project, "more.txt")).toEqual(readPins(project, "pins.txt"));
  });
});

describe("pip", () => {
  const IS_WINDOWS = process.platform === "win32";

  test("passes on its own words: errors, and what --verbose shows", async () => {
    const project = newProject();
    const missing = await project.run(["verify", "--", "nowhere-to-be-found", ...FROM]);
    expect([missing.exitCode, missing.stdout]).toEqual([3, ""]);
    expect(missing.stderr).toMatch(/No matching distribution found for nowhere-to-be-found/);
    expect(missing.stderr).toMatch(/PIP_FAILED: python -m pip lock: .* found exit code 1/);
    const unknown = await project.run(["verify", "--", "one", "--no-such-option"]);
    expect([unknown.exitCode, unknown.stdout]).toEqual([2, ""]);
    expect(unknown.stderr).toContain("no such option: --no-such-option");
    const verbose = await project.run(["verify", "--", "-vv", "one", ...FROM]);
    expect(verbose.exitCode).toBe(1);
    expect(verbose.stderr).toContain("Collecting one");
    expect(readdirSync(project.temporary)).toEqual([]);
  });

  test("is that of PATH, and never a module of the current folder", async () => {
    const project = newProject();
    for (const name of ["pip", "runpy", "typing"]) {
      writeFileSync(join(project.folder, `${name}.py`), `open("ran-${name}", "w")\n`);
    }
    expect((await project.run(["verify", "--", "one", ...FROM])).exitCode).toBe(1);
    expect(project.files().toSorted()).toEqual(["pip.py", "runpy.py", "typing.py"]);
  });

  test.skipIf(IS_WINDOWS)("is asked for where it is missing or too old", async () => {
    const project = newProject();
    const programs = newFolder();
    const missing = await project.run(["verify", "--", "one"], { PATH: programs });
    expect([missing.exitCode, missing.stdout]).toEqual([2, ""]);
    expect(missing.stderr).toMatch(
      /PIP_UNUSABLE: expected pip 25\.1 or newer, .* found python -m pip: no such program; .* pip: no such program\n/,
    );
    const old = join(programs, "python3");
    writeFileSync(old, '#!/bin/sh\necho "pip 25.0.1 from /usr/lib/pip (python 3.9)"\n');
    chmodSync(old, 0o755);
    const tooOld = await project.run(["verify", "--", "one"], { PATH: programs });
    expect(tooOld.exitCode).toBe(2);
    expect(tooOld.stderr).toContain("python3 -m pip: pip 25.0.1 from /usr/lib/pip");
    expect(tooOld.stderr).toContain("what to do: `python -m pip install --upgrade pip`");
  });

  test.skipIf(IS_WINDOWS).each(["SIGINT", "SIGTERM"] as const)(
    "is ended by %s, and leaves nothing behind",
    async (signal) => {
      const project = newProject();
      let requests = 0;
      const server = createServer(() => {
        requests++;
      });
      const url = await listening(server);
      const running = startPubpin(project.folder, ["verify", "--", "one", "-i", `${url}/simple`], {
        ...("env" in projects ? projects.env : {}),
        TMPDIR: project.temporary,
      });
      const [request] = (await once(server, "request")) as [
        { readonly socket: NodeJS.EventEmitter },
      ];
      const gone = once(request.socket, "close");
      expect(readdirSync(project.temporary)).not.toEqual([]);
      running.child.kill(signal);
      expect((await running.ended).exitCode).toBe(signal === "SIGINT" ? 130 : 143);
      await gone;
      // Where nobody answers, a pip that lives on asks again.
      expect(requests).toBe(1);
      expect(readdirSync(project.temporary)).toEqual([]);
      expect(project.files()).toEqual([]);
    },
  );
});
