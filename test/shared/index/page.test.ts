import { describe, expect, it } from "vitest";
import {
  pageFormat,
  requireProvenanceType,
} from "../../../packages/shared/src/index/media-type.ts";
import { readHtmlPage } from "../../../packages/shared/src/index/page-html.ts";
import { readJsonPage } from "../../../packages/shared/src/index/page-json.ts";
import type { Page } from "../../../packages/shared/src/index/page-meta.ts";
import { jsonFile, jsonPage } from "./fake.ts";

const BASE = "https://index.example/simple/foo/";
const SHA256 = "ab".repeat(32);
const INVALID = expect.objectContaining({ code: "INDEX_RESPONSE_INVALID" });
const PROVENANCE = "https://index.example/integrity/foo/1.0/foo-1.0.tar.gz/provenance";

function answer(text: string): { url: string; contentType: null; body: Uint8Array<ArrayBuffer> } {
  return { url: BASE, contentType: null, body: new TextEncoder().encode(text) };
}

function json(files: readonly object[], more: object = {}): Page {
  return readJsonPage(answer(jsonPage("foo", files, more)), "foo", "page");
}

function html(body: string, head = ""): Page {
  const text = `<!DOCTYPE html><html><head>${head}<title>Links</title></head><body>${body}</body></html>`;
  return readHtmlPage(answer(text), "page");
}

