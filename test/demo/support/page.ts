/** The demo's page in Chromium, and what can be measured of it there. */
import { join } from "node:path";
import type { Locator, Page } from "playwright";
import { type OpenPage, STEP, useChromium } from "../../micropip-guard/browser/support/chromium.ts";
import { useDemos } from "./demo.ts";

/** The page, as it looks at a size and in a scheme. */
export interface Look {
  readonly width: number;
  readonly height: number;
  readonly colorScheme: "light" | "dark";
}

/** What support/measure.js finds. */
export interface Measures {
  /** With their contrast. */
  readonly faintTexts: readonly string[];
  /** By how many pixels the page is wider than its window. */
  readonly overhang: number;
  readonly ground: string;
  /** How many animations run. */
  readonly moving: number;
  /** Heights in pixels. */
  readonly controls: readonly { readonly name: string; readonly height: number }[];
  /** Of what has the focus. */
  readonly focusRing: string;
  readonly language: string;
  readonly headings: readonly string[];
  readonly dangling: readonly string[];
  readonly repeatedIds: readonly string[];
}

const MEASURE = join(import.meta.dirname, "measure.js");
const LAPTOP: Look = { width: 1280, height: 800, colorScheme: "light" };

/** Opens the page of a demo that is started for the tests of a file. */
export function usePage(): (look?: Look) => Promise<OpenPage> {
  const chromium = useChromium();
  const start = useDemos();
  let address: Promise<string> | null = null;
  return async ({ width, height, colorScheme } = LAPTOP) => {
    address ??= start(["--serve", "--port", "0"]).line(/^ {2}page /);
    const opened = await chromium.open();
    await opened.page.addInitScript({ path: MEASURE });
    await opened.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await opened.page.setViewportSize({ width, height });
    await opened.page.goto((await address).replace(/^ *page */, ""));
    return opened;
  };
}

/** Waits until Python is there. */
export async function untilReady(page: Page): Promise<void> {
  await page.locator('#status[data-state="ready"]').waitFor({ timeout: STEP });
}

/** Installs, as somebody who types, and gives the card of that once it is over. */
export async function install(page: Page, requirement: string): Promise<Locator> {
  await page.getByLabel("Package").fill(requirement);
  await page.getByRole("button", { name: "Install", exact: true }).click();
  return ended(page);
}

/** The newest card, once its install is over. */
export async function ended(page: Page): Promise<Locator> {
  const card = page.locator("#cards > li").first();
  await card.locator('xpath=self::*[not(@data-look="working")]').waitFor({ timeout: STEP });
  return card;
}

/** Measures the page as it is now. */
export async function measure(page: Page): Promise<Measures> {
  return page.evaluate<Measures>("measure()");
}
