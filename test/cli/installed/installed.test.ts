/** What is found in an environment into which a real pip has installed. */
import { createHash } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { type MintedWheel, mintWheel } from "@pubpin/test-kit/node";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import {
  checkInstalled,
  type InstalledCheck,
  recordInstalled,
} from "../../../packages/cli/src/installed/check.ts";
import { findEnvironment, interpreterAt } from "../../../packages/cli/src/installed/environment.ts";
import { manifestPlace } from "../../../packages/cli/src/installed/manifest.ts";
import type {
  ExpectedInstall,
  PythonEnvironment,
} from "../../../packages/cli/src/installed/types.ts";
import { pythonTools, run } from "../../real/python.ts";
import { folders } from "../command/support/command.ts";

/** Milliseconds: pip installs once, and each test copies what it has installed. */
const PATIENCE = 240_000;
vi.setConfig({ testTimeout: 60_000 });

const newFolder = folders();
const WHEELS = [
  mintWheel({
    name: "alpha",
    version: "1.0",
    files: {
      "alpha/__init__.py": "",
      "alpha/part.py": "x = 1\n",
      "alpha-1.0.dist-info/entry_points.txt": "[console_scripts]\nalpha = alpha.part:x\n",
    },
  }),
  mintWheel({ name: "beta", version: "2.0", files: { "beta.py": "", "shared/b.py": "" } }),
  mintWheel({ name: "gamma", version: "3.0", files: { "shared/c.py": "" } }),
];
const ALPHA: ExpectedInstall = expected(WHEELS[0]);
let missing: string | null = null;
let template = "";

beforeAll(async () => {
  const tools = await pythonTools("pip", "26.3");
  if ("missing" in tools) {
    ({ missing } = tools);
    return;
  }
  template = newFolder();
  cpSync(dirname(tools.programs), template, { recursive: true, verbatimSymlinks: true });
  const wheels = newFolder();
  for (const { filename, bytes } of WHEELS) writeFileSync(join(wheels, filename), bytes);
  const files = WHEELS.map(({ filename }) => join(wheels, filename));
  const pip = ["-m", "pip", "install", "--no-index", "--no-deps", ...files];
  await run(join(template, "bin/python"), pip, { env: { PATH: process.env["PATH"] } });
}, PATIENCE);

beforeEach((context) => {
  if (missing !== null) context.skip(missing);
});

function expected(wheel: MintedWheel | undefined): ExpectedInstall {
  const [name = "", version = ""] = wheel?.filename.split("-") ?? [];
  return { name, version, sha256: [wheel?.sha256 ?? ""], basis: null };
}

/** An environment, and what may be done with it. */
interface Place {
  readonly environment: PythonEnvironment;
  readonly site: string;
  readonly env: NodeJS.ProcessEnv;
  readonly check: (wanted?: readonly ExpectedInstall[]) => InstalledCheck;
  /** As if an installer had just written all of it. */
  readonly record: (wanted?: readonly ExpectedInstall[]) => Promise<void>;
}

const ALL = WHEELS.map(expected);

async function newPlace(): Promise<Place> {
  const folder = join(newFolder(), "venv");
  cpSync(template, folder, { recursive: true, verbatimSymlinks: true });
  const env = { PUBPIN_CACHE_DIR: newFolder() };
  const { signal } = new AbortController();
  const environment = await findEnvironment(interpreterAt(folder, "/"), { cwd: "/", env, signal });
  const check: Place["check"] = (wanted = ALL) => checkInstalled(environment, wanted, env);
  return {
    environment,
    site: environment.sitePackages[0] ?? "",
    env,
    check,
    record: async (wanted = ALL) => {
      const before = { ...check(wanted), distributions: [], reinstall: [] };
      expect(await recordInstalled(environment, wanted, env, before)).toEqual([]);
    },
  };
}

/** RECORD of alpha with the hash of one of its files as it is now: what a careful tamperer does. */
function rewriteRecord({ site }: Place, path: string): void {
  const record = join(site, "alpha-1.0.dist-info/RECORD");
  const bytes = readFileSync(join(site, path));
  const digest = createHash("sha256").update(bytes).digest("base64url");
  const lines = readFileSync(record, "utf8").split("\n");
  const changed = lines.map((line) =>
    line.startsWith(`${path},`) ? `${path},sha256=${digest},${bytes.length}` : line,
  );
  writeFileSync(record, changed.join("\n"));
}

