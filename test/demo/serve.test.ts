/** `npm start -- --serve`: the page and its index, from outside a browser. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { PATIENCE, useDemos } from "./support/demo.ts";

const start = useDemos();

/** The addresses that it prints. */
async function addresses(demo: ReturnType<typeof start>): Promise<readonly [string, string]> {
  const page = await demo.line(/^ {2}page /);
  const index = await demo.line(/^ {2}index /);
  return [page.replace(/^ *page */, ""), index.replace(/^ *index */, "")];
}

describe("npm start -- --serve", { timeout: PATIENCE }, () => {
  test("prints where page and index are, on loopback, and ends with both at Ctrl-C", async () => {
    const demo = start(["--serve", "--port", "0"]);
    const [page, index] = await addresses(demo);
    expect([new URL(page).hostname, new URL(index).hostname]).toEqual(["127.0.0.1", "127.0.0.1"]);
    expect((await fetch(page)).status).toBe(200);
    expect((await fetch(index)).status).toBe(200);
    demo.child.kill("SIGINT");
    expect((await demo.ended).exitCode).toBe(0);
    await expect(fetch(page)).rejects.toThrow("fetch failed");
    await expect(fetch(index)).rejects.toThrow("fetch failed");
    expect(demo.leftovers()).toEqual([]);
  });

  test("forbids the page to load anything from anywhere but itself and its index", async () => {
    const demo = start(["--serve", "--port", "0"]);
    const [page, index] = await addresses(demo);
    const policy = (await fetch(page)).headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`connect-src 'self' ${new URL(index).origin};`);
    expect(policy).not.toMatch(/'unsafe-(?:inline|eval)'|\*|https:/);
  });

  test("says what to do where the port is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { exitCode, stderr } = await start(["--serve", "--port", String(port)]).ended;
    server.close();
    expect(exitCode).toBe(1);
    expect(stderr.replace(/\s+/g, " ")).toContain(
      `Port ${port} is taken. Another one: npm start -- --serve --port ${port + 1}, or --port 0`,
    );
  });
});
