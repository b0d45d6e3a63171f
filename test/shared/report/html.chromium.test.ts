import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { userEvent } from "vitest/browser";
import { htmlReport } from "../../../packages/shared/src/report/html.ts";
import { hostileReport, largeReport, match, mixedReport, release, report } from "./fixtures.ts";
import { openPage, type OpenPage } from "./page.ts";

let page: OpenPage;

beforeEach(async () => {
  page = await openPage(htmlReport([mixedReport()]));
});

afterEach(() => {
  page.close();
});

/** The names of the packages that are to be seen, from top to bottom. */
function shownPackages(): readonly string[] {
  return page
    .all("table[data-list=packages] tbody")
    .filter(({ hidden }) => !hidden)
    .map((row) => row.querySelector(".name")?.textContent ?? "");
}

function type(text: string): void {
  const search = page.one("input[type=search]");
  search.value = text;
  search.dispatchEvent(new Event("input"));
}

const BY_NAME = [
  "idna",
  "moved",
  "newcomer",
  "peppercorn",
  "requests",
  "tampered",
  "unreachable",
  "urllib3",
  "vendored",
];

describe("the search", () => {
  test("finds packages by name, publisher, file and code, all words together", () => {
    type("urllib3");
    expect(shownPackages()).toEqual(["urllib3"]);
    type("GITLAB.com");
    expect(shownPackages()).toEqual(["newcomer"]);
    type("cp313 publisher_changed");
    expect(shownPackages()).toEqual(["requests"]);
    type("cp313 urllib3");
    expect(shownPackages()).toEqual([]);
    expect(page.one(".count").textContent).toBe("0 of 9 packages, 0 of 4 publishers");
  });

  test("is reached by a slash and emptied by Escape", async () => {
    page.one("th button").focus();
    await userEvent.keyboard("/");
    expect(page.document.activeElement?.tagName).toBe("INPUT");
    await userEvent.keyboard("idna");
    expect(shownPackages()).toEqual(["idna"]);
    await userEvent.keyboard("{Escape}");
    expect(page.one("input").value).toBe("");
    expect(shownPackages()).toHaveLength(9);
  });

  test("goes together with the outcomes that are chosen", () => {
    page.one("button[data-outcome=failed]").click();
    expect(shownPackages()).toEqual(["requests", "tampered"]);
    page.one("button[data-outcome=unverifiable]").click();
    expect(shownPackages()).toEqual(["requests", "tampered", "unreachable"]);
    type("uv.lock:4");
    expect(shownPackages()).toEqual(["tampered"]);
    expect(page.one("button[data-outcome=failed]").getAttribute("aria-pressed")).toBe("true");
    page.one("button[data-outcome=failed]").click();
    expect(shownPackages()).toEqual([]);
  });
});

describe("the headings of a table", () => {
  test("sort by name, with the keyboard, up and down", async () => {
    const heading = page.one("table[data-list=packages] th");
    page.one("table[data-list=packages] th button").focus();
    await userEvent.keyboard("{Enter}");
    expect(shownPackages()).toEqual(BY_NAME);
    expect(heading.getAttribute("aria-sort")).toBe("ascending");
    await userEvent.keyboard(" ");
    expect(shownPackages()).toEqual(BY_NAME.toReversed());
    expect(heading.getAttribute("aria-sort")).toBe("descending");
  });

  test("sort by outcome with what matters first", () => {
    page.all("table[data-list=packages] th button")[1]?.click();
    const first = ["requests", "tampered", "unreachable", "newcomer"];
    expect(shownPackages().slice(0, 4)).toEqual(first);
  });

  test("sort numbers as numbers, and by one column at a time", async () => {
    page.close();
    const counts = [9, 10, 1, 101].map((count) => release(count, match, { name: `of-${count}` }));
    page = await openPage(htmlReport([report(counts.flat())]));
    const buttons = page.all("table[data-list=packages] th button");
    buttons[0]?.click();
    buttons[3]?.click();
    expect(shownPackages()).toEqual(["of-1", "of-9", "of-10", "of-101"]);
    const sorted = page.all("th[aria-sort]").map(({ textContent }) => textContent);
    expect(sorted).toEqual(["Files"]);
  });
});

test("the files of a package are folded away until they are asked for", () => {
  const toggle = page.one("button.toggle");
  const files = page.one(`#${toggle.getAttribute("aria-controls") ?? ""}`);
  expect([files.hidden, toggle.getAttribute("aria-expanded")]).toEqual([true, "false"]);
  toggle.click();
  expect([files.hidden, toggle.getAttribute("aria-expanded")]).toEqual([false, "true"]);
  expect([...files.querySelectorAll("li")]).toHaveLength(15);
});

test("hostile text makes no elements and no handlers", async () => {
  const hostile = await openPage(htmlReport([hostileReport()]));
  const found = hostile.all("img, iframe, object, form, link");
  const handlers = hostile
    .all("*")
    .flatMap(({ attributes }) => [...attributes].filter(({ name }) => name.startsWith("on")));
  const scripts = hostile.all("script");
  const { hidden } = hostile.one(".tools");
  hostile.close();
  expect([found, handlers, scripts.length, hidden]).toEqual([[], [], 1, false]);
});

test.each([320, 390, 768, 1280])("nothing is wider than a screen of %i pixels", async (width) => {
  for (const each of [mixedReport(), largeReport(), hostileReport()]) {
    const narrow = await openPage(htmlReport([each]), width);
    const { scrollWidth, clientWidth } = narrow.document.documentElement;
    narrow.close();
    expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
  }
});