describe("an environment", () => {
  test("is found by its folder, and by its interpreter, without a `.pth` of it being run", async () => {
    const place = await newPlace();
    const marker = join(newFolder(), "ran");
    writeFileSync(
      join(place.site, "at-start.pth"),
      `import os; open(${JSON.stringify(marker)}, "w")\n`,
    );
    const { signal } = new AbortController();
    const how = { cwd: "/", env: {}, signal };
    const found = await findEnvironment(place.environment.python, how);
    expect(found).toEqual(place.environment);
    expect(found.isVirtual).toBe(true);
    expect(basename(found.sitePackages[0] ?? "")).toBe("site-packages");
    expect(() => statSync(marker)).toThrow("ENOENT");
  });

  test("is none where no Python is", async () => {
    expect(() => interpreterAt(newFolder(), "/")).toThrow("expected a virtual environment");
    const { signal } = new AbortController();
    await expect(
      findEnvironment(join(newFolder(), "python"), { cwd: "/", env: {}, signal }),
    ).rejects.toMatchObject({ code: "ENVIRONMENT_UNUSABLE" });
  });
});

describe("what is installed", () => {
  test("is installed again where nothing says that it was verified", async () => {
    const { check } = await newPlace();
    const { reinstall, strangers, reasons, strays } = check();
    expect(reinstall.toSorted()).toEqual(["alpha", "beta", "gamma"]);
    expect(strangers.toSorted()).toEqual(["pip", "setuptools"]);
    expect(reasons.find(({ name }) => name === "alpha")).toMatchObject({ code: "NOT_RECORDED" });
    expect(strays).toEqual([]);
  });

  test("is in order once it was recorded, also by another run and after bytecode was written", async () => {
    const place = await newPlace();
    await place.record();
    await run(place.environment.python, ["-c", "import alpha.part, beta"]);
    expect(place.check().reinstall).toEqual([]);
    expect(place.check().verified.map(({ name }) => name)).toEqual(["alpha", "beta", "gamma"]);
  });

  test("is a stranger where nobody expects it", async () => {
    const place = await newPlace();
    await place.record();
    const { strangers, reinstall } = place.check([ALPHA]);
    expect([strangers.toSorted(), reinstall]).toEqual([["beta", "gamma", "pip", "setuptools"], []]);
  });

  test.each([
    ["another version", { ...ALPHA, version: "1.1" }],
    ["other files", { ...ALPHA, sha256: ["0".repeat(64)] }],
    ["no files, as a folder of one's own", { ...ALPHA, sha256: [] }],
    ["another basis", { ...ALPHA, basis: "other" }],
  ])("is another one where what is expected has %s", async (_what, wanted) => {
    const place = await newPlace();
    await place.record();
    const { reinstall, reasons } = place.check([wanted]);
    expect(reinstall).toEqual(["alpha"]);
    expect(reasons.find(({ name }) => name === "alpha")?.code).toBe("OTHER_VERSION");
  });

  test("stays in order where further files of its version were added to what is expected", async () => {
    const place = await newPlace();
    await place.record();
    const more = { ...ALPHA, version: "1.0.0", sha256: [...ALPHA.sha256, "0".repeat(64)] };
    expect(place.check([more]).reinstall).toEqual([]);
  });
});

