/** Each row of the decision table that the guard can come to, from the index to the exception. */
import { createSigstore, type Publisher } from "@pubpin/test-kit";
import {
  type LocalIndex,
  mintWheel,
  startLocalIndex,
  type WheelOptions,
} from "@pubpin/test-kit/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  errorOf,
  type Guarded,
  installed,
  refusalOf,
  startGuarded,
} from "./support/interpreter.ts";
import { NEWEST } from "./support/pairs.ts";
import { PATIENCE, useWorld } from "./support/use-world.ts";
import { pinOf, publisherOf } from "./support/world.ts";

const world = useWorld(NEWEST);
const NAMES = [
  "disguised",
  "misversioned",
  "doubled",
  "changed",
  "pinnedfile",
  "elsewhere",
  "sourced",
  "moved",
  "rebuilt",
  "forged",
  "foreign",
  "renamed",
  "transferred",
  "replaced",
  "stopped",
] as const;

let guarded: Guarded;
let otherIndex: LocalIndex;

function wheelOf(name: string, options: Partial<WheelOptions> = {}): ReturnType<typeof mintWheel> {
  return mintWheel({ name, version: "1.0", ...options });
}

/** Wheels that are not what they should be. */
const SPECIAL: Readonly<Record<string, Partial<WheelOptions>>> = {
  disguised: { claims: { name: "leaf", version: "1.0" } },
  misversioned: { claims: { name: "misversioned", version: "2.0" } },
  doubled: { files: { "doubled.py": "", "leaf-1.0.dist-info/METADATA": "Name: leaf\n" } },
};

/** Publishers that are not those of the project's pin. */
const PUBLISHERS: Readonly<Record<string, Publisher>> = {
  renamed: { ...publisherOf("renamed"), repository: "good/new-name" } as Publisher,
  transferred: { kind: "GitHub", repository: "else/transferred", repositoryId: "1", ownerId: "9" },
  replaced: { kind: "GitHub", repository: "good/replaced", repositoryId: "9", ownerId: "2" },
};

beforeAll(async () => {
  const { index, sigstore } = world();
  const foreign = await createSigstore();
  for (const name of NAMES) {
    const { filename, bytes, sha256 } = wheelOf(name, SPECIAL[name]);
    const bundles = [{ publisher: PUBLISHERS[name] ?? publisherOf(name) }];
    index.addFile({ filename, content: bytes, provenance: bundles });
    if (name === "foreign") {
      const { bytes: provenance } = await foreign.provenance({ filename, sha256 }, { bundles });
      index.addFile({ filename, content: bytes, provenance });
    }
    if (name === "forged") {
      const { bytes: provenance } = await sigstore.provenance(
        { filename, sha256: "00".repeat(32) },
        { bundles },
      );
      index.addFile({ filename, content: bytes, provenance });
    }
  }
  otherIndex = await startLocalIndex({
    files: [
      {
        filename: "moved-2.0-py3-none-any.whl",
        content: wheelOf("moved", { version: "2.0" }).bytes,
      },
    ],
  });
  const { filename, sha256 } = wheelOf("pinnedfile");
  const lines = [
    ...NAMES.filter((name) => name !== "pinnedfile").map((name) => pinOf(name)),
    `#file:changed-1.0-py3-none-any.whl sha256:${"00".repeat(32)}`,
    `#file:${filename} sha256:${sha256}`,
    "#source:elsewhere https://example.org/elsewhere-1.0-py3-none-any.whl",
    `#source:sourced ${urlOf("sourced")}`,
  ];
  guarded = await startGuarded(NEWEST, world(), { pins: `${world().pins}${lines.join("\n")}\n` });
}, PATIENCE);

afterAll(async () => {
  await otherIndex.close();
});

function urlOf(name: string): string {
  const { filename, sha256 } = wheelOf(name, SPECIAL[name]);
  return `${world().index.url}/files/${sha256.slice(0, 2)}/${sha256.slice(2)}/${filename}`;
}

