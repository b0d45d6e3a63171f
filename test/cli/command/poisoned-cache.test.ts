/** What somebody gains who can write to the user's cache: nothing but refusals. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonReport } from "@pubpin/shared";
import type { GitHubPublisher } from "@pubpin/test-kit";
import { describe, expect, test } from "vitest";
import { openCache } from "../../../packages/cli/src/node/cache.ts";
import { saveAnswer } from "../../../packages/shared/src/index/stored.ts";
import { locked, OCTO, OCTO_PIN, startSetting, wheel } from "./support/project.ts";

const STRANGER: GitHubPublisher = { ...OCTO, repository: "stranger/example", repositoryId: "666" };
const STRANGER_PIN = OCTO_PIN.replace("octo", "stranger").replace("123", "666");
const FILE = wheel("spam", "5", OCTO);
const OTHER = wheel("eggs", "6", OCTO);

const { index, lock, newFolder, run, sigstore } = await startSetting();
index.addFile(FILE);
index.addFile(wheel("unsigned", "7"));
const PAGE = `${index.simpleUrl}/spam/`;
const PROVENANCE = `${index.url}/integrity/spam/1.0/${FILE.filename}/provenance`;

/** A folder whose lock was verified, so that all that was asked is in its cache. */
async function verified(): Promise<string> {
  const folder = newFolder();
  lock(folder, [{ name: "spam", version: "1.0", files: [locked(FILE)] }]);
  writePin(folder, OCTO_PIN);
  const { exitCode, stderr } = await run(folder, ["verify"]);
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return folder;
}

function writePin(folder: string, publisher: string): void {
  writeFileSync(join(folder, ".provenance.txt"), `spam ${publisher}\n`);
}

/** Puts an answer in the cache as if the index had given it just now. */
async function poison(
  folder: string,
  key: string,
  type: string,
  body: string | Uint8Array,
): Promise<void> {
  const onWarning = (message: string): never => expect.fail(message);
  const { store, close } = openCache({ env: { PUBPIN_CACHE_DIR: cacheOf(folder) }, onWarning });
  const url = key.slice(key.indexOf(" ") + 1);
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : new Uint8Array(body);
  const headers = new Headers({ "cache-control": "max-age=600" });
  await saveAnswer(store, key, { url, contentType: type, body: bytes }, headers, Date.now());
  close();
}

function poisonProvenance(folder: string, body: string | Uint8Array): Promise<void> {
  return poison(folder, `provenance ${PROVENANCE}`, "application/json", body);
}

function cacheOf(folder: string): string {
  return join(folder, ".cache");
}

async function mint(file: typeof FILE, publisher: GitHubPublisher): Promise<Uint8Array> {
  const { filename, content } = file;
  const subject = { filename, sha256: content.sha256 };
  return (await sigstore.provenance(subject, { bundles: [{ publisher }] })).bytes;
}

/** Verifies again, without one request, and gives what was decided. */
async function verifyAgain(folder: string): Promise<readonly (number | string | null)[]> {
  const before = index.requests.length;
  const { exitCode, stdout } = await run(folder, ["--format", "json", "verify"]);
  expect(index.requests.slice(before)).toEqual([]);
  const { reports } = JSON.parse(stdout) as JsonReport;
  return [exitCode, ...(reports[0]?.decisions.map(({ code }) => code) ?? [])];
}

describe("a cache that was tampered with", () => {
  test("is read, in what follows, without asking the index", async () => {
    expect(await verifyAgain(await verified())).toEqual([0, "PUBLISHER_MATCH"]);
  });

  test.each<[string, () => string | Promise<Uint8Array>, string]>([
    ["a stranger's attestation", () => mint(FILE, STRANGER), "PUBLISHER_CHANGED"],
    ["the publisher's attestation of other bytes", () => mint(OTHER, OCTO), "ATTESTATION_INVALID"],
    [
      "a document without attestations",
      () => '{"version":1,"attestation_bundles":[]}',
      "ATTESTATION_INVALID",
    ],
    ["no document at all", () => "PUBLISHER_MATCH", "ATTESTATION_INVALID"],
  ])("refuses the file where it has %s", async (_what, body, code) => {
    const folder = await verified();
    await poisonProvenance(folder, await body());
    expect(await verifyAgain(folder)).toEqual([1, code]);
  });

  test("refuses the file where the page hides that it is attested, or has another digest", async () => {
    const folder = await verified();
    const page = (digit: string): string =>
      JSON.stringify({
        meta: { "api-version": "1.4" },
        name: "spam",
        files: [
          {
            filename: FILE.filename,
            url: `${index.url}/${FILE.filename}`,
            hashes: { sha256: digit.repeat(64) },
          },
        ],
      });
    await poison(folder, `simple ${PAGE}`, "application/vnd.pypi.simple.v1+json", page("5"));
    expect(await verifyAgain(folder)).toEqual([1, "ATTESTATION_MISSING"]);
    await poison(folder, `simple ${PAGE}`, "application/vnd.pypi.simple.v1+json", page("6"));
    expect(await verifyAgain(folder)).toEqual([1, "HASH_NOT_ON_INDEX"]);
  });

  test("does not make a stranger's publisher of a file that is pinned to them later", async () => {
    const folder = await verified();
    await poisonProvenance(folder, await mint(OTHER, STRANGER));
    writePin(folder, STRANGER_PIN);
    expect(await verifyAgain(folder)).toEqual([1, "ATTESTATION_INVALID"]);
  });
});

describe("what a run found out", () => {
  test("is not remembered: with another pin the next run decides otherwise", async () => {
    const folder = await verified();
    writePin(folder, STRANGER_PIN);
    expect(await verifyAgain(folder)).toEqual([1, "PUBLISHER_CHANGED"]);
    writePin(folder, OCTO_PIN);
    expect(await verifyAgain(folder)).toEqual([0, "PUBLISHER_MATCH"]);
  });

  test("is not on disk: the cache has what the index said, and nothing else", async () => {
    const folder = await verified();
    const cache = readdirSync(cacheOf(folder), { recursive: true, withFileTypes: true });
    const kept = cache
      .filter((entry) => entry.isFile() && entry.name !== "swept")
      .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString("latin1"));
    const kinds = kept.map((text) => /"key":"(\w+) /.exec(text)?.[1]);
    expect(kinds).toHaveLength(2);
    expect(new Set(kinds)).toEqual(new Set(["provenance", "simple"]));
  });
});