describe("tampering", () => {
  const changes: readonly (readonly [string, (place: Place) => void])[] = [
    ["a changed file", ({ site }) => appendFileSync(join(site, "alpha/part.py"), "# more\n")],
    ["a file that is gone", ({ site }) => rmSync(join(site, "alpha/part.py"))],
    [
      "a changed script",
      ({ site }) => appendFileSync(join(site, "../../../bin/alpha"), "# more\n"),
    ],
    [
      "a changed file of the same size and time",
      ({ site }) => {
        const path = join(site, "alpha/part.py");
        const { atime, mtime } = statSync(path);
        writeFileSync(path, "x = 2\n");
        utimesSync(path, atime, mtime);
      },
    ],
    [
      "a changed file, with its hash in RECORD",
      (place) => {
        appendFileSync(join(place.site, "alpha/part.py"), "# more\n");
        rewriteRecord(place, "alpha/part.py");
      },
    ],
    ["a RECORD that is gone", ({ site }) => rmSync(join(site, "alpha-1.0.dist-info/RECORD"))],
    [
      "a RECORD that is no CSV",
      ({ site }) => writeFileSync(join(site, "alpha-1.0.dist-info/RECORD"), '"'),
    ],
    [
      "METADATA with another name",
      ({ site }) => {
        const text = "Metadata-Version: 2.1\nName: alphabet\nVersion: 1.0\n";
        writeFileSync(join(site, "alpha-1.0.dist-info/METADATA"), text);
      },
    ],
    [
      "a second one of the same name",
      ({ site }) =>
        cpSync(join(site, "alpha-1.0.dist-info"), join(site, "Alpha-1.1.dist-info"), {
          recursive: true,
        }),
    ],
  ];

  test.each(changes)("is found out: %s", async (_what, change) => {
    const place = await newPlace();
    await place.record();
    change(place);
    const { reasons, verified } = place.check();
    const found = reasons.filter(({ name }) => name.startsWith("alpha"));
    expect(found.length).toBeGreaterThan(0);
    expect(verified.map(({ name }) => name)).toEqual(["beta", "gamma"]);
  });

  test.each([
    ["code in a package's folder", "alpha/extra.py", ["alpha"]],
    ["code in a folder that two share", "shared/extra.py", ["beta", "gamma"]],
    ["a library", "alpha/fast.so", ["alpha"]],
    ["code among bytecode", "alpha/__pycache__/extra.py", ["alpha"]],
    ["anything in its .dist-info", "alpha-1.0.dist-info/more.txt", ["alpha"]],
    ["what runs at each start", "later.pth", []],
    ["sitecustomize", "sitecustomize.py", []],
  ])("is a file that no RECORD names: %s", async (_what, path, owners) => {
    const place = await newPlace();
    await place.record();
    const stray = join(place.site, path);
    mkdirSync(dirname(stray), { recursive: true });
    writeFileSync(stray, "");
    expect(place.check().strays).toEqual([{ path: stray, owners }]);
  });

  test("is no data that a package has written for itself, nor its bytecode", async () => {
    const place = await newPlace();
    mkdirSync(join(place.site, "alpha/__pycache__"), { recursive: true });
    writeFileSync(join(place.site, "alpha/__pycache__/part.cpython-399.pyc"), "");
    writeFileSync(join(place.site, "alpha/cache.json"), "");
    expect(place.check().strays).toEqual([]);
  });
});

describe("the record", () => {
  test("does not take what an installer left as it was for verified", async () => {
    const place = await newPlace();
    const before = place.check();
    const left = await recordInstalled(place.environment, ALL, place.env, before);
    expect(left.map(({ name }) => name).toSorted()).toEqual(["alpha", "beta", "gamma"]);
    expect(place.check().verified).toEqual([]);
  });

  test("does not take what was to be installed again, and was not, for what is expected now", async () => {
    const place = await newPlace();
    await place.record();
    const wanted = [{ ...ALPHA, sha256: ["0".repeat(64)] }];
    const left = await recordInstalled(place.environment, wanted, place.env, place.check(wanted));
    expect(left.map(({ name }) => name)).toEqual(["alpha"]);
    expect(place.check(wanted).reinstall).toEqual(["alpha"]);
  });

  test("keeps what was in order and is not asked for this time", async () => {
    const place = await newPlace();
    await place.record();
    await recordInstalled(place.environment, [ALPHA], place.env, place.check([ALPHA]));
    expect(place.check().reinstall).toEqual([]);
  });

  test("does not lie in the environment, and counts for nothing where it is not ours", async () => {
    const place = await newPlace();
    await place.record();
    const path = manifestPlace(place.env, place.environment) ?? "";
    expect(path.startsWith(place.environment.prefix)).toBe(false);
    writeFileSync(path, readFileSync(path, "utf8").replace("pubpin-installed/1", "other"));
    expect(place.check().verified).toEqual([]);
    writeFileSync(path, "{");
    expect(place.check().verified).toEqual([]);
  });

  test("of an environment that is gone is forgotten", async () => {
    const place = await newPlace();
    await place.record();
    const other = await newPlace();
    const env = place.env;
    rmSync(place.environment.prefix, { recursive: true });
    await recordInstalled(other.environment, [], env, other.check([]));
    const folder = dirname(manifestPlace(env, other.environment) ?? "");
    expect(readdirSync(folder)).toEqual([basename(manifestPlace(env, other.environment) ?? "")]);
  });
});
