import { embeddedTrustedRoot, parseTrustedRoot } from "@pubpin/shared";
import { describe, expect, test } from "vitest";
import { TRUSTED_ROOT_JSON } from "../../packages/shared/src/generated/trusted-root.ts";
import { buildGuard } from "../../scripts/build-guard.ts";
import { slimTrustRoot } from "../../scripts/slim-trust-root.ts";

/** A page that uses the guard loads Pyodide, too: more than 5 MB. */
const MAX_GZIP_BYTES = { "micropip-guard.min.js": 48_800, "micropip-guard-drop-in.mjs": 49_600 };

describe.each(["micropip-guard.min.js", "micropip-guard-drop-in.mjs"] as const)(
  "the single file %s",
  async (filename) => {
    const { code, gzipBytes, imports } = await buildGuard(filename);
    const max = MAX_GZIP_BYTES[filename];

    test(`weighs at most ${max / 1000} kB minified and gzipped, trust root included`, () => {
      expect(gzipBytes).toBeLessThanOrEqual(max);
      expect(code).toContain("vnd.dev.sigstore.trustedroot+json;version=0.1");
    });

    test("holds nothing of Node and imports nothing", () => {
      expect(imports).toEqual([]);
      expect(code).not.toMatch(/\bnode:|\brequire\(|\bBuffer\.|\bprocess\./);
    });

    test("holds no readers of locks and HTML, and no words for reports of the command", () => {
      expect(code).not.toMatch(/poetry\.lock|Pipfile|sarif|data-provenance/i);
    });
  },
);

describe("the trust root in the single files", () => {
  const whole = JSON.parse(TRUSTED_ROOT_JSON) as Record<string, unknown>;
  const slim = JSON.parse(slimTrustRoot(TRUSTED_ROOT_JSON)) as Record<string, unknown>;

  test("is the embedded one without what had ended before there were attestations", () => {
    expect(Object.keys(slim)).toEqual(Object.keys(whole));
    const lists = Object.entries(whole).filter(([, list]) => Array.isArray(list));
    const left = lists.flatMap(([name, list]) => {
      const kept = new Set((slim[name] as unknown[]).map((each) => JSON.stringify(each)));
      return (list as unknown[])
        .map((each) => JSON.stringify(each))
        .filter((each) => !kept.has(each));
    });
    expect(left).not.toEqual([]);
    for (const each of left) expect(each).toMatch(/"end":"20(?:2[0-3])-/);
  });

  test("is of the same age as the embedded one", async () => {
    const root = await parseTrustedRoot(new TextEncoder().encode(slimTrustRoot(TRUSTED_ROOT_JSON)));
    expect(root.newestStart).toEqual((await embeddedTrustedRoot()).newestStart);
  });
});

describe("the guard in a single file", async () => {
  const { code } = await buildGuard("micropip-guard.min.js");

  test("offers what the package offers", async () => {
    const module = (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as object;
    expect(Object.keys(module).toSorted()).toEqual([
      "PubpinError",
      "guardOf",
      "guardPyodide",
      "indexedDbStore",
      "loadPyodide",
      "memoryStore",
    ]);
  });
});
