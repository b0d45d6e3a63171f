import { createSigstore } from "@pubpin/test-kit";
import {
  addEntries,
  checkDistributions,
  type Distribution,
  EMPTY_PINS,
  firstUse,
  firstUseIndexes,
  parsePins,
  parseTrustedRoot,
  type Pins,
  type Report,
} from "@pubpin/shared";
import { describe, expect, test } from "vitest";
import { type Answering, cutOff, fakeFetch, offline, ok, status } from "../index/fake.ts";

const INDEX = "https://index.example/simple";
const PUBLISHER = {
  kind: "GitHub",
  repository: "octo/example",
  repositoryId: "123",
  ownerId: "456",
} as const;
const PIN =
  "example  https://github.com/octo/example#repository-id=123&owner-id=456&workflow=release.yml\n";

const sigstore = await createSigstore();
const root = await parseTrustedRoot(await sigstore.trustedRootJson());

interface Served {
  readonly filename: string;
  readonly sha256: string;
  /** What answers for the provenance; null where the page names none. */
  readonly provenance: Answering | Answering[] | null;
}

const WHEEL = { filename: "example-1.0-py3-none-any.whl", sha256: "5a".repeat(32) };
const SDIST = { filename: "example-1.0.tar.gz", sha256: "5b".repeat(32) };

async function minted(file: typeof WHEEL, publisher = PUBLISHER): Promise<Answering> {
  const { bytes } = await sigstore.provenance(file, { bundles: [{ publisher }] });
  return ok(bytes, "application/vnd.pypi.integrity.v1+json");
}

function locked(files: readonly { filename: string | null; sha256: string }[]): Distribution {
  return {
    name: "example",
    version: "1.0",
    source: { kind: "index", url: INDEX, alternatives: [] },
    files: files.map(({ filename, sha256 }) => ({
      filename,
      url: null,
      path: null,
      hashes: [{ algorithm: "sha256", value: sha256 }],
      size: null,
    })),
    member: false,
    line: 1,
  };
}

function routes(files: readonly Served[]): Record<string, Answering | Answering[]> {
  const page = {
    meta: { "api-version": "1.3" },
    name: "example",
    files: files.map(({ filename, sha256, provenance }) => ({
      filename,
      url: `https://files.example/${filename}`,
      hashes: { sha256 },
      ...(provenance === null
        ? {}
        : { provenance: `https://index.example/integrity/${filename}/provenance` }),
    })),
  };
  return {
    [`${INDEX}/example/`]: ok(JSON.stringify(page)),
    ...Object.fromEntries(
      files.flatMap(({ filename, provenance }) =>
        provenance === null
          ? []
          : [[`https://index.example/integrity/${filename}/provenance`, provenance]],
      ),
    ),
  };
}

async function check(
  served: Record<string, Answering | Answering[]>,
  distribution: Distribution,
  pins: Pins,
): Promise<Report> {
  const { fetch } = fakeFetch(served);
  return checkDistributions(
    [distribution],
    pins,
    { fetch, root, rootOrigin: "given", attempts: 1 },
    { subject: "uv.lock", strict: false, mode: "lock", defaultIndex: INDEX },
  );
}

const pinned = parsePins(new TextEncoder().encode(PIN));
const codes = ({ decisions }: Report): string[] => decisions.map(({ code }) => code);

describe("a check", () => {
  test("passes a file that the pinned publisher signed, and says which trust root was used", async () => {
    const served = routes([{ ...WHEEL, provenance: await minted(WHEEL) }]);
    const report = await check(served, locked([WHEEL]), pinned);
    expect(codes(report)).toEqual(["PUBLISHER_MATCH"]);
    expect(report.trustRoot).toMatchObject({ origin: "given" });
    expect(report.decisions[0]?.place).toEqual({ path: "uv.lock", line: 1 });
  });

  test("looks at every file, not at the first alone", async () => {
    const served = routes([
      { ...WHEEL, provenance: await minted(WHEEL) },
      { ...SDIST, provenance: null },
    ]);
    expect(codes(await check(served, locked([WHEEL, SDIST]), pinned))).toEqual([
      "PUBLISHER_MATCH",
      "ATTESTATION_MISSING",
    ]);
  });

  test.each<[string, Answering | Answering[], string]>([
    ["404 where the page names a provenance", status(404), "UNVERIFIABLE"],
    ["403", status(403), "UNVERIFIABLE"],
    ["429", status(429), "UNVERIFIABLE"],
    ["500", status(500), "UNVERIFIABLE"],
    ["a cut-off answer", cutOff, "UNVERIFIABLE"],
    ["no network", offline, "UNVERIFIABLE"],
    [
      "an empty list of bundles",
      ok('{"version":1,"attestation_bundles":[]}', "application/vnd.pypi.integrity.v1+json"),
      "ATTESTATION_INVALID",
    ],
  ])("never takes %s for unsigned", async (_claim, provenance, code) => {
    const served = routes([{ ...WHEEL, provenance }]);
    for (const pins of [pinned, EMPTY_PINS]) {
      const report = await check(served, locked([WHEEL]), pins);
      expect(codes(report)).toEqual([code]);
      expect(firstUse(report.decisions, pins)).toEqual({ added: [], completed: [], undecided: [] });
    }
  });

  test("refuses another publisher, other bytes, and a quarantined project", async () => {
    const attacker = { ...PUBLISHER, repository: "evil/example", repositoryId: "9" } as const;
    const swapped = routes([
      { ...WHEEL, provenance: await minted(WHEEL, attacker as unknown as typeof PUBLISHER) },
    ]);
    expect(codes(await check(swapped, locked([WHEEL]), pinned))).toEqual(["PUBLISHER_CHANGED"]);
    const provenance = await minted(WHEEL);
    const other = locked([{ ...WHEEL, sha256: "00".repeat(32) }]);
    const served = routes([{ ...WHEEL, provenance }]);
    expect(codes(await check(served, other, pinned))).toEqual(["HASH_NOT_ON_INDEX"]);
    expect(codes(await check(quarantined(), locked([WHEEL]), pinned))).toEqual([
      "PROJECT_QUARANTINED",
    ]);
  });

  test("says that a project is quarantined before it looks for a hash that its page lost", async () => {
    const lock = locked([{ filename: null, sha256: WHEEL.sha256 }]);
    for (const pins of [pinned, EMPTY_PINS]) {
      const { decisions } = await check(quarantined(), lock, pins);
      expect(decisions).toMatchObject([
        { code: "PROJECT_QUARANTINED", verdict: "fail", cause: "PROJECT_QUARANTINED" },
      ]);
    }
  });

  test("looks up files of which the lock has the hash alone", async () => {
    const served = routes([{ ...WHEEL, provenance: await minted(WHEEL) }]);
    const known = await check(served, locked([{ filename: null, sha256: WHEEL.sha256 }]), pinned);
    expect(known.decisions).toMatchObject([
      { code: "PUBLISHER_MATCH", filename: WHEEL.filename, sha256: WHEEL.sha256 },
    ]);
    const unknown = locked([
      { filename: null, sha256: WHEEL.sha256 },
      { filename: null, sha256: "00".repeat(32) },
    ]);
    expect(codes(await check(served, unknown, pinned)).toSorted()).toEqual([
      "HASH_UNUSABLE",
      "PUBLISHER_MATCH",
    ]);
  });
});

