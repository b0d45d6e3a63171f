import { describe, expect, test } from "vitest";
import { buildGuard } from "../../scripts/build-guard.ts";

/** A page that uses the guard loads Pyodide, too: more than 5 MB. */
const MAX_GZIP_BYTES = 51_000;

describe("the guard in a single file", async () => {
  const { code, gzipBytes, imports } = await buildGuard("micropip-guard.min.js");

  test(`weighs at most ${MAX_GZIP_BYTES / 1000} kB minified and gzipped, trust root included`, () => {
    expect(gzipBytes).toBeLessThanOrEqual(MAX_GZIP_BYTES);
    expect(code).toContain("vnd.dev.sigstore.trustedroot+json;version=0.1");
  });

  test("holds nothing of Node and imports nothing", () => {
    expect(imports).toEqual([]);
    expect(code).not.toMatch(/\bnode:|\brequire\(|\bBuffer\.|\bprocess\./);
  });

  test("holds no readers of locks and no words for reports of the command", () => {
    expect(code).not.toMatch(/poetry\.lock|Pipfile|sarif/i);
  });

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
