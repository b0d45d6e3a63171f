/** What goes wrong in a browser: each ends in a refusal that says why, and a usable interpreter. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { embeddedTrustedRoot } from "@pubpin/shared";
import type { AnswerFault } from "@pubpin/test-kit/node";
import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { LIST_INSTALLED } from "../support/interpreter.ts";
import { PATIENCE, PLAIN_HOST } from "./support/chromium.ts";
import { type Failure, refusalIn, run, useGuardedSite } from "./support/guarded-page.ts";

const { world, visit, given, open, newPage } = useGuardedSite();

/** Everything that an index answers is of one of these parts. */
const PARTS = ["page", "provenance", "file"] as const;

/** Answers that are none, or not whole. */
const FAULTS: Readonly<Record<string, AnswerFault>> = {
  "breaks the connection": { kind: "reset" },
  "is cut off in the middle": { kind: "cut-off" },
  "is kept from the page by CORS": { kind: "no-cors" },
  "is an error": { kind: "status", status: 503 },
};

/** Nothing is there that was not there before, and the next install works. */
async function expectUsable(page: Page, before: unknown): Promise<void> {
  for (const part of PARTS) world().index.clearFault(part, "*");
  expect(await run(page, LIST_INSTALLED)).toEqual(before);
  await run(page, `await micropip.install("leaf")`);
  expect(await run(page, "import leaf; leaf.__version__")).toBe("1.0");
  await run(page, `micropip.uninstall("leaf")`);
}

/** Installs, and gives the type of the error that this ends in. */
async function failureOf(page: Page, name: string): Promise<unknown> {
  return run(
    page,
    `
try:
    await micropip.install("${name}")
    failure = None
except Exception as error:
    failure = type(error).__name__
failure`,
  );
}

/** The address of a server that has gone. */
async function nobodysAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return `http://127.0.0.1:${port}/simple`;
}

/** A page in which the clock is wrong by this many years. */
async function pageWithClock(years: number): Promise<Page> {
  const page = await newPage();
  await page.addInitScript(`
    const wrong = ${years} * 365.25 * 86400000;
    const Real = Date;
    globalThis.Date = class Date extends Real {
      constructor(...given) { if (given.length === 0) super(Real.now() + wrong); else super(...given); }
      static now() { return Real.now() + wrong; }
    };`);
  return page;
}

describe("in Chromium, an index", { timeout: PATIENCE }, () => {
  test("whose provenance cannot be had leads to a refusal that blames nobody", async () => {
    const page = await open();
    const before = await run(page, LIST_INSTALLED);
    for (const [how, fault] of Object.entries(FAULTS)) {
      world().index.setFault({ part: "provenance", name: "*", fault });
      const refused = await refusalIn(page, `await micropip.install("mid")`);
      expect([how, refused]).toMatchObject([
        how,
        { code: "UNVERIFIABLE", remedy: "Try again in a while." },
      ]);
      await expectUsable(page, before);
    }
  });

  test("whose pages or files cannot be had leaves nothing behind", async () => {
    const page = await open();
    const before = await run(page, LIST_INSTALLED);
    for (const part of ["page", "file"] as const) {
      for (const [how, fault] of Object.entries(FAULTS)) {
        world().index.setFault({ part, name: "*", fault });
        expect([part, how, await failureOf(page, "mid")]).not.toContain(null);
        await expectUsable(page, before);
      }
    }
  });

  test("that is down is waited for no longer than it takes to ask again", async () => {
    const page = await open({ index: await nobodysAddress() });
    const before = await run(page, LIST_INSTALLED);
    const refused = await refusalIn(page, `await micropip.install("mid")`);
    expect(refused).toMatchObject({
      code: "UNVERIFIABLE",
      remedy: "Try again in a while.",
      text: expect.stringContaining("found no whole answer (3 attempts)") as string,
    });
    expect(await run(page, LIST_INSTALLED)).toEqual(before);
    expect(await run(page, "1 + 1")).toBe(2);
  });

  test("that is slow is waited for", async () => {
    const page = await open();
    const before = await run(page, LIST_INSTALLED);
    for (const part of PARTS) {
      world().index.setFault({ part, name: "*", fault: { kind: "slow", ms: 1500 } });
    }
    await run(page, `await micropip.install("other")`);
    expect(await run(page, "import other; other.__version__")).toBe("1.0");
    await run(page, `micropip.uninstall("other")`);
    await expectUsable(page, before);
  });
});