/** PEP 792 has the status as an object of its own. */
function quarantined(): Record<string, Answering> {
  const page = {
    meta: { "api-version": "1.4" },
    "project-status": { status: "quarantined", reason: "malware" },
    name: "example",
    files: [],
  };
  return { [`${INDEX}/example/`]: ok(JSON.stringify(page)) };
}

describe("trust on first use", () => {
  test("pins what it sees, completes pins, and leaves the rest of a release by its bytes", async () => {
    const served = routes([
      { ...WHEEL, provenance: await minted(WHEEL) },
      { ...SDIST, provenance: null },
    ]);
    const lock = locked([WHEEL, SDIST]);
    const { decisions } = await check(served, lock, EMPTY_PINS);
    const { added } = firstUse(decisions, EMPTY_PINS);
    expect(added).toMatchObject([
      { kind: "pin", name: "example", publisher: { repositoryId: "123", workflow: "release.yml" } },
      { kind: "file", filename: SDIST.filename, sha256: SDIST.sha256 },
    ]);
    const pins = addEntries(EMPTY_PINS, added);
    expect(codes(await check(served, lock, pins))).toEqual(["PUBLISHER_MATCH", "FILE_PINNED"]);
    const bare = parsePins(new TextEncoder().encode("example  https://github.com/octo/example\n"));
    const again = await check(served, locked([WHEEL]), bare);
    expect(firstUse(again.decisions, bare).completed).toMatchObject([
      { publisher: { repositoryId: "123", ownerId: "456", workflow: "release.yml" } },
    ]);
  });

  test("refuses to choose between two publishers", async () => {
    const other = { ...PUBLISHER, repository: "octo/other", repositoryId: "9" } as const;
    const { bytes } = await sigstore.provenance(WHEEL, {
      bundles: [{ publisher: PUBLISHER }, { publisher: other }],
    });
    const answer = ok(bytes, "application/vnd.pypi.integrity.v1+json");
    const report = await check(
      routes([{ ...WHEEL, provenance: answer }]),
      locked([WHEEL]),
      EMPTY_PINS,
    );
    const { added, undecided } = firstUse(report.decisions, EMPTY_PINS);
    expect(added).toEqual([]);
    expect(undecided).toMatchObject([{ name: "example" }]);
  });

  test("notes what had no attestation, once", async () => {
    const served = routes([
      { ...WHEEL, provenance: null },
      { ...SDIST, provenance: null },
    ]);
    const report = await check(served, locked([WHEEL, SDIST]), EMPTY_PINS);
    expect(firstUse(report.decisions, EMPTY_PINS).added).toEqual([
      { kind: "unsigned", name: "example", state: "seen" },
    ]);
  });

  test("never adds to what a person or an earlier run decided", async () => {
    const attacker = { ...PUBLISHER, repository: "evil/example", repositoryId: "9" } as const;
    const { bytes } = await sigstore.provenance(WHEEL, { bundles: [{ publisher: attacker }] });
    const answer = ok(bytes, "application/vnd.pypi.integrity.v1+json");
    const report = await check(routes([{ ...WHEEL, provenance: answer }]), locked([WHEEL]), pinned);
    expect(firstUse(report.decisions, pinned)).toEqual({ added: [], completed: [], undecided: [] });
  });

  test("writes the lock's main index as the default, and others by name", () => {
    const at = (name: string, url: string): Distribution => ({
      ...locked([]),
      name,
      source: { kind: "index", url, alternatives: [] },
    });
    const lock = [at("a", "https://m.example"), at("b", "https://m.example"), at("c", INDEX)];
    expect(firstUseIndexes(lock, EMPTY_PINS, INDEX)).toEqual([
      { kind: "index", name: "*", url: "https://m.example" },
      { kind: "index", name: "c", url: INDEX },
    ]);
    expect(firstUseIndexes([at("example", "https://m.example")], pinned, INDEX)).toEqual([]);
  });
});
