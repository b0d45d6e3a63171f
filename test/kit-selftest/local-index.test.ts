import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { devNull, tmpdir } from "node:os";
import { join } from "node:path";
import { parseTrustedRoot, verifyProvenance } from "@pubpin/shared";
import { createSigstore } from "@pubpin/test-kit";
import type { Publisher } from "@pubpin/test-kit";
import {
  mintWheel,
  readZipEntry,
  sha256Hex,
  startLocalIndex,
  wheelMetadata,
  writeZip,
} from "@pubpin/test-kit/node";
import type { FaultSetting, LocalFile, LocalIndex, LocalIndexOptions } from "@pubpin/test-kit/node";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { createIndexClient } from "../../packages/shared/src/index/client.ts";
import type { IndexClient } from "../../packages/shared/src/index/client.ts";
import { REAL_FILES, realFiles } from "../../scripts/wheels.ts";
import { pythonTools, run } from "../real/python.ts";
import { describeWithData, readData } from "../support/data.ts";

const sigstore = await createSigstore();
const root = await parseTrustedRoot(await sigstore.trustedRootJson());
const publisher: Publisher = {
  kind: "GitHub",
  repository: "example/foo",
  repositoryId: "1",
  ownerId: "2",
};
const foo = mintWheel({
  name: "foo",
  version: "1.0",
  requires: ["bar>=2"],
  requiresPython: ">=3.8",
});
const bar = mintWheel({ name: "Bar.Baz", version: "2.0" });
const FOO: LocalFile = {
  filename: foo.filename,
  content: foo.bytes,
  provenance: [{ publisher }],
};
const open = new Set<LocalIndex>();

afterEach(async () => {
  await Promise.all([...open].map(async (index) => index.close()));
  open.clear();
});

async function start(options: LocalIndexOptions = {}): Promise<LocalIndex> {
  const index = await startLocalIndex({ sigstore, files: [FOO], ...options });
  open.add(index);
  return index;
}

function client(index: LocalIndex, more: { readonly timeoutMs?: number } = {}): IndexClient {
  return createIndexClient({ indexUrl: index.simpleUrl, fetch, attempts: 1, ...more });
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "pubpin-"));
  onTestFinished(async () => rm(path, { recursive: true, force: true }));
  return path;
}

/** The environment without anything that sets up pip, uv or a proxy. */
function plainEnvironment(more: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:PIP|UV)_|_PROXY$/i.test(name));
  return { ...Object.fromEntries(kept), ...more };
}

describe("a minted wheel", () => {
  it("has the same bytes each time, and its METADATA can be read again", () => {
    const again = mintWheel({
      name: "foo",
      version: "1.0",
      requires: ["bar>=2"],
      requiresPython: ">=3.8",
    });
    expect(again).toEqual(foo);
    expect(sha256Hex(foo.bytes)).toBe(foo.sha256);
    expect(new TextDecoder().decode(wheelMetadata(foo.bytes) ?? undefined)).toBe(
      "Metadata-Version: 2.1\nName: foo\nVersion: 1.0\nRequires-Python: >=3.8\nRequires-Dist: bar>=2\n",
    );
  });

  it("may claim another name than its file has", () => {
    const claims = { name: "evil", version: "9" };
    const wheel = mintWheel({ name: "foo", version: "1.0", claims });
    expect(wheel.filename).toBe("foo-1.0-py3-none-any.whl");
    expect(new TextDecoder().decode(wheelMetadata(wheel.bytes) ?? undefined)).toContain(
      "Name: evil",
    );
  });

  it("is an archive that Python reads", async () => {
    const path = join(await folder(), "a.zip");
    const text = "é".repeat(1000);
    await writeFile(path, writeZip([{ path: "ä/b.txt", bytes: Buffer.from(text) }]));
    const script = `import zipfile; z = zipfile.ZipFile(${JSON.stringify(path)}); assert z.testzip() is None; print(z.namelist(), len(z.read("ä/b.txt")))`;
    const { stdout } = await run("python3", ["-X", "utf8", "-c", script]);
    expect(stdout.trim()).toBe("['ä/b.txt'] 2000");
    expect(readZipEntry(await readFile(path), () => true)).toEqual(
      new Uint8Array(Buffer.from(text)),
    );
  });
});