describe("an install is refused", () => {
  test.each([
    [
      "FILE_MISMATCH",
      "disguised",
      "whose wheel holds another project",
      /metadata of disguised 1.0 .*\s+found +"leaf-1\.0\.dist-info"/,
    ],
    [
      "FILE_MISMATCH",
      "misversioned",
      "whose wheel holds another version",
      /found +"misversioned-2\.0\.dist-info"/,
    ],
    [
      "FILE_MISMATCH",
      "doubled",
      "whose wheel holds two projects",
      /one folder NAME-VERSION\.dist-info/,
    ],
    ["FILE_CHANGED", "changed", "whose pinned file has other bytes", /expected sha256:0000/],
    ["SOURCE_CHANGED", "elsewhere", "that has to come from a URL", /example\.org/],
    ["ATTESTATION_INVALID", "forged", "whose attestation is of another file", /forged/],
    [
      "TRUST_ROOT_UNKNOWN_KEY",
      "foreign",
      "whose attestation no known log has",
      /trust root is of 2020-01-01/,
    ],
    ["REPOSITORY_TRANSFERRED", "transferred", "whose repository has another owner", /owner 9/],
    ["REPOSITORY_REPLACED", "replaced", "whose repository was registered again", /repository 9/],
    ["UNSIGNED", "unsigned", "that nobody signed", /not attested/],
    [
      "ATTESTATION_MISSING",
      "withheld",
      "whose attestation was taken away",
      /found +no attestation/,
    ],
    ["PUBLISHER_UNPINNED", "unpinned", "whose publisher nobody has accepted", /good\/unpinned/],
  ])("with %s: %s, %s", async (code, name, _why, message) => {
    const before = installed(guarded.py);
    const refused = await refusalOf(guarded.py, `await micropip.install("${name}")`);
    expect(refused).toMatchObject({
      code,
      package: name,
      text: expect.stringMatching(message) as string,
    });
    expect(installed(guarded.py)).toEqual(before);
  });

  test("with HASH_NOT_ON_INDEX: a wheel of which one byte was changed on the way", async () => {
    const { filename } = wheelOf("rebuilt");
    world().index.setFault({ part: "file", name: filename, fault: { kind: "other-bytes" } });
    const refused = await refusalOf(guarded.py, `await micropip.install("rebuilt")`);
    expect(refused).toMatchObject({ code: "HASH_NOT_ON_INDEX", package: "rebuilt" });
  });

  test("with INDEX_CHANGED: a package that another index has, and its own has not", async () => {
    const code = `await micropip.install("moved", index_urls="${otherIndex.simpleUrl}")`;
    const refused = await refusalOf(guarded.py, code);
    expect(refused).toMatchObject({ code: "INDEX_CHANGED", package: "moved" });
    expect(refused).toMatchObject({
      text: expect.stringContaining(otherIndex.simpleUrl) as string,
    });
  });

  test("with PROJECT_QUARANTINED: a package that its index has stopped", async () => {
    const fault = { kind: "project-status", status: "quarantined", reason: "malware" } as const;
    world().index.setFault({ part: "page", name: "stopped", fault });
    const refused = await refusalOf(guarded.py, `await micropip.install("${urlOf("stopped")}")`);
    expect(refused).toMatchObject({ code: "PROJECT_QUARANTINED", package: "stopped" });
  });
});

describe("a #file: line", () => {
  test.each([
    ["accepts its bytes", "pinnedfile", "nothing was refused"],
    ["refuses other bytes", "changed", "FILE_CHANGED"],
  ])("%s without asking any index", async (_what, name, expected) => {
    const start = world().index.requests.length;
    const error = await errorOf(() => guarded.py.loadPackage(urlOf(name)));
    const code = (error as { refusal?: { code: string } }).refusal?.code ?? error;
    expect(code).toBe(expected);
    const asked = world()
      .index.requests.slice(start)
      .map(({ path }) => path);
    expect(asked.filter((path) => !path.startsWith("/files/"))).toEqual([]);
    guarded.py.runPython(`micropip.uninstall("${name}")`);
  });

  test("accepts its bytes under any name", async () => {
    const { bytes } = wheelOf("pinnedfile");
    const start = world().index.requests.length;
    const decision = await guarded.guard.check(bytes, "something-else");
    expect(world().index.requests).toHaveLength(start);
    expect(decision).toMatchObject({ code: "FILE_PINNED", name: "pinnedfile" });
  });
});

describe("an install goes ahead", () => {
  test.each([
    ["FILE_PINNED", "pinnedfile", (name: string) => name],
    ["SOURCE_PINNED", "sourced", (name: string) => `${name} @ ${urlOf(name)}`],
    ["REPOSITORY_RENAMED", "renamed", (name: string) => name],
    ["PUBLISHER_MATCH", "leaf", (name: string) => name],
    ["UNSIGNED", "allowed", (name: string) => name],
  ])("with %s: %s", async (code, name, requirement) => {
    const { py, guard } = guarded;
    await py.runPythonAsync(`await micropip.install("${requirement(name)}")`);
    expect(py.runPython(`import ${name}; ${name}.__version__`)).toBe("1.0");
    expect(guard.report().events.at(-1)).toMatchObject({
      outcome: "accepted",
      decision: { code, name },
    });
  });
});