describe("a page in JSON", () => {
  it("gives everything that is known of a file", () => {
    const page = json([
      jsonFile("foo-1.0.tar.gz", {
        url: "../../files/foo-1.0.tar.gz",
        size: 12,
        yanked: "broken",
        provenance: PROVENANCE,
        "upload-time": "2024-11-06T22:37:00.123456Z",
        "requires-python": ">=3.9",
        "core-metadata": { sha256: SHA256 },
      }),
    ]);
    expect(page).toEqual({
      status: "active",
      statusReason: null,
      files: new Map([
        [
          "foo-1.0.tar.gz",
          {
            filename: "foo-1.0.tar.gz",
            url: "https://index.example/files/foo-1.0.tar.gz",
            sha256: SHA256,
            hashes: new Map([["sha256", SHA256]]),
            size: 12,
            yanked: "broken",
            provenance: PROVENANCE,
            uploadTime: "2024-11-06T22:37:00.123456Z",
          },
        ],
      ]),
    });
  });

  it("says null of what it does not say", () => {
    const file = json([jsonFile("foo-1.0.zip", { hashes: {} })]).files.get("foo-1.0.zip");
    expect(file).toMatchObject({
      sha256: null,
      size: null,
      yanked: null,
      provenance: null,
      uploadTime: null,
    });
  });

  it.each([
    [false, null],
    [true, ""],
    ["why", "why"],
    [null, null],
  ])("yanked %j is %j", (yanked, reason) => {
    const page = json([jsonFile("foo-1.0.zip", { yanked })]);
    expect(page.files.get("foo-1.0.zip")?.yanked).toBe(reason);
  });

  it.each(["active", "archived", "quarantined", "deprecated"])("has the status %s", (status) => {
    const page = json([], { "project-status": { status, reason: "so" } });
    expect(page).toMatchObject({ status, statusReason: "so" });
  });

  it("leaves out files that are neither wheel nor sdist, whatever is wrong with them", () => {
    const page = json([
      jsonFile("foo-1.0.exe", { url: "ftp://old.example/foo-1.0.exe" }),
      jsonFile("foo-1.0-py2.7.egg"),
      jsonFile("a/foo-1.0.whl"),
      jsonFile("foo-1.0.whl.metadata"),
      jsonFile("foo-1.0.whl"),
    ]);
    expect([...page.files.keys()]).toEqual(["foo-1.0.whl"]);
  });

  it("takes the project's name in any spelling", () => {
    const text = jsonPage("Zope.Interface", []);
    expect(readJsonPage(answer(text), "zope-interface", "page").files.size).toBe(0);
  });

  it("takes the same file twice, but not with a difference", () => {
    const file = jsonFile("foo-1.0.zip");
    expect(json([file, file]).files.size).toBe(1);
    expect(() => json([file, jsonFile("foo-1.0.zip", { yanked: true })])).toThrow(INVALID);
    expect(() => json([jsonFile("foo-1.0.zip", { provenance: PROVENANCE }), file])).toThrow(
      INVALID,
    );
  });

  it.each([
    ["another project's page", { name: "bar" }, {}],
    ["no name", { name: undefined }, {}],
    ["no version", { meta: {} }, {}],
    ["a version that is none", { meta: { "api-version": "one" } }, {}],
    ["files that are no list", { files: {} }, {}],
    ["an unknown status", { "project-status": { status: "haunted" } }, {}],
    ["a status that is no object", { "project-status": "quarantined" }, {}],
    ["a file that is no object", { files: ["foo-1.0.zip"] }, {}],
    ["no hashes", {}, { hashes: undefined }],
    ["hashes that are no object", {}, { hashes: SHA256 }],
    ["a short digest", {}, { hashes: { sha256: "abcd" } }],
    ["a digest in upper case", {}, { hashes: { sha256: "AB".repeat(32) } }],
    ["a digest that is no text", {}, { hashes: { sha256: 1 } }],
    ["a URL of another file", {}, { url: "https://files.example/foo-2.0.zip" }],
    [
      "a URL of another file in disguise",
      {},
      { url: "https://files.example/foo-2.0.zip#/foo-1.0.zip" },
    ],
    ["a URL with a downgrade", {}, { url: "http://files.example/foo-1.0.zip" }],
    ["a URL with credentials", {}, { url: "https://a:b@files.example/foo-1.0.zip" }],
    ["a URL with dot segments", {}, { url: "https://files.example/a/../foo-1.0.zip" }],
    ["a URL that is no UTF-8", {}, { url: "https://files.example/foo-1.0.zip%ff" }],
    ["provenance that is a digest", {}, { provenance: SHA256 }],
    ["provenance that is relative", {}, { provenance: "/foo.provenance" }],
    ["provenance that is false", {}, { provenance: false }],
    ["provenance with a downgrade", {}, { provenance: "http://index.example/p" }],
    ["provenance with credentials", {}, { provenance: "https://a@index.example/p" }],
    ["provenance with a fragment", {}, { provenance: "https://index.example/p#x" }],
    ["a size that is no number", {}, { size: "1" }],
    ["a negative size", {}, { size: -1 }],
    ["a time that is none", {}, { "upload-time": "yesterday" }],
    ["yanked that is a number", {}, { yanked: 1 }],
  ])("with %s is refused", (_what, more, file) => {
    expect(() => json([jsonFile("foo-1.0.zip", file)], more)).toThrow(INVALID);
  });

  it("does not show the credentials of a URL that it refuses", () => {
    const url = "https://user:hunter2@files.example:99999/foo-1.0.zip";
    expect(() => json([jsonFile("foo-1.0.zip", { url })])).toThrow(/^(?!.*hunter2)/s);
  });

  it("of a later major version is refused as such", () => {
    expect(() => json([], { meta: { "api-version": "2.0" } })).toThrow(
      expect.objectContaining({ code: "INDEX_VERSION_UNSUPPORTED" }),
    );
  });
});

