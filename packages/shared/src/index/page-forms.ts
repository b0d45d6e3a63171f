/** The forms in which an index may answer with a project's page. */
import { fail } from "../errors.ts";
import { JSON_PAGE_ACCEPT, PAGE_ACCEPT, pageFormat } from "./media-type.ts";
import { readHtmlPage } from "./page-html.ts";
import { readJsonPage } from "./page-json.ts";
import type { Page } from "./page-meta.ts";
import type { Answer } from "./types.ts";

/** Forms of pages: how they are asked for, and how they are read. */
export interface PageForms {
  /** For `Accept`. */
  readonly accept: string;
  readonly read: (answer: Answer, name: string, what: string) => Page;
}

/** JSON, and HTML from an index that has nothing else. */
export const ALL_PAGES: PageForms = {
  accept: PAGE_ACCEPT,
  read: (answer, name, what) =>
    pageFormat(answer.contentType, what) === "json"
      ? readJsonPage(answer, name, what)
      : readHtmlPage(answer, what),
};

/** JSON alone, for where the reader of HTML would weigh too much. */
export const JSON_PAGES: PageForms = {
  accept: JSON_PAGE_ACCEPT,
  read: (answer, name, what) =>
    pageFormat(answer.contentType, what) === "json"
      ? readJsonPage(answer, name, what)
      : fail("INDEX_RESPONSE_INVALID", `${what}: expected a page in JSON (PEP 691), found HTML`),
};
