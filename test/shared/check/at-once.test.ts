/** How much of a large lock a check holds at once. */
import { createSigstore } from "@pubpin/test-kit";
import {
  checkDistributions,
  type Distribution,
  EMPTY_PINS,
  parseTrustedRoot,
} from "@pubpin/shared";
import { describe, expect, test } from "vitest";
import { MAX_FILES_AT_ONCE, MAX_PROJECTS_AT_ONCE } from "../../../packages/shared/src/limits.ts";
import { type Answering, fakeFetch, jsonFile, jsonPage, ok, status } from "../index/fake.ts";

const INDEX = "https://index.example/simple";
const root = await parseTrustedRoot(await (await createSigstore()).trustedRootJson());

/** A project of a lock and of an index, with so many files that are said to be attested. */
interface Project {
  readonly distribution: Distribution;
  readonly filenames: readonly string[];
}

type Route = [url: string, answering: Answering];

function project(name: string, files: number): Project {
  const filenames = Array.from(
    { length: files },
    (_none, at) => `${name}-1.0-${at}-py3-none-any.whl`,
  );
  const distribution: Distribution = {
    name,
    version: "1.0",
    source: { kind: "index", url: INDEX, alternatives: [] },
    files: filenames.map((filename) => ({
      filename,
      url: null,
      path: null,
      hashes: [{ algorithm: "sha256", value: "ab".repeat(32) }],
      size: null,
    })),
    member: false,
    line: 1,
  };
  return { distribution, filenames };
}

const provenanceUrl = (filename: string): string => `${INDEX}/${filename}/provenance`;

/**
 * Checks projects on an index that answers for provenance only once nothing more is asked, and
 * gives what was asked until then.
 */
async function askedBeforeAnswers(projects: readonly Project[]): Promise<readonly string[]> {
  let answer: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const held: Answering = async (url, init) => {
    await gate;
    return status(404)(url, init);
  };
  const pages = projects.map(({ distribution: { name }, filenames }): Route => {
    const files = filenames.map((each) => jsonFile(each, { provenance: provenanceUrl(each) }));
    return [`${INDEX}/${name}/`, ok(jsonPage(name, files))];
  });
  const documents = projects.flatMap(({ filenames }) =>
    filenames.map((each): Route => [provenanceUrl(each), held]),
  );
  const { fetch, asked } = fakeFetch(Object.fromEntries([...pages, ...documents]));
  const checking = checkDistributions(
    projects.map(({ distribution }) => distribution),
    EMPTY_PINS,
    { fetch, root, rootOrigin: "given", attempts: 1, concurrency: 1000 },
    { subject: "uv.lock", strict: false, mode: "lock", defaultIndex: INDEX },
  );
  for (let before = -1; before < asked.length; await pause()) before = asked.length;
  const first = asked.map(({ url }) => url);
  answer();
  const { decisions } = await checking;
  expect(decisions).toHaveLength(documents.length);
  expect(asked).toHaveLength(pages.length + documents.length);
  return first;
}

async function pause(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, 50);
  });
}

describe("a check of a large lock, however many requests may be under way", () => {
  test("holds the pages of few projects at once", async () => {
    const many = Array.from({ length: 3 * MAX_PROJECTS_AT_ONCE }, (_none, at) =>
      project(`p${at}`, 1),
    );
    const asked = await askedBeforeAnswers(many);
    expect(asked.filter((url) => !url.endsWith("/provenance"))).toHaveLength(MAX_PROJECTS_AT_ONCE);
  });

  test("holds the provenance of few files at once", async () => {
    const asked = await askedBeforeAnswers([project("large", 3 * MAX_FILES_AT_ONCE)]);
    expect(asked.filter((url) => url.endsWith("/provenance"))).toHaveLength(MAX_FILES_AT_ONCE);
  });
});
