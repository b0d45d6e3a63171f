/** Answers of an index that are slow, elsewhere, in HTML, or about other files than they seem. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  checkDistributions,
  type DecisionCode,
  type JsonDecision,
  type JsonReport,
  parsePins,
  parseTrustedRoot,
  readLock,
} from "@pubpin/shared";
import { type FaultSetting, type LocalFile, startLocalIndex } from "@pubpin/test-kit/node";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { createTransport } from "../../../packages/cli/src/node/http.ts";
import {
  type LockedPackage,
  locked,
  OCTO,
  OCTO_PIN,
  startSetting,
  uvLock,
  wheel,
} from "./support/project.ts";

const { index, lock, newFolder, run, sigstore } = await startSetting();
const SIGNED = wheel("signed", "1", OCTO);
const PLAIN = wheel("plain", "2");
const MISSING = wheel("missing", "3");
const FORKED = wheel("forked", "4", { ...OCTO, repository: "fork/example", ownerId: "7" });
const FILES = [SIGNED, PLAIN, MISSING, FORKED];
for (const file of FILES) index.addFile(file);
const PINS = ["forked", "missing", "signed"].map((name) => `${name}  ${OCTO_PIN}\n`).join("");

function entry(file: typeof SIGNED): LockedPackage {
  return { name: file.project ?? "", version: "1.0", files: [locked(file)] };
}

function project(files: readonly (typeof SIGNED)[], pins: string = PINS): string {
  const folder = newFolder();
  lock(folder, files.map(entry));
  writeFileSync(join(folder, ".provenance.txt"), pins);
  return folder;
}

async function decided(folder: string): Promise<readonly JsonDecision[]> {
  const { stdout } = await run(folder, ["--format", "json", "verify"]);
  return (JSON.parse(stdout) as JsonReport).reports.flatMap(({ decisions }) => decisions);
}

/** Faults for the time of one test. */
const faults: FaultSetting[] = [];
function setFault(setting: FaultSetting): void {
  faults.push(setting);
  index.setFault(setting);
}
afterEach(() => {
  for (const { part, name } of faults.splice(0)) index.clearFault(part, name);
});

describe("an index", () => {
  test("that has no JSON leads to the same decisions by its HTML", async () => {
    const inJson = await decided(project(FILES));
    setFault({ part: "page", name: "*", fault: { kind: "html-only" } });
    expect(await decided(project(FILES))).toEqual(inJson);
    expect(inJson.map(({ code }) => code)).toEqual([
      "REPOSITORY_TRANSFERRED",
      "ATTESTATION_MISSING",
      "UNSIGNED",
      "PUBLISHER_MATCH",
    ]);
  });

  test("is asked for pages and provenance, and never for a file", async () => {
    const start = index.requests.length;
    await decided(project(FILES));
    const paths = index.requests.slice(start).map(({ path }) => path.split("/")[1]);
    expect(new Set(paths)).toEqual(new Set(["simple", "integrity"]));
  });

  test.each([
    ["slow", { part: "page", name: "signed", fault: { kind: "slow", ms: 1500 } }],
    [
      "slow with provenance",
      { part: "provenance", name: SIGNED.filename, fault: { kind: "slow", ms: 1500 } },
    ],
    [
      "overloaded for a moment",
      { part: "page", name: "signed", fault: { kind: "status", status: 503 }, times: 2 },
    ],
    ["cut off once", { part: "page", name: "signed", fault: { kind: "cut-off" }, times: 1 }],
    [
      "cut off once in provenance",
      { part: "provenance", name: SIGNED.filename, fault: { kind: "reset" }, times: 1 },
    ],
    ["without CORS headers", { part: "page", name: "signed", fault: { kind: "no-cors" } }],
  ] as const)("that is %s is asked until it answers", async (_what, setting) => {
    setFault(setting);
    expect((await decided(project([SIGNED]))).map(({ code }) => code)).toEqual(["PUBLISHER_MATCH"]);
  });

  test.each(["archived", "deprecated"])("that calls a project %s is passed on", async (status) => {
    setFault({ part: "page", name: "signed", fault: { kind: "project-status", status } });
    const folder = project([SIGNED]);
    const { exitCode, stdout } = await run(folder, ["verify"]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`the project is ${status}`)]);
  });

  test.each([
    ["page", "signed"],
    ["provenance", SIGNED.filename],
  ] as const)("whose %s does not come in time is not known", async (part, name) => {
    setFault({ part, name, fault: { kind: "slow", ms: 60_000 } });
    const transport = createTransport({ env: {}, idleTimeoutMs: 200 });
    const text = new TextEncoder();
    const uv = readLock("uv.lock", text.encode(uvLock(index.simpleUrl, [entry(SIGNED)])));
    const report = await checkDistributions(
      uv.distributions,
      parsePins(text.encode(PINS)),
      {
        fetch: transport.fetch,
        attempts: 2,
        root: await parseTrustedRoot(await sigstore.trustedRootJson()),
        rootOrigin: "given",
      },
      { subject: "uv.lock", strict: false, mode: "lock", defaultIndex: index.simpleUrl },
    );
    await transport.close();
    expect(report.decisions).toMatchObject([
      {
        code: "UNVERIFIABLE",
        verdict: "unverifiable",
        message: expect.stringMatching(/in time/) as string,
      },
    ]);
  });
});