describe("in Chromium, an install", { timeout: PATIENCE }, () => {
  test("that is cancelled while it is judged leaves nothing behind", async () => {
    const page = await open();
    const before = await run(page, LIST_INSTALLED);
    const fault = { kind: "slow", ms: 1000 } as const;
    world().index.setFault({ part: "provenance", name: "*", fault });
    const outcome = await run(
      page,
      `
import asyncio
task = asyncio.ensure_future(micropip.install("other"))
await asyncio.sleep(0.5)
task.cancel()
try:
    await task
    outcome = "installed"
except asyncio.CancelledError:
    outcome = "cancelled"
await asyncio.sleep(1)
outcome`,
    );
    expect(outcome).toBe("cancelled");
    await expectUsable(page, before);
  });

  test.each([-55, 73])("does not go by a clock that is wrong by %i years", async (years) => {
    const page = await open({}, await pageWithClock(years));
    const right = new Date().getFullYear();
    expect(await page.evaluate("new Date().getFullYear()")).not.toBe(right);
    const before = await run(page, LIST_INSTALLED);
    expect(await refusalIn(page, `await micropip.install("evil")`)).toMatchObject({
      code: "PUBLISHER_CHANGED",
    });
    await run(page, `await micropip.install("mid")`);
    expect(await run(page, "import mid; mid.__version__")).toBe("1.0");
    await run(page, `micropip.uninstall(["mid", "leaf"])`);
    await expectUsable(page, before);
  });

  test("signed under keys that came after the embedded trust root is refused with its date", async () => {
    const page = await open({ root: "embedded" });
    const before = await run(page, LIST_INSTALLED);
    const { newestStart } = await embeddedTrustedRoot();
    const day = new Date(newestStart).toISOString().slice(0, 10);
    expect(await refusalIn(page, `await micropip.install("leaf")`)).toMatchObject({
      code: "TRUST_ROOT_UNKNOWN_KEY",
      package: "leaf",
      remedy:
        `The trust root is of ${day} and may be too old for it: ` +
        "update micropip-guard, or give it a newer one (trustedRoot).",
    });
    expect(await run(page, LIST_INSTALLED)).toEqual(before);
    await run(page, `await micropip.install("allowed")`);
    expect(await run(page, "import allowed; allowed.__version__")).toBe("1.0");
  });
});

describe("in Chromium, a guard", { timeout: PATIENCE }, () => {
  test("without crypto.subtle does not start, and leaves the interpreter as it was", async () => {
    const page = await visit(null, PLAIN_HOST);
    expect(await page.evaluate("[isSecureContext, crypto.subtle === undefined]")).toEqual([
      false,
      true,
    ]);
    await page.evaluate("begin()");
    const failure = (await page.evaluate(`protect(${given()})`)) as Failure | null;
    expect(failure).toMatchObject({
      code: "KEY_UNSUPPORTED",
      message: expect.stringContaining("https") as string,
    });
    expect(await run(page, "1 + 1")).toBe(2);
  });

  test("that is refused its database starts no first use, and any other use", async () => {
    const page = await newPage();
    await page.addInitScript(
      `IDBFactory.prototype.open = () => { throw new DOMException("denied", "SecurityError"); };`,
    );
    await visit(page);
    await page.evaluate("begin()");
    const first = given({ mode: "tofu", kept: true });
    expect(await page.evaluate(`protect(${first})`)).toMatchObject({
      code: "FILE_UNREADABLE",
      message: expect.stringContaining("the guard's store") as string,
    });
    expect(await page.evaluate(`protect(${given({ kept: true })})`)).toBeNull();
    await page.evaluate(`equip(${given()})`);
    const before = await run(page, LIST_INSTALLED);
    expect(await refusalIn(page, `await micropip.install("evil")`)).toMatchObject({
      code: "PUBLISHER_CHANGED",
    });
    await expectUsable(page, before);
  });
});
