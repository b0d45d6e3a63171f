import { memoryStore, type GuardStore } from "micropip-guard";
import { encodeUtf8 } from "@pubpin/shared";
import type { Publisher } from "@pubpin/test-kit";
import { startLocalIndex } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import {
  errorOf,
  installed,
  refusalOf,
  startGuarded,
  startWithoutMicropip,
} from "./support/interpreter.ts";
import { NEWEST } from "./support/pairs.ts";
import { PATIENCE, useWorld } from "./support/use-world.ts";
import { pinOf, publisherOf } from "./support/world.ts";

const world = useWorld(NEWEST);

/** The world's pins without those of some projects. */
function pinsWithout(...names: readonly string[]): string {
  const dropped = new Set(names.map((name) => pinOf(name)));
  return world()
    .pins.split("\n")
    .filter((line) => !dropped.has(line))
    .join("\n");
}

describe("trust on first use", { timeout: PATIENCE }, () => {
  test("pins the publisher it sees first, and from then on no other", async () => {
    const store = memoryStore();
    const own = { mode: "tofu", pins: pinsWithout("app", "mid", "leaf"), store } as const;
    const { py, guard } = await startGuarded(NEWEST, world(), own);
    await py.runPythonAsync(`await micropip.install(["app", "unpinned"])`);
    expect(guard.pins()).toContain("github.com/good/unpinned#repository-id=1&owner-id=2");
    py.runPython(`micropip.uninstall(["app", "mid", "leaf", "unpinned"])`);

    const onlyPins = memoryStore();
    await onlyPins.put("pins", (await store.get("pins")) ?? encodeUtf8(""));
    const later = await startGuarded(NEWEST, world(), { ...own, store: onlyPins });
    expect(later.guard.pins()).toContain("github.com/good/unpinned#");
    const publisher = publisherOf("leaf", "mallory");
    const { filename } = world().wheel("leaf");
    world().index.setFault({
      part: "provenance",
      name: filename,
      fault: { kind: "publisher", publisher },
    });
    const before = installed(later.py);
    const refused = await refusalOf(later.py, `await micropip.install("app")`);
    world().index.clearFault("provenance", filename);
    expect(refused).toMatchObject({ code: "PUBLISHER_CHANGED", package: "leaf" });
    expect(installed(later.py)).toEqual(before);
  });

  test("completes a pin without identifiers, and goes by them on the next page", async () => {
    const store = memoryStore();
    const bare = "leaf https://github.com/good/leaf";
    const own = { mode: "tofu", pins: `${pinsWithout("leaf")}${bare}\n` } as const;
    const { py, guard } = await startGuarded(NEWEST, world(), { ...own, store });
    await py.runPythonAsync(`await micropip.install("leaf")`);
    expect(guard.pins()).toContain(pinOf("leaf").replace(/^leaf +/, ""));
    const onlyPins = memoryStore();
    await onlyPins.put("pins", (await store.get("pins")) ?? encodeUtf8(""));
    const { filename } = world().wheel("leaf");
    const publisher = { ...publisherOf("leaf"), repositoryId: "9" } as Publisher;
    const fault = { kind: "publisher", publisher } as const;
    world().index.setFault({ part: "provenance", name: filename, fault });
    const later = await startGuarded(NEWEST, world(), { ...own, store: onlyPins });
    const refused = await refusalOf(later.py, `await micropip.install("leaf")`);
    world().index.clearFault("provenance", filename);
    expect(refused).toMatchObject({ code: "REPOSITORY_REPLACED", package: "leaf" });
  });

  test("pins nothing of an install that is refused, and nothing that is not attested", async () => {
    const store = memoryStore();
    const own = { mode: "tofu", pins: pinsWithout("leaf"), store } as const;
    const { py, guard } = await startGuarded(NEWEST, world(), own);
    const refused = await refusalOf(py, `await micropip.install(["leaf", "unsigned"])`);
    expect(refused).toMatchObject({ code: "UNSIGNED", package: "unsigned" });
    expect(guard.pins()).not.toContain("github.com/good/leaf");
    expect(await store.get("pins")).toBeNull();
  });

  test("believes no line of its store but pins, and those only where the file has none", async () => {
    const store = memoryStore();
    const { sha256, filename } = world().wheel("withheld");
    const lines = [
      "#unsigned:unsigned allowed",
      `#file:${filename} sha256:${sha256}`,
      pinOf("evil", "mallory"),
    ];
    await store.put("pins", encodeUtf8(`${lines.toSorted().join("\n")}\n`));
    const { py } = await startGuarded(NEWEST, world(), { mode: "tofu", store });
    for (const [name, code] of [
      ["unsigned", "UNSIGNED"],
      ["withheld", "ATTESTATION_MISSING"],
      ["evil", "PUBLISHER_CHANGED"],
    ]) {
      const refused = await refusalOf(py, `await micropip.install("${name}")`);
      expect(refused).toMatchObject({ code, package: name });
    }
  });

  test("does not start over a store that cannot be read", async () => {
    const store: GuardStore = {
      ...memoryStore(),
      get: async () => Promise.reject(new Error("gone")),
    };
    const error = await errorOf(() =>
      startWithoutMicropip(NEWEST, world(), { mode: "tofu", store }),
    );
    expect(error).toMatchObject({ code: "FILE_UNREADABLE" });
  });

  test("installs nothing whose pin cannot be kept", async () => {
    const failing: GuardStore = {
      ...memoryStore(),
      update: async () => Promise.reject(new Error("full")),
    };
    const { py } = await startGuarded(NEWEST, world(), { mode: "tofu", store: failing });
    const before = installed(py);
    const refused = await refusalOf(py, `await micropip.install("unpinned")`);
    expect(refused).toMatchObject({ code: "FILE_UNWRITABLE" });
    expect(installed(py)).toEqual(before);
  });
});

