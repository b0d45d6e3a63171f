/** The demo's page: what people see of installs, allowed and refused. */
import { describe, expect, test } from "vitest";
import { PATIENCE } from "./support/demo.ts";
import { ended, install, measure, untilReady, usePage } from "./support/page.ts";

const open = usePage();
/** The index's list of projects. */
const LIST = /\/simple\/$/;
/** What Python has from the start. */
const AT_FIRST = ["micropip 0.11.1"];

/** Packages with their code, and with who signed them where the page can say so. */
const ATTACKS = [
  ["publisher-swapped", "PUBLISHER_CHANGED", "github.com/someone-else/publisher-swapped"],
  ["attestation-dropped", "ATTESTATION_MISSING", "nobody"],
  ["wheel-tampered", "ATTESTATION_INVALID", null],
] as const;

describe("the demo's page", { timeout: PATIENCE }, () => {
  test("shows each wheel of an allowed install with who signed it", async () => {
    const { page, messages, strays } = await open();
    await untilReady(page);
    const card = await install(page, "lantern");
    expect(await card.getAttribute("data-look")).toBe("good");
    expect(await card.locator(".badge").innerText()).toBe("Installed");
    const wheels = await card.locator(".wheel").allInnerTexts();
    expect(wheels.map((text) => text.replace(/\s+/g, " ")).toSorted()).toEqual(
      ["glass", "lantern", "wick"].map(
        (name) =>
          `${name} 1.0 Accepted Signed by github.com/example-org/${name} by release.yml from v1.0`,
      ),
    );
    expect(
      await card.getByRole("link", { name: "github.com/example-org/wick" }).getAttribute("href"),
    ).toBe("https://github.com/example-org/wick");
    expect(await page.locator("#installed li").allInnerTexts()).toEqual(
      [...AT_FIRST, "glass 1.0", "lantern 1.0", "wick 1.0"].toSorted(),
    );
    expect([...messages, ...strays]).toEqual([]);
  });

  test("refuses each attack with its code and the reason, and installs nothing of it", async () => {
    const { page, messages } = await open();
    await untilReady(page);
    for (const [name, code, signer] of ATTACKS) {
      const card = await install(page, name);
      expect(await card.getAttribute("data-look")).toBe("bad");
      const text = await card.innerText();
      expect(text).toContain(code);
      expect(text).toContain("Nothing of this install was unpacked.");
      expect((await card.locator("dd").allInnerTexts()).at(-1) ?? null).toBe(signer);
      expect(await card.locator(".remedy").innerText()).not.toBe("");
      expect(await page.locator("#installed li").allInnerTexts()).toEqual(AT_FIRST);
      expect(await page.innerText("#status")).toBe(`${name}: Refused, ${code}`);
    }
    expect(messages).toEqual([]);
  });

  test("installs nothing of an install with one bad part, and the next one works", async () => {
    const { page } = await open();
    await untilReady(page);
    const card = await install(page, "one-bad-part");
    const words = await card.locator(".word").allInnerTexts();
    expect(words.toSorted()).toEqual(["Held back", "Held back", "Refused"]);
    expect(await page.locator("#installed li").allInnerTexts()).toEqual(AT_FIRST);
    await install(page, "wick");
    expect(await page.locator("#installed li").allInnerTexts()).toEqual([...AT_FIRST, "wick 1.0"]);
  });

  test("accepts a package once its line is among the pins and Python has started anew", async () => {
    const { page } = await open();
    await untilReady(page);
    const card = await install(page, "newcomer");
    expect(await card.innerText()).toContain("PUBLISHER_UNPINNED");
    const line = await card.locator(".accepting").innerText();
    const pins = page.getByLabel("The text of .provenance.txt");
    await pins.fill(`${await pins.inputValue()}${line}\n`);
    await page.getByRole("button", { name: "Apply and restart Python" }).click();
    await page.locator('#status[data-state="starting"]').waitFor();
    await untilReady(page);
    const again = await install(page, "newcomer");
    expect(await again.getAttribute("data-look")).toBe("good");
  });

  test("says what is wrong with pins, and starts again with those it had", async () => {
    const { page } = await open();
    await page.getByRole("button", { name: /^newcomer/ }).waitFor();
    const pins = page.getByLabel("The text of .provenance.txt");
    await pins.fill("lantern\n");
    await page.getByRole("button", { name: "Apply and restart Python" }).click();
    await page.locator("#pins-error").waitFor();
    expect(await page.locator("#pins-error").innerText()).toContain("line 1");
    expect(await pins.getAttribute("aria-invalid")).toBe("true");
    expect(await page.innerText("#status")).toBe("Python did not start");
    await page.getByRole("button", { name: "Put back" }).click();
    await untilReady(page);
    expect(await page.locator("#pins-error").isVisible()).toBe(false);
  });

  test("says that the index does not answer, and installs once it does", async () => {
    const { page, context } = await open();
    await untilReady(page);
    await context.route("**/simple/**", (route) => route.abort());
    const card = await install(page, "wick");
    expect(await card.getAttribute("data-look")).toBe("doubt");
    expect(await card.locator(".badge").innerText()).toBe("Not installed");
    await context.unroute("**/simple/**");
    const again = await install(page, "wick");
    expect(await again.getAttribute("data-look")).toBe("good");
  });

  test("offers to ask again where the index did not say what it has", async () => {
    const { page, context } = await open();
    await context.route(LIST, (route) => route.abort());
    await page.reload();
    const again = page.getByRole("button", { name: "Ask again" });
    await again.waitFor();
    expect(await page.innerText("#packages-state")).toBe("The index does not answer.");
    await context.unroute(LIST);
    await again.click();
    await page.getByRole("button", { name: /^lantern/ }).waitFor();
    expect(await again.isVisible()).toBe(false);
  });

  test("can be used from the keyboard alone, in the order in which it is read", async () => {
    const { page } = await open();
    await page.getByRole("button", { name: /^newcomer/ }).waitFor();
    await untilReady(page);
    await page.keyboard.press("Tab");
    const focused = page.locator(":focus");
    expect(await focused.getAttribute("id")).toBe("name");
    await page.keyboard.type("wick");
    await page.keyboard.press("Enter");
    expect(await (await ended(page)).locator(".badge").innerText()).toBe("Installed");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    expect(await focused.innerText()).toMatch(/^lantern/);
    expect((await measure(page)).focusRing).toBe("solid 3px");
    await page.keyboard.press("Enter");
    await page.locator("#cards > li").nth(1).waitFor();
    expect(await (await ended(page)).locator("h3").innerText()).toBe("lantern");
    expect(await focused.innerText()).toMatch(/^lantern/);
  });
});
