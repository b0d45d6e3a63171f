import { describe, expect, test } from "vitest";
import { buildCore } from "../../scripts/build-core.ts";

const MAX_GZIP_BYTES = 20_000;

describe("the core for browsers", async () => {
  const bare = await buildCore("without");
  const whole = await buildCore("with");

  test("weighs at most 20 kB minified and gzipped without the trust root", () => {
    expect(bare.gzipBytes).toBeLessThanOrEqual(MAX_GZIP_BYTES);
  });

  test("leaves the trust root out unless it is asked for", () => {
    expect(whole.code).toContain("vnd.dev.sigstore.trustedroot+json;version=0.1");
    expect(whole.code.length - bare.code.length).toBeGreaterThan(6000);
  });

  test.each([
    ["without", bare],
    ["with", whole],
  ])("holds nothing of Node and imports nothing, %s the trust root", (_name, { code, imports }) => {
    expect(imports).toEqual([]);
    expect(code).not.toMatch(/\bnode:|\brequire\(|\bBuffer\.|\bprocess\./);
  });

  test("runs as it was built", async () => {
    const url = `data:text/javascript,${encodeURIComponent(whole.code)}`;
    const core = (await import(url)) as { embeddedTrustedRoot: () => unknown };
    await expect(core.embeddedTrustedRoot()).resolves.toBeTypeOf("object");
  });
});
