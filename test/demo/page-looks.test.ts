/** The demo's page on a phone and a laptop, in light and dark, and for those who do not see it. */
import type { Page } from "playwright";
import { describe, expect, test } from "vitest";
import { PATIENCE } from "./support/demo.ts";
import { install, measure, untilReady, usePage } from "./support/page.ts";

const open = usePage();
const PHONE = { width: 390, height: 844 };
const LAPTOP = { width: 1280, height: 800 };
const SMALL = { width: 320, height: 640 };

/** The page with an install of every kind on it. */
async function fill(page: Page): Promise<void> {
  await untilReady(page);
  await install(page, "lantern");
  await install(page, "one-bad-part");
  await install(page, "newcomer");
}

describe("the demo's page", { timeout: PATIENCE }, () => {
  test.for([
    ["a phone, light", { ...PHONE, colorScheme: "light" }, "dark"],
    ["a laptop, dark", { ...LAPTOP, colorScheme: "dark" }, "light"],
  ] as const)("has readable texts and no scrolling sideways on %s", async ([, look, other]) => {
    const { page } = await open(look);
    await fill(page);
    expect(await measure(page)).toMatchObject({ overhang: 0, faintTexts: [] });
    await page.emulateMedia({ colorScheme: other });
    await page.setViewportSize(SMALL);
    expect(await measure(page)).toMatchObject({ overhang: 0, faintTexts: [] });
  });

  test("is dark where that is preferred", async () => {
    const { page } = await open({ ...LAPTOP, colorScheme: "dark" });
    expect((await measure(page)).ground).toBe("rgb(19, 21, 24)");
  });

  test("moves nothing where that is not wanted, and something where it is", async () => {
    const { page } = await open();
    await page.locator('#status[data-state="starting"]').waitFor();
    expect((await measure(page)).moving).toBe(0);
    await page.emulateMedia({ reducedMotion: "no-preference" });
    expect((await measure(page)).moving).toBeGreaterThan(0);
  });

  test("has a name for all that can be used, and room to press it", async () => {
    const { page } = await open({ ...PHONE, colorScheme: "light" });
    await page.getByRole("button", { name: /^newcomer/ }).waitFor();
    const { controls } = await measure(page);
    expect(controls.length).toBeGreaterThan(10);
    expect(controls.filter(({ name, height }) => name === "" || height < 44)).toEqual([]);
  });

  test("says in its markup what its parts are", async () => {
    const { page } = await open();
    expect(await page.title()).toBe("Who signed this package?");
    expect(await page.locator("#status").getAttribute("role")).toBe("status");
    expect(await measure(page)).toMatchObject({
      language: "en",
      headings: ["H1", "H2", "H2", "H2", "H2", "H2"],
      dangling: [],
      repeatedIds: [],
    });
  });
});
