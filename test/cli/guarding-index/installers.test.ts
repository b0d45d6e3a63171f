/** Real uv and real pip, installing through a guarding index. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { mintWheel, startSite } from "@pubpin/test-kit/node";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../../real/python.ts";
import { lockingTools } from "../../real/lockers.ts";
import {
  addWheel,
  type Guarded,
  JSON_PAGE,
  MALLORY,
  OCTO,
  OCTO_PIN,
  startSetting,
} from "./support/guard.ts";

const PATIENCE = 120_000;
const { upstream, newFolder, newUpstream, start } = await startSetting();
const tools = await lockingTools(["uv", "pip"]);
const programs = "missing" in tools ? new Map<string, string>() : tools;

const PINS = [`foo ${OCTO_PIN}`, `evil ${OCTO_PIN}`, `part ${OCTO_PIN}`];
addWheel(upstream, "foo", OCTO, { requires: ["bar"] });
addWheel(upstream, "bar", null);
addWheel(upstream, "evil", MALLORY);
addWheel(upstream, "part", OCTO, { version: "1.0" });
addWheel(upstream, "part", null, { version: "2.0" });

/** How a run of an installer ended. */
interface Ended {
  readonly installed: readonly string[];
  /** What it printed. */
  readonly text: string;
}

/** An installer that puts one requirement into a folder of its own. */
type Installer = (
  guard: Guarded,
  requirement: string,
  more?: readonly string[],
  upstreamUrl?: string,
) => Promise<Ended>;

async function ended(folder: string, running: ReturnType<typeof run>): Promise<Ended> {
  const text = await running.then(
    ({ stdout, stderr }) => stdout + stderr,
    (error: unknown) => String(error),
  );
  const names = ["foo", "bar", "evil", "part", "internal", "tampered"];
  return { installed: names.filter((name) => existsSync(join(folder, name))), text };
}

const uv: Installer = async (guard, requirement, more = [], url = upstream.simpleUrl) => {
  const folder = newFolder();
  const main = guard.index.indexUrl({ url, name: null });
  const bin = programs.get("uv") ?? "";
  const target = ["--python", join(bin, "python"), "--target", folder];
  const parameters = ["pip", "install", ...target, ...more, requirement];
  const env = { UV_DEFAULT_INDEX: main, UV_NO_CONFIG: "1", UV_CACHE_DIR: newFolder() };
  return ended(folder, run(join(bin, "uv"), parameters, { env: { ...env, HOME: folder } }));
};

const pip: Installer = async (guard, requirement, more = [], url = upstream.simpleUrl) => {
  const folder = newFolder();
  const main = guard.index.indexUrl({ url, name: null });
  const options = ["--no-cache-dir", "--disable-pip-version-check", "--retries", "0"];
  const index = ["--index-url", main, "--target", folder];
  const parameters = ["-m", "pip", "install", ...options, ...index, ...more, requirement];
  const env = { PIP_CONFIG_FILE: devNull, HOME: folder };
  return ended(folder, run(join(programs.get("pip") ?? "", "python"), parameters, { env }));
};

beforeAll(() => {
  if ("missing" in tools) throw new Error(tools.missing);
});

