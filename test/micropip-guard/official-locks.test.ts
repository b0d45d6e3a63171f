import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { EMPTY_PINS, encodeUtf8, lockDigest, parsePins, readLock } from "@pubpin/shared";
import { describe, expect, test } from "vitest";
import type { Archive } from "../../packages/micropip-guard/src/archive.ts";
import type { PyodideApi } from "../../packages/micropip-guard/src/pyodide/internals.ts";
import { ownPackages } from "../../packages/micropip-guard/src/pyodide/lock.ts";

const require = createRequire(import.meta.url);
const LOCK = "pyodide-lock.json";
const PROJECT = "numpy";

interface LockJson {
  readonly info: unknown;
  readonly packages: Record<string, { sha256: string; file_name: string }>;
}

interface Given {
  readonly version: string;
  readonly lock: LockJson;
  /** The lock beside Pyodide; null where there is none. */
  readonly beside?: Uint8Array | null;
  readonly pins?: string;
}

async function official(
  pyodide: string,
): Promise<{ version: string; bytes: Uint8Array; lock: LockJson }> {
  const bytes = await readFile(require.resolve(`${pyodide}/${LOCK}`));
  const manifest = await readFile(require.resolve(`${pyodide}/package.json`), "utf8");
  const { version } = JSON.parse(manifest) as { readonly version: string };
  return { version, bytes: new Uint8Array(bytes), lock: JSON.parse(bytes.toString()) as LockJson };
}

/** What is decided about bytes with this digest, called by this name. */
async function decided(given: Given, name: string, sha256: string): Promise<string | null> {
  const { version, lock, beside = null, pins = "" } = given;
  const api = {
    version,
    lockfile_packages: lock.packages,
    config: { indexURL: "/pyodide/" },
    loadBinaryFile: async (path: string) => {
      if (beside === null || path !== `/pyodide/${LOCK}`) throw new Error("no such file");
      return beside;
    },
  } as unknown as PyodideApi;
  const decide = await ownPackages(api, pins === "" ? EMPTY_PINS : parsePins(encodeUtf8(pins)));
  const archive = { name, version: "1.0", filename: "a.whl", sha256 } as unknown as Archive;
  return (await decide(archive))?.message ?? null;
}

describe.each(["pyodide", "pyodide-0.29", "pyodide-0.28"])("the lock of %s", async (pyodide) => {
  const { version, bytes, lock } = await official(pyodide);
  const { sha256 = "" } = lock.packages[PROJECT] ?? {};

  test("accepts each of its packages by its bytes, under its name", async () => {
    const given = { version, lock };
    expect(await decided(given, PROJECT, sha256)).toContain(`official lock of Pyodide ${version}`);
    expect(await decided(given, "Jinja2", lock.packages["jinja2"]?.sha256 ?? "")).not.toBeNull();
    expect(await decided(given, PROJECT, "00".repeat(32))).toBeNull();
    expect(await decided(given, "scipy", sha256)).toBeNull();
  });

  test("accepts nothing in another version", async () => {
    expect(await decided({ version: "0.28.9", lock }, PROJECT, sha256)).toBeNull();
  });

  test("accepts nothing with one entry changed, nor one that lacks its digest", async () => {
    for (const changed of [
      { sha256: "11".repeat(32) },
      { sha256: "" },
      { file_name: "evil.whl" },
    ]) {
      const packages = { ...lock.packages, scipy: { ...lock.packages["scipy"], ...changed } };
      const given = { version, lock: { ...lock, packages } as LockJson };
      expect(await decided(given, PROJECT, sha256)).toBeNull();
    }
  });

  test("is asked for beside Pyodide, where that was started with a lock of one's own", async () => {
    const { [PROJECT]: own } = lock.packages;
    const frozen = { ...own, file_name: `https://example.org/${own?.file_name ?? ""}` };
    const packages = { [PROJECT]: frozen, evil: { ...own, name: "evil", sha256: "11".repeat(32) } };
    const given = { version, lock: { ...lock, packages } as LockJson, beside: bytes };
    expect(await decided(given, PROJECT, sha256)).not.toBeNull();
    expect(await decided(given, "evil", "11".repeat(32))).toBeNull();
    expect(await decided({ ...given, beside: null }, PROJECT, sha256)).toBeNull();
    const changed = encodeUtf8(new TextDecoder().decode(bytes).replace(sha256, "11".repeat(32)));
    expect(await decided({ ...given, beside: changed }, PROJECT, sha256)).toBeNull();
  });

  test("of one's own is accepted by a #lock: line with the digest that the command writes", async () => {
    const entries = Object.entries(lock.packages).slice(0, 50);
    const packages = Object.fromEntries(
      entries.map(([key, entry], at) => {
        const url = `https://example.org/a%20b/${encodeURIComponent(entry.file_name)}?x=1#y`;
        return [key, { ...entry, file_name: at % 2 === 0 ? entry.file_name : url }];
      }),
    );
    const own = { ...lock, packages };
    const digest = await lockDigest(readLock(LOCK, encodeUtf8(JSON.stringify(own))));
    const [name, entry] = entries[0] ?? ["", undefined];
    const given = { version, lock: own };
    const pins = `#lock:site/${LOCK} ${digest}\n`;
    expect(await decided({ ...given, pins }, name, entry?.sha256 ?? "")).toContain("#lock:");
    expect(await decided(given, name, entry?.sha256 ?? "")).toBeNull();
  });
});