describe("a page in HTML", () => {
  it("gives everything that is known of a file", () => {
    const page = html(
      `<a href="../../f/foo-1.0%2Bcpu-py3-none-any.whl#sha256=${SHA256}" data-requires-python="&gt;=3.9"` +
        ` data-yanked="a &amp; b" data-provenance="${PROVENANCE}">any text</a><br/>`,
      '<meta name="pypi:repository-version" content="1.4">' +
        '<meta name="pypi:project-status" content="archived">' +
        '<meta name="pypi:project-status-reason" content="done">',
    );
    expect(page).toEqual({
      status: "archived",
      statusReason: "done",
      files: new Map([
        [
          "foo-1.0+cpu-py3-none-any.whl",
          {
            filename: "foo-1.0+cpu-py3-none-any.whl",
            url: "https://index.example/f/foo-1.0%2Bcpu-py3-none-any.whl",
            sha256: SHA256,
            hashes: new Map([["sha256", SHA256]]),
            size: null,
            yanked: "a & b",
            provenance: PROVENANCE,
            uploadTime: null,
          },
        ],
      ]),
    });
  });

  it("as the oldest indexes write it is read", () => {
    const page = html(
      `<h1>Links</h1><A HREF='foo-1.0.zip#md5=${"0".repeat(32)}'>foo</A><a href="../">up</a>`,
    );
    expect(page.files.get("foo-1.0.zip")).toMatchObject({
      sha256: null,
      hashes: new Map([["md5", "0".repeat(32)]]),
      provenance: null,
      yanked: null,
    });
  });

  it("without files is a page if it says so itself", () => {
    expect(html("", '<meta name="pypi:repository-version" content="1.0">').files.size).toBe(0);
    expect(() => html("<form>Log in</form>")).toThrow(INVALID);
    expect(() => readHtmlPage(answer(""), "page")).toThrow(INVALID);
  });

  it.each([
    ["two versions", "", '<meta name="pypi:repository-version" content="1.0">'.repeat(2)],
    ["a version that is none", "", '<meta name="pypi:repository-version" content="x">'],
    ["an unknown status", "", '<meta name="pypi:project-status" content="haunted">'],
    ["two hashes of one kind", `#sha256=${SHA256}&sha256=${"cd".repeat(32)}`, ""],
    ["a digest in upper case", `#sha256=${"AB".repeat(32)}`, ""],
    ["an empty digest", "#sha256=", ""],
    ["provenance that is a digest", `" data-provenance="${SHA256}`, ""],
    ["empty provenance", '" data-provenance="', ""],
    ["a base", "", '<base href="https://other.example/">'],
  ])("with %s is refused", (_what, more, head) => {
    expect(() => html(`<a href="foo-1.0.zip${more}">foo</a>`, head)).toThrow(INVALID);
  });

  it("of a later major version is refused as such", () => {
    expect(() => html("", '<meta name="PyPI:Repository-Version" content="2.0">')).toThrow(
      expect.objectContaining({ code: "INDEX_VERSION_UNSUPPORTED" }),
    );
  });

  it("cut off within a tag is refused", () => {
    const text = '<html><a href="foo-1.0.zip" data-prov';
    expect(() => readHtmlPage(answer(text), "page")).toThrow(INVALID);
  });
});

describe("content types", () => {
  it.each([
    ["application/vnd.pypi.simple.v1+json", "json"],
    ["Application/JSON; charset=UTF-8", "json"],
    ["application/vnd.pypi.simple.v1+html", "html"],
    ['text/html;charset="utf-8"', "html"],
  ])("%s is a page in %s", (type, format) => {
    expect(pageFormat(type, "page")).toBe(format);
  });

  it.each([
    null,
    "",
    "text/plain",
    "application/xhtml+xml",
    "text/html; charset=latin1",
    "text/html; x",
  ])("%j is no page", (type) => {
    expect(() => pageFormat(type, "page")).toThrow(INVALID);
  });

  it.each(["application/vnd.pypi.integrity.v1+json", "application/json"])(
    "%s is provenance",
    (type) => {
      expect(() => requireProvenanceType(type, "provenance")).not.toThrow();
    },
  );

  it.each([null, "text/html", "application/octet-stream", "application/vnd.pypi.simple.v1+json"])(
    "%j is no provenance",
    (type) => {
      expect(() => requireProvenanceType(type, "provenance")).toThrow(INVALID);
    },
  );

  it("later versions are refused as such", () => {
    const later = expect.objectContaining({ code: "INDEX_VERSION_UNSUPPORTED" });
    expect(() => pageFormat("application/vnd.pypi.simple.v2+json", "page")).toThrow(later);
    expect(() => requireProvenanceType("application/vnd.pypi.integrity.v2+json", "p")).toThrow(
      later,
    );
  });
});