describe.each([["uv", uv] as const, ["pip", pip] as const])("%s", (_name, install) => {
  test(
    "installs what the pinned publisher signed, with what it needs",
    async () => {
      const guard = await start({ pins: PINS });
      const { installed, text } = await install(guard, "foo");
      expect([installed, text]).toEqual([["foo", "bar"], expect.any(String)]);
      expect(guard.index.refusals).toEqual([]);
    },
    PATIENCE,
  );

  test(
    "installs nothing of another publisher, and shows why",
    async () => {
      const guard = await start({ pins: PINS });
      const { installed, text } = await install(guard, "evil");
      expect(installed).toEqual([]);
      expect(text).toContain("Refused by pubpin: PUBLISHER_CHANGED");
      expect(guard.index.refusals).toMatchObject([{ code: "PUBLISHER_CHANGED", name: "evil" }]);
      expect(guard.index.refusals[0]?.text).toContain("pubpin accept evil");
    },
    PATIENCE,
  );

  test(
    "installs no tampered bytes",
    async () => {
      const wheel = addWheel(upstream, "tampered", OCTO);
      upstream.setFault({ part: "file", name: wheel.filename, fault: { kind: "other-bytes" } });
      const guard = await start({ pins: [...PINS, `tampered ${OCTO_PIN}`] });
      const { installed, text } = await install(guard, "tampered");
      expect(installed).toEqual([]);
      expect(text).toContain("Refused by pubpin: HASH_NOT_ON_INDEX");
    },
    PATIENCE,
  );

  test(
    "takes the newest version that somebody signed, and fails where that is asked for otherwise",
    async () => {
      const guard = await start({ pins: PINS });
      expect((await install(guard, "part")).installed).toEqual(["part"]);
      expect((await install(guard, "part==2.0")).installed).toEqual([]);
      expect(guard.index.hidden).toMatchObject([{ filenames: ["part-2.0-py3-none-any.whl"] }]);
    },
    PATIENCE,
  );

  test(
    "gets no internal package from a public index",
    async () => {
      const own = await newUpstream();
      addWheel(own, "internal", null, { version: "1.0" });
      addWheel(upstream, "internal", null, { version: "9.0" });
      const upstreams = [
        { url: own.simpleUrl, name: null },
        { url: upstream.simpleUrl, name: null },
      ];
      const pins = [`#index:internal ${own.simpleUrl}`];
      const guard = await start({ pins, upstreams });
      const extra = guard.index.indexUrl({ url: own.simpleUrl, name: null });
      const strategy = install === uv ? ["--index-strategy", "unsafe-best-match"] : [];
      const more = [...strategy, "--extra-index-url", extra];
      const { installed, text } = await install(guard, "internal", more);
      expect([installed, text]).toEqual([["internal"], expect.stringContaining("1.0")]);
      expect(text).not.toContain("9.0");
      upstream.removeFile("internal-9.0-py3-none-any.whl");
    },
    PATIENCE,
  );
});

test(
  "uv reads the metadata of a wheel that has none beside it from ranges of verified bytes",
  async () => {
    const { filename, bytes, sha256 } = mintWheel({ name: "bar", version: "1.0" });
    const file = { filename, url: `/${filename}`, hashes: { sha256 } };
    const page = { meta: { "api-version": "1.0" }, name: "bar", files: [file] };
    const site = await startSite({
      "/simple/bar/": { body: JSON.stringify(page), type: JSON_PAGE },
      [`/${filename}`]: { body: bytes },
    });
    const guard = await start({ pins: [], index: `${site.url}/simple` });
    const { installed, text } = await uv(guard, "bar", [], `${site.url}/simple`);
    expect([installed, text]).toEqual([["bar"], expect.any(String)]);
    const served = guard.events.filter(({ kind }) => kind === "served");
    expect(served.length).toBeGreaterThan(1);
    expect(site.requests.filter(({ path }) => path === `/${filename}`).length).toBe(1);
    await site.close();
  },
  PATIENCE,
);

test(
  "uv.lock made through a guarding index is the one that uv makes without it",
  async () => {
    const guard = await start({ pins: PINS });
    const locks: string[] = [];
    const own = guard.index.indexUrl({ url: upstream.simpleUrl, name: null });
    for (const url of [upstream.simpleUrl, own]) {
      const cwd = newFolder();
      const project = '[project]\nname = "app"\nversion = "0.1"\nrequires-python = ">=3.9"\n';
      writeFileSync(join(cwd, "pyproject.toml"), `${project}dependencies = ["foo"]\n`);
      const bin = programs.get("uv") ?? "";
      const env = { UV_DEFAULT_INDEX: url, UV_NO_CONFIG: "1", UV_CACHE_DIR: newFolder() };
      await run(join(bin, "uv"), ["lock", "--python", join(bin, "python")], {
        cwd,
        env: { ...env, HOME: cwd },
      });
      locks.push(readFileSync(join(cwd, "uv.lock"), "utf8"));
    }
    const [direct = "", guarded = ""] = locks;
    expect(guarded).not.toBe(direct);
    expect(guard.index.toUpstream(guarded)).toBe(direct);
    expect(guard.index.fromUpstream(direct)).toBe(guarded);
  },
  PATIENCE,
);