describe("the local index", () => {
  it.each(["json", "html"])("serves pages in %s that say the same", async (format) => {
    const yanked: LocalFile = { filename: bar.filename, content: bar.bytes, yanked: 'a "<b>" & c' };
    const faults: FaultSetting[] =
      format === "html" ? [{ part: "page", name: "*", fault: { kind: "html-only" } }] : [];
    const index = await start({ files: [FOO, yanked], faults });
    const { files } = await client(index).project("foo");
    expect(files.get(foo.filename)).toMatchObject({
      sha256: foo.sha256,
      yanked: null,
      size: format === "json" ? foo.bytes.length : null,
      provenance: `${index.url}/integrity/foo/1.0/${foo.filename}/provenance`,
    });
    const other = (await client(index).project("bar-baz")).files.get(bar.filename);
    expect(other).toMatchObject({ yanked: 'a "<b>" & c', provenance: null });
  });

  it("serves files and metadata at the addresses of their pages, and parts of them", async () => {
    const index = await start();
    const { url = "" } = (await client(index).project("foo")).files.get(foo.filename) ?? {};
    const whole = await fetch(url);
    expect(sha256Hex(new Uint8Array(await whole.arrayBuffer()))).toBe(foo.sha256);
    expect(await (await fetch(`${url}.metadata`)).text()).toContain("Name: foo");
    const ranges = {
      "bytes=2-4": [2, 5],
      "bytes=10-": [10],
      "bytes=-3": [-3],
      "bytes=5-99999": [5],
    };
    for (const [range, [from, to]] of Object.entries(ranges)) {
      const part = await fetch(url, { headers: { range } });
      expect(part.status).toBe(206);
      expect(new Uint8Array(await part.arrayBuffer())).toEqual(foo.bytes.slice(from, to));
    }
    expect((await fetch(url, { headers: { range: "bytes=99999-" } })).status).toBe(416);
    const head = await fetch(url, { method: "HEAD" });
    expect(head.headers.get("content-length")).toBe(String(foo.bytes.length));
  });

  it("serves minted provenance that verifies", async () => {
    const index = await start();
    const asked = client(index);
    const file = (await asked.project("foo")).files.get(foo.filename);
    if (file === undefined) throw new Error("no file");
    const provenance = (await asked.provenance(file)) ?? new Uint8Array();
    expect(await verifyProvenance(provenance, foo, root)).toMatchObject([
      { url: "https://github.com/example/foo", repositoryId: "1", ownerId: "2" },
    ]);
    expect(await asked.provenance(file)).toEqual(provenance);
  });

  it("has ETags and answers 304", async () => {
    const index = await start();
    const first = await fetch(`${index.simpleUrl}/foo/`);
    const etag = first.headers.get("etag") ?? "";
    const again = await fetch(`${index.simpleUrl}/foo/`, { headers: { "if-none-match": etag } });
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
    expect(first.headers.get("cache-control")).toBe("max-age=600, public");
  });

  it("sends CORS headers as PyPI does: with what went well, not with errors", async () => {
    const index = await start();
    const allowed = async (path: string): Promise<string> => {
      const response = await fetch(`${index.url}${path}`, { redirect: "manual" });
      return `${response.status} ${response.headers.get("access-control-allow-origin")}`;
    };
    const provenance = `/integrity/foo/1.0/${foo.filename}/provenance`;
    expect(await allowed("/simple/foo/")).toBe("200 *");
    expect(await allowed("/simple/Foo/")).toBe("301 *");
    expect(await allowed(provenance)).toBe("200 *");
    expect(await allowed(provenance.replace("1.0", "1.1"))).toBe("404 null");
    expect(await allowed("/simple/none/")).toBe("404 null");
  });

  it("lists its projects, redirects to normalised names, logs what it was asked", async () => {
    const index = await start();
    index.addFile({ filename: bar.filename, content: bar.bytes });
    const headers = { accept: "application/vnd.pypi.simple.v1+json" };
    const list = await fetch(`${index.simpleUrl}/`, { headers });
    expect(await list.json()).toMatchObject({ projects: [{ name: "bar-baz" }, { name: "foo" }] });
    expect((await fetch(`${index.simpleUrl}/Bar.Baz`)).url).toBe(`${index.simpleUrl}/bar-baz/`);
    index.removeFile(bar.filename);
    expect((await fetch(`${index.simpleUrl}/bar-baz/`)).status).toBe(404);
    expect((await fetch(index.simpleUrl, { method: "POST" })).status).toBe(405);
    expect(index.requests.map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual(
      [
        "GET /simple/ 200",
        "GET /simple/Bar.Baz 301",
        "GET /simple/bar-baz/ 200",
        "GET /simple/bar-baz/ 404",
        "POST /simple 405",
      ],
    );
  });

  it("asks for credentials where it is told to", async () => {
    const index = await start({ credentials: { user: "me", password: "secret" } });
    await expect(client(index).project("foo")).rejects.toMatchObject({ code: "INDEX_REFUSED" });
    const indexUrl = index.simpleUrl.replace("//", "//me:secret@");
    const project = await createIndexClient({ indexUrl, fetch }).project("foo");
    expect(project.files.size).toBe(1);
  });

  it("holds files of which it has no bytes", async () => {
    const content = { sha256: "ab".repeat(32), size: 5 };
    const index = await start({ files: [{ filename: "foo-2.0.tar.gz", content }] });
    const file = (await client(index).project("foo")).files.get("foo-2.0.tar.gz");
    expect(file).toMatchObject({ sha256: content.sha256, size: 5 });
    expect((await fetch(file?.url ?? "")).status).toBe(404);
  });

  it("takes time where it is told to", async () => {
    const index = await start({ latencyMs: 60 });
    const before = performance.now();
    await client(index).project("foo");
    expect(performance.now() - before).toBeGreaterThan(55);
  });
});

describe("a fault of the local index", () => {
  type Part = FaultSetting["part"];
  type Fault = FaultSetting["fault"];
  /** The code that the client ends with, or what it got. */
  async function outcome(part: Part, fault: Fault): Promise<unknown> {
    const name = part === "page" ? "Foo" : foo.filename;
    const index = await start({ faults: [{ part, name, fault } as FaultSetting] });
    const asked = client(index, { timeoutMs: fault.kind === "slow" ? 100 : 20_000 });
    try {
      const { files, status } = await asked.project("foo");
      const file = files.get(foo.filename);
      if (file === undefined) return status;
      if (file.sha256 !== foo.sha256) return "wrong digest";
      const provenance = await asked.provenance(file);
      return provenance === null ? "not attested" : await verified(provenance);
    } catch (error) {
      return (error as { readonly code?: string }).code ?? error;
    }
  }

  async function verified(provenance: Uint8Array): Promise<string> {
    const publishers = await verifyProvenance(provenance, foo, root);
    return publishers.map(({ url, repositoryId }) => `${url} ${repositoryId}`).join();
  }

  const answers: readonly (readonly [Fault, string, string])[] = [
    [{ kind: "status", status: 403 }, "INDEX_REFUSED", "PROVENANCE_UNAVAILABLE"],
    [{ kind: "status", status: 404 }, "PROJECT_NOT_ON_INDEX", "PROVENANCE_UNAVAILABLE"],
    [{ kind: "status", status: 429, retryAfter: "1" }, "INDEX_ERROR", "INDEX_ERROR"],
    [{ kind: "status", status: 500 }, "INDEX_ERROR", "INDEX_ERROR"],
    [{ kind: "slow", ms: 60_000 }, "INDEX_UNREACHABLE", "INDEX_UNREACHABLE"],
    [{ kind: "cut-off" }, "INDEX_UNREACHABLE", "INDEX_UNREACHABLE"],
    [{ kind: "reset" }, "INDEX_UNREACHABLE", "INDEX_UNREACHABLE"],
    [{ kind: "body", body: "" }, "INDEX_RESPONSE_INVALID", "INDEX_RESPONSE_INVALID"],
    [{ kind: "body", body: "{}" }, "INDEX_RESPONSE_INVALID", "PROVENANCE_INVALID"],
    [{ kind: "huge", bytes: 65 * 2 ** 20 }, "INDEX_RESPONSE_INVALID", "INDEX_RESPONSE_INVALID"],
    [{ kind: "html" }, "INDEX_RESPONSE_INVALID", "INDEX_RESPONSE_INVALID"],
    [
      { kind: "content-type", type: "text/plain" },
      "INDEX_RESPONSE_INVALID",
      "INDEX_RESPONSE_INVALID",
    ],
    [
      { kind: "redirect", to: "ftp://127.0.0.1/" },
      "INDEX_RESPONSE_INVALID",
      "INDEX_RESPONSE_INVALID",
    ],
    [{ kind: "redirect", to: "/elsewhere" }, "PROJECT_NOT_ON_INDEX", "PROVENANCE_UNAVAILABLE"],
  ];
  it.each(answers)(
    "%j on a page ends in %s, on provenance in %s",
    async (fault, page, provenance) => {
      expect(await outcome("page", fault)).toBe(page);
      expect(await outcome("provenance", fault)).toBe(provenance);
    },
  );

  const fork: Publisher = { ...publisher, repository: "evil/foo", repositoryId: "3", ownerId: "4" };
  const others: readonly (readonly [Part, Fault, string])[] = [
    ["page", { kind: "project-status", status: "quarantined" }, "quarantined"],
    ["page", { kind: "project-status", status: "haunted" }, "INDEX_RESPONSE_INVALID"],
    ["page", { kind: "other-name", name: "evil" }, "INDEX_RESPONSE_INVALID"],
    ["page", { kind: "api-version", version: "2.0" }, "INDEX_VERSION_UNSUPPORTED"],
    ["page", { kind: "no-cors" }, "https://github.com/example/foo 1"],
    ["entry", { kind: "missing-key" }, "not attested"],
    ["entry", { kind: "provenance-url", url: "relative" }, "INDEX_RESPONSE_INVALID"],
    ["entry", { kind: "wrong-digest" }, "wrong digest"],
    ["entry", { kind: "file-url", url: "https://a:b@c/foo.whl" }, "INDEX_RESPONSE_INVALID"],
    ["entry", { kind: "unlisted" }, "active"],
    ["provenance", { kind: "empty-bundles" }, "PROVENANCE_EMPTY"],
    ["provenance", { kind: "publisher", publisher: fork }, "https://github.com/evil/foo 3"],
    [
      "provenance",
      { kind: "publisher", publisher: { ...publisher, repositoryId: "5" } },
      "https://github.com/example/foo 5",
    ],
  ];
  it.each(others)("on a %s, %j, ends in %s", async (part, fault, expected) => {
    expect(await outcome(part, fault)).toBe(expected);
  });

  it("can be set, outlived and cleared", async () => {
    const index = await start();
    const asked = client(index);
    index.setFault({ part: "page", name: "*", fault: { kind: "status", status: 500 }, times: 2 });
    const states = [];
    for (let count = 0; count < 3; count++) {
      states.push(
        await asked.project("foo").then(
          () => "fine",
          () => "broken",
        ),
      );
    }
    expect(states).toEqual(["broken", "broken", "fine"]);
    index.setFault({ part: "page", name: "foo", fault: { kind: "reset" } });
    await expect(asked.project("foo")).rejects.toMatchObject({ code: "INDEX_UNREACHABLE" });
    index.clearFault("page", "foo");
    await asked.project("foo");
  });

  it("changes the bytes of a file, or takes CORS away", async () => {
    const index = await start();
    const { url = "" } = (await client(index).project("foo")).files.get(foo.filename) ?? {};
    index.setFault({ part: "file", name: foo.filename, fault: { kind: "other-bytes" } });
    const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
    expect(bytes).toHaveLength(foo.bytes.length);
    expect(sha256Hex(bytes)).not.toBe(foo.sha256);
    index.setFault({ part: "file", name: foo.filename, fault: { kind: "no-cors" } });
    expect((await fetch(url)).headers.has("access-control-allow-origin")).toBe(false);
  });
});

const real = await realFiles();
const whyNoWheels = "missing" in real ? real.missing : null;
const uv = await pythonTools("uv", "0.13.8");
const whyNoUv = "missing" in uv ? uv.missing : whyNoWheels;

async function realIndex(): Promise<LocalIndex> {
  if ("missing" in real) throw new Error(real.missing);
  const files = await Promise.all(
    REAL_FILES.map(async ({ filename }): Promise<LocalFile> => {
      return { filename, content: await readFile(join(real.folder, filename)) };
    }),
  );
  return start({ files });
}

describe("installers", () => {
  it("pip takes real wheels with what they need", async (context) => {
    if (whyNoWheels !== null) return context.skip(whyNoWheels);
    const index = await realIndex();
    const target = await folder();
    const env = plainEnvironment({ PIP_CONFIG_FILE: devNull, PIP_NO_CACHE_DIR: "1" });
    const command = ["-m", "pip", "download", "--disable-pip-version-check", "--only-binary=:all:"];
    const where = ["--index-url", index.simpleUrl, "--dest", target];
    await run("python3", [...command, ...where, "sampleproject==4.0.0"], { env });
    expect((await readdir(target)).toSorted()).toEqual([
      "peppercorn-0.6-py3-none-any.whl",
      "sampleproject-4.0.0-py3-none-any.whl",
    ]);
    const paths = index.requests.map(({ path }) => path);
    expect(paths.filter((path) => path.startsWith("/simple/"))).toEqual([
      "/simple/sampleproject/",
      "/simple/peppercorn/",
    ]);
  });

  it("pip installs minted wheels", async () => {
    const bare = mintWheel({ name: "bar", version: "2.1" });
    const index = await start({
      files: [FOO, { filename: bare.filename, content: bare.bytes }],
    });
    const target = await folder();
    const env = plainEnvironment({ PIP_CONFIG_FILE: devNull, PIP_NO_CACHE_DIR: "1" });
    const command = ["-m", "pip", "install", "--disable-pip-version-check", "--target", target];
    await run("python3", [...command, "--index-url", index.simpleUrl, "foo"], { env });
    const script = "import foo, bar; print(foo.__version__, bar.__version__)";
    const { stdout } = await run("python3", ["-c", script], {
      env: plainEnvironment({ PYTHONPATH: target }),
    });
    expect(stdout.trim()).toBe("1.0 2.1");
  });

  it("pip refuses a file whose bytes are not those of the page", async () => {
    const index = await start({
      files: [{ filename: bar.filename, content: bar.bytes }],
      faults: [{ part: "file", name: "*", fault: { kind: "other-bytes" } }],
    });
    const env = plainEnvironment({ PIP_CONFIG_FILE: devNull, PIP_NO_CACHE_DIR: "1" });
    const command = [
      "-m",
      "pip",
      "download",
      "--disable-pip-version-check",
      "--dest",
      await folder(),
    ];
    const asking = run("python3", [...command, "--index-url", index.simpleUrl, "bar-baz"], { env });
    await expect(asking).rejects.toThrow(/DO NOT MATCH THE HASHES/);
  });

  it("uv locks and installs real wheels", async (context) => {
    if ("missing" in uv || whyNoUv !== null) return context.skip(whyNoUv ?? "");
    const index = await realIndex();
    const cwd = await folder();
    const program = join(uv.programs, "uv");
    const env = plainEnvironment({
      UV_CACHE_DIR: join(cwd, "cache"),
      UV_NO_CONFIG: "1",
      UV_DEFAULT_INDEX: index.simpleUrl,
      UV_PYTHON: join(uv.programs, "python"),
    });
    const manifest = `[project]\nname = "app"\nversion = "0"\nrequires-python = ">=3.9"\ndependencies = ["sampleproject==4.0.0"]\n`;
    await writeFile(join(cwd, "pyproject.toml"), manifest);
    await run(program, ["lock", "--quiet"], { cwd, env });
    const lock = await readFile(join(cwd, "uv.lock"), "utf8");
    for (const { filename, sha256 } of REAL_FILES) {
      const isWanted = /^(?:sampleproject|peppercorn)-/.test(filename);
      expect(lock.includes(`${filename}", hash = "sha256:${sha256}"`)).toBe(isWanted);
    }
    await run(program, ["sync", "--quiet", "--frozen"], { cwd, env });
    const { stdout } = await run(program, ["pip", "list", "--python", ".venv", "--format=json"], {
      cwd,
      env,
    });
    expect(JSON.parse(stdout)).toEqual([
      { name: "peppercorn", version: "0.6" },
      { name: "sampleproject", version: "4.0.0" },
    ]);
  });
});

describeWithData("real provenance", () => {
  it("is served as it is, for the file that has it", async () => {
    const filename = "sampleproject-4.0.0-py3-none-any.whl";
    const sha256 = REAL_FILES.find((file) => file.filename === filename)?.sha256 ?? "";
    const provenance = await readData(`pep740/${filename}.provenance`);
    const index = await start({ files: [{ filename, content: { sha256, size: 1 }, provenance }] });
    const asked = client(index);
    const file = (await asked.project("sampleproject")).files.get(filename);
    expect(file === undefined ? null : await asked.provenance(file)).toEqual(provenance);
  });
});
