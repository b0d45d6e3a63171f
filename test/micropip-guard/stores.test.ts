import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeUtf8 } from "@pubpin/shared";
import { memoryStore } from "micropip-guard";
import { fileStore } from "micropip-guard/node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { run } from "../real/python.ts";
import { describeStore } from "./support/store-contract.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pubpin-store-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describeStore("a store in memory", () => memoryStore());
describeStore("a store in a folder", () => fileStore(join(folder, "new")));

describe("a store in a folder", () => {
  test("is there in the next process", async () => {
    await fileStore(folder).put("a key / of any kind", encodeUtf8("kept"));
    expect(await fileStore(folder).get("a key / of any kind")).toEqual(encodeUtf8("kept"));
  });

  test("keeps pins in a file that people and pubpin read", async () => {
    await fileStore(folder).update("pins", () => encodeUtf8("a line\n"));
    expect(await readFile(join(folder, ".provenance.txt"), "utf8")).toBe("a line\n");
    expect(await readdir(folder)).toEqual([".provenance.txt"]);
  });

  test("loses nothing when several processes change it at once", async () => {
    const program = `
      import { fileStore } from "micropip-guard/node";
      const store = fileStore(process.argv[1]);
      for (let at = 0; at < 20; at++) {
        await store.update("pins", (bytes) => new Uint8Array([...(bytes ?? []), 1]));
      }`;
    const flags = ["--conditions=pubpin-source", "--input-type=module-typescript", "-e", program];
    await Promise.all([1, 2, 3].map(async () => run(process.execPath, [...flags, folder])));
    expect((await fileStore(folder).get("pins"))?.length).toBe(60);
  });

  test("fails, and changes nothing, while another process holds it for good", async () => {
    await writeFile(join(folder, ".provenance.txt.lock"), "");
    await expect(fileStore(folder).update("pins", () => encodeUtf8("b"))).rejects.toThrow("EEXIST");
    expect(await fileStore(folder).get("pins")).toBeNull();
  });
});