describe("user name and password of an index", async () => {
  const SECRET = "s3cr3t";
  const login = { user: "me", password: SECRET };
  const guarded = await startLocalIndex({ sigstore, credentials: login, files: [SIGNED, PLAIN] });
  afterAll(() => guarded.close());
  const withLogin = guarded.simpleUrl.replace("//", `//me:${SECRET}@`);
  const text = `signed==1.0 --hash=sha256:${"1".repeat(64)}\nplain==1.0 --hash=sha256:${"2".repeat(64)}\n`;

  test.each(["text", "json", "sarif", "github", "html"])(
    "are used, and in no line of pins, errors or a report in %s",
    async (format) => {
      const folder = newFolder();
      writeFileSync(join(folder, "requirements.txt"), `--index-url ${withLogin}\n${text}`);
      const asked = ["--index", guarded.simpleUrl, "--format", format];
      const ends = [
        await run(folder, [...asked, "verify"]),
        await run(folder, ["--index", guarded.simpleUrl, "tofu"]),
        await run(folder, [...asked, "--verbose", "--strict", "verify"]),
      ];
      expect(ends.map(({ exitCode }) => exitCode)).toEqual([1, 0, 1]);
      const pins = readFileSync(join(folder, ".provenance.txt"), "utf8");
      expect(JSON.stringify(ends) + pins).not.toContain(SECRET);
    },
  );

  test("do not go along to another server that a page redirects to", async () => {
    const start = index.requests.length;
    const folder = newFolder();
    writeFileSync(join(folder, "requirements.txt"), `--index-url ${withLogin}\n${text}`);
    for (const name of ["signed", "plain"]) {
      const to = `${index.simpleUrl}/${name}/`;
      guarded.setFault({ part: "page", name, fault: { kind: "redirect", to } });
    }
    const { exitCode } = await run(folder, ["--index", guarded.simpleUrl, "tofu"]);
    for (const name of ["signed", "plain"]) guarded.clearFault("page", name);
    expect(exitCode).toBe(0);
    const elsewhere = index.requests.slice(start);
    expect(elsewhere.map(({ headers }) => headers["authorization"])).toEqual(
      elsewhere.map(() => undefined),
    );
    expect(elsewhere.map(({ path }) => path.split("/")[1])).toEqual(
      expect.arrayContaining(["simple", "integrity"]),
    );
  });

  test("do not go along to another server that has the provenance", async () => {
    const start = index.requests.length;
    const folder = newFolder();
    writeFileSync(join(folder, "requirements.txt"), `--index-url ${withLogin}\n${text}`);
    const url = `${index.url}/integrity/signed/1.0/${SIGNED.filename}/provenance`;
    guarded.setFault({
      part: "entry",
      name: SIGNED.filename,
      fault: { kind: "provenance-url", url },
    });
    const { exitCode } = await run(folder, ["--index", guarded.simpleUrl, "tofu"]);
    guarded.clearFault("entry", SIGNED.filename);
    expect(exitCode).toBe(0);
    const elsewhere = index.requests.slice(start);
    expect(elsewhere.map(({ path, headers }) => [path, headers["authorization"]])).toEqual([
      [new URL(url).pathname, undefined],
    ]);
  });
});

