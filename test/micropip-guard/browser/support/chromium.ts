/** A Chromium that talks to this machine alone. */
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { CHROMIUM_ARGUMENTS, findChromium } from "../../../../scripts/browser.ts";

/** Milliseconds for what a page does before its next step. */
export const STEP = 120_000;
/** Milliseconds for a test in which a page starts an interpreter, on a machine that does other things, too. */
export const PATIENCE = 300_000;

/** A name of this machine that browsers do not trust as they trust its own. */
export const PLAIN_HOST = "plain.test";

/** Chromium, for the tests of a file. */
export interface Chromium {
  /** A page in a profile of its own, which is closed after the test. */
  readonly open: (forward?: Forwarding) => Promise<OpenPage>;
}

/** Origins in whose place others answer, such as an index of one's own in that of PyPI. */
export type Forwarding = Readonly<Record<string, string>>;

/** A page, with what it said and where it wanted to go. */
export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the console shows, and errors that nobody caught. */
  readonly messages: readonly string[];
  /** Forgets the messages so far. */
  readonly forget: () => void;
  /** Requests to other machines. All of them fail. */
  readonly strays: readonly string[];
}

/** Starts Chromium before the tests of a file; where there is none they are skipped. */
export function useChromium(): Chromium {
  const found = findChromium();
  let browser: Browser | null = null;
  const contexts: BrowserContext[] = [];
  beforeAll(async () => {
    if ("missing" in found) return;
    const args = [...CHROMIUM_ARGUMENTS, `--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`];
    browser = await chromium.launch({ executablePath: found.path, args });
  }, PATIENCE);
  beforeEach((test) => {
    if ("missing" in found) test.skip(`${found.missing}; to run this: ${found.remedy}`);
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
  });
  afterAll(async () => {
    await browser?.close();
  });
  return {
    open: async (forward = {}) => {
      if (browser === null) throw new Error("the browser has not started");
      const context = await browser.newContext({ serviceWorkers: "block" });
      contexts.push(context);
      return openPage(context, forward);
    },
  };
}

async function openPage(context: BrowserContext, forward: Forwarding): Promise<OpenPage> {
  const messages: string[] = [];
  const strays: string[] = [];
  await context.route(isElsewhere, async (route) => {
    const request = route.request();
    const { origin, pathname } = new URL(request.url());
    const other = forward[origin];
    if (other === undefined) {
      strays.push(request.url());
      await route.abort();
      return;
    }
    const headers = await request.allHeaders();
    const answer = await fetch(other + pathname, {
      headers: { accept: headers["accept"] ?? "*/*" },
      redirect: "manual",
    });
    await route.fulfill({
      status: answer.status,
      headers: withoutLength(answer.headers),
      body: inPlaceOf(origin, other, Buffer.from(await answer.arrayBuffer())),
    });
  });
  const page = await context.newPage();
  page.on("console", (message) => messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(String(error)));
  const forget = (): void => {
    messages.length = 0;
  };
  return { page, context, messages, forget, strays };
}

/** An answer's bytes, with its addresses those of the origin that it stands for. */
function inPlaceOf(origin: string, other: string, bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString("latin1").replaceAll(other, origin), "latin1");
}

function withoutLength(headers: Headers): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name !== "content-length"));
}

function isElsewhere({ hostname, protocol }: URL): boolean {
  return protocol.startsWith("http") && hostname !== "127.0.0.1" && hostname !== PLAIN_HOST;
}
