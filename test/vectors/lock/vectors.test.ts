/** The vectors of docs/lock-digest.md, which other implementations may use as they are. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { canonicalLock, lockDigest } from "../../../packages/shared/src/lock/digest.ts";
import { readLock } from "../../../packages/shared/src/lock/read.ts";

interface DigestVector {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly canonical: string;
  readonly digest: string;
}

const VECTORS = JSON.parse(
  readFileSync(join(import.meta.dirname, "digest.json"), "utf8"),
) as readonly DigestVector[];

describe("the digest of a lock", () => {
  it.each(VECTORS)("$name", async ({ path, text, canonical, digest }) => {
    const lock = readLock(path, new TextEncoder().encode(text));
    expect(canonicalLock(lock)).toBe(canonical);
    expect(await lockDigest(lock)).toBe(digest);
  });

  it.each(VECTORS)("is that of compact JSON: $name", ({ canonical, digest }) => {
    expect(JSON.stringify(JSON.parse(canonical))).toBe(canonical);
    expect(digest).toBe(`v1-sha256:${createHash("sha256").update(canonical).digest("hex")}`);
  });
});