describe("a mirror that strips provenance", async () => {
  const other = { ...SIGNED, content: { sha256: "6".repeat(64), size: 1000 } };
  const mirror = await startLocalIndex({ files: [wheel("signed", "1")] });
  const stranger = await startLocalIndex({ sigstore, files: [other] });
  const absent = await startLocalIndex();
  afterAll(() => Promise.all([mirror, stranger, absent].map((each) => each.close())));

  /** What is decided of the mirror's file, with another index for its provenance. */
  async function mirrored(provenanceIndex?: string): Promise<readonly DecisionCode[]> {
    const folder = newFolder();
    writeFileSync(join(folder, "uv.lock"), uvLock(mirror.simpleUrl, [entry(SIGNED)]));
    writeFileSync(join(folder, ".provenance.txt"), `signed  ${OCTO_PIN}\n`);
    const second = provenanceIndex === undefined ? [] : ["--provenance-index", provenanceIndex];
    const options = ["--index", mirror.simpleUrl, ...second, "--format", "json"];
    const { stdout } = await run(folder, [...options, "verify"]);
    return (JSON.parse(stdout) as JsonReport).reports.flatMap(({ decisions }) =>
      decisions.map(({ code }) => code),
    );
  }

  test("leaves an attestation missing, unless the provenance index has it", async () => {
    expect(await mirrored()).toEqual(["ATTESTATION_MISSING"]);
    expect(await mirrored(index.simpleUrl)).toEqual(["PUBLISHER_MATCH"]);
  });

  test("is not helped by a provenance index with other bytes, or without the project", async () => {
    expect(await mirrored(stranger.simpleUrl)).toEqual(["ATTESTATION_MISSING"]);
    expect(await mirrored(absent.simpleUrl)).toEqual(["ATTESTATION_MISSING"]);
  });

  test("is not taken at its word where the provenance index is out of order", async () => {
    setFault({ part: "page", name: "signed", fault: { kind: "status", status: 403 } });
    expect(await mirrored(index.simpleUrl)).toEqual(["UNVERIFIABLE"]);
  });
});

describe("an index that says of a digest that it is", () => {
  const digest = "9".repeat(64);
  const listed = (name: string, filename: string, publisher?: typeof OCTO): LocalFile => ({
    filename,
    project: name,
    content: { sha256: digest, size: 1 },
    ...(publisher === undefined ? {} : { provenance: [{ publisher }] }),
  });
  const CASES: readonly (readonly [string, string, readonly string[], DecisionCode])[] = [
    ["another project's", "lie-name", ["evil-1.0-py3-none-any.whl"], "FILE_MISMATCH"],
    ["another version's", "lie-version", ["lie_version-2.0-py3-none-any.whl"], "FILE_MISMATCH"],
    ["an sdist's of another name", "lie-sdist", ["evil-1.0.tar.gz"], "FILE_MISMATCH"],
    [
      "that of two files, of which one is not attested,",
      "lie-twice",
      ["lie_twice-1.0-py3-none-any.whl", "lie_twice-1.0-py2-none-any.whl"],
      "ATTESTATION_MISSING",
    ],
    ["nobody's", "lie-none", [], "HASH_UNUSABLE"],
  ];

  test.each(CASES)("%s is not believed", async (_what, name, [first, ...others], code) => {
    index.addFile(wheel(name, "8", OCTO));
    if (first !== undefined) index.addFile(listed(name, first, OCTO));
    for (const filename of others) index.addFile(listed(name, filename));
    const folder = newFolder();
    writeFileSync(join(folder, "requirements.txt"), `${name}==1.0 --hash=sha256:${digest}\n`);
    const pins = join(folder, ".provenance.txt");
    const unpinned = await run(folder, ["tofu"]);
    if (code !== "ATTESTATION_MISSING") {
      expect([unpinned.exitCode, existsSync(pins)]).toEqual([1, false]);
    }
    writeFileSync(pins, `${name} ${OCTO_PIN}\n`);
    const { exitCode, stdout } = await run(folder, ["verify"]);
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining(code)]);
  });
});