describe("a guard", { timeout: PATIENCE }, () => {
  test.each([
    [false, "nothing was refused"],
    [true, { code: "PUBLISHER_CHANGED", package: "leaf" }],
  ])("that is strict (%s) goes by the workflow, too", async (strict, expected) => {
    const pins = world().pins.replace(/(good\/leaf#.*)release\.yml/, "$1other.yml");
    const { py } = await startGuarded(NEWEST, world(), { pins, strict });
    const refused = await refusalOf(py, `await micropip.install("leaf")`);
    if (strict) expect(refused).toMatchObject(expected as object);
    else expect(refused).toBe(expected);
  });

  test("finds provenance that a mirror leaves out on the index that has it", async () => {
    const { filename, bytes } = world().wheel("leaf");
    const provenance = [{ publisher: publisherOf("leaf") }];
    const { sigstore } = world();
    const full = await startLocalIndex({
      sigstore,
      files: [{ filename, content: bytes, provenance }],
    });
    world().index.setFault({ part: "entry", name: filename, fault: { kind: "missing-key" } });
    const own = { provenanceIndex: full.simpleUrl };
    const { py } = await startGuarded(NEWEST, world(), own);
    const refused = await refusalOf(py, `await micropip.install("leaf")`);
    world().index.clearFault("entry", filename);
    await full.close();
    expect(refused).toBe("nothing was refused");
  });
});

describe("a guard that only reports", { timeout: PATIENCE }, () => {
  test("lets everything in, and says what it would have refused", async () => {
    const { py, guard } = await startGuarded(NEWEST, world(), { mode: "report" });
    await py.runPythonAsync(`await micropip.install(["wants-evil", "unsigned"])`);
    expect(py.runPython("import evil; evil.__version__")).toBe("1.0");
    py.unpackArchive(world().wheel("withheld").bytes, "wheel");
    const outcomes = guard
      .report()
      .events.map(({ decision: { name, code }, outcome }) => `${outcome} ${name} ${code}`);
    expect(outcomes).toEqual(
      expect.arrayContaining([
        "reported evil PUBLISHER_CHANGED",
        "reported unsigned UNSIGNED",
        "accepted leaf PUBLISHER_MATCH",
        "reported an archive NOT_FROM_INDEX",
      ]),
    );
  });
});
