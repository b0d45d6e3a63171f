import { type Candidate, decide, EMPTY_PINS } from "@pubpin/shared";
import { describe, expect, test } from "vitest";

const CANDIDATE: Candidate = {
  name: "example-project",
  version: "1.0",
  filename: "example_project-1.0-py3-none-any.whl",
  origin: { kind: "index", url: "https://index.example/simple" },
  hashes: [{ algorithm: "sha256", value: "5a".repeat(32) }],
  place: null,
};
const OPTIONS = {
  strict: false,
  mode: "lock",
  defaultIndex: "https://index.example/simple",
} as const;

function codeFor(metadataFolders: readonly string[], changed: Partial<Candidate> = {}): string {
  return decide({ ...CANDIDATE, ...changed, metadataFolders }, "none", EMPTY_PINS, OPTIONS).code;
}

describe("the metadata inside a wheel at hand", () => {
  test.each([
    "example_project-1.0.dist-info",
    "Example.Project-1.0.dist-info",
    "example_project-1.0.0.dist-info",
    "example_project-1.0.DIST-INFO",
  ])("is that of the package in %s", (folder) => {
    expect(codeFor([folder])).toBe("UNSIGNED");
  });

  test.each([
    ["is of another project", ["other-1.0.dist-info"]],
    ["is of another version", ["example_project-1.1.dist-info"]],
    ["is missing", []],
    ["is there twice", ["example_project-1.0.dist-info", "other-1.0.dist-info"]],
    ["could be of two projects", ["example-project-1.0.dist-info"]],
    ["has no version", ["example_project.dist-info"]],
    ["has a version that is none", ["example_project-x.dist-info"]],
    ["has a name that is none", ["éxample-1.0.dist-info"]],
    ["is not in such a folder", ["example_project-1.0.egg-info"]],
  ])("is refused where it %s", (_how, folders) => {
    expect(codeFor(folders)).toBe("FILE_MISMATCH");
  });

  test("is judged for a wheel from a URL, too", () => {
    const origin = { kind: "source", source: "https://example.org/a.whl" } as const;
    expect(codeFor(["other-1.0.dist-info"], { origin })).toBe("FILE_MISMATCH");
    expect(codeFor(["example_project-1.0.dist-info"], { origin })).toBe("NOT_FROM_INDEX");
  });

  test("is compared with a name alone, where no version was asked for", () => {
    const changed = { version: null, filename: null };
    expect(codeFor(["example_project-7.dist-info"], changed)).toBe("UNSIGNED");
    expect(codeFor(["other-7.dist-info"], changed)).toBe("FILE_MISMATCH");
  });

  test("is not asked for where nobody has the file", () => {
    expect(decide(CANDIDATE, "none", EMPTY_PINS, OPTIONS).code).toBe("UNSIGNED");
  });
});
