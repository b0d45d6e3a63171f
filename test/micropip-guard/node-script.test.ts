/** examples/node-script, as its reader would run it. */
import { copyFile, cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { run } from "../real/python.ts";
import { useRealIndex } from "./browser/support/real-index.ts";
import { PATIENCE } from "./support/use-world.ts";

const REPOSITORY = join(import.meta.dirname, "../..");
const MICROPIP = "micropip-0.11.1-py3-none-any.whl";

const real = useRealIndex();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "pubpin-"));
  await cp(join(REPOSITORY, "examples/node-script"), folder, { recursive: true });
  await symlink(join(REPOSITORY, "node_modules"), join(folder, "node_modules"), "junction");
  await copyFile(real().wheel(MICROPIP), join(folder, MICROPIP));
  await writeFile(join(folder, "forward.mjs"), forwarding(real().index.url));
});

afterEach(() => rm(folder, { recursive: true }));

/** A module after which PyPI is an index of our own. */
function forwarding(url: string): string {
  return `
    const { fetch } = globalThis;
    globalThis.fetch = async (given, init) => {
      const address = given instanceof Request ? given.url : String(given);
      const answer = await fetch(address.replace("https://pypi.org", "${url}"), init);
      const bytes = Buffer.from(await answer.arrayBuffer()).toString("latin1");
      const body = Buffer.from(bytes.replaceAll("${url}", "https://pypi.org"), "latin1");
      return new Response(body, { status: answer.status, headers: answer.headers });
    };`;
}

async function script(): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const conditions = ["--conditions=pubpin-source", "--import=./forward.mjs"];
  return run(process.execPath, [...conditions, "install.ts"], { cwd: folder });
}

test("installs what the pinned publisher signed", { timeout: PATIENCE }, async () => {
  const { stdout } = await script();
  expect(stdout).toContain("Installed: 6\n");
  expect(stdout).toMatch(/accepted +sampleproject 4\.0\.0 +PUBLISHER_MATCH/);
});

test("installs nothing where another publisher is pinned", { timeout: PATIENCE }, async () => {
  const path = join(folder, "provenance.txt");
  const pins = await readFile(path, "utf8");
  await writeFile(path, pins.replace(/pypa\/sampleproject.*/, "pypa/other"));
  await expect(script()).rejects.toThrow(/sampleproject 4\.0\.0 was refused: PUBLISHER_CHANGED/);
});
