import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PubpinError } from "../../../packages/shared/src/errors.ts";
import { decodeReferences, readTags } from "../../../packages/shared/src/index/html.ts";

function tags(text: string): readonly unknown[] {
  return readTags(text, "page").map(({ name, attributes }) => [
    name,
    Object.fromEntries(attributes),
  ]);
}

describe("readTags", () => {
  it("gives start tags with their attributes, quoted in every way", () => {
    const text = `<!DOCTYPE html><html lang=en><A HREF="a b" data-yanked Title='x>y' id = z>t</A><br/>`;
    expect(tags(text)).toEqual([
      ["html", { lang: "en" }],
      ["a", { href: "a b", "data-yanked": "", title: "x>y", id: "z" }],
      ["br", {}],
    ]);
  });

  it("takes a slash as part of an unquoted value", () => {
    expect(tags("<a href=foo/>")).toEqual([["a", { href: "foo/" }]]);
  });

  it.each([
    ["a comment", "<!-- <a href=x> -->"],
    ["a script", "<script>if (1 < 2) '<a href=x>'</script >"],
    ["a style", "<STYLE>a > b {} <a></Style>"],
    ["a title", "<title>Links for <a></title>"],
  ])("sees no tag in %s", (_what, text) => {
    expect(tags(`${text}<p>`).at(-1)).toEqual(["p", {}]);
    expect(tags(`${text}<p>`).filter((tag) => JSON.stringify(tag).includes('"a"'))).toEqual([]);
  });

  it.each([
    "<",
    "a < b",
    "<a",
    "<a href",
    '<a href="x',
    "<a href='x>",
    '<a href="x"title="y">',
    '<a href="x" href="y">',
    '<a href="x" HREF="y">',
    "<a href=x'y>",
    "<a href=>",
    '<a ="x">',
    "<a <b>>",
    "</a",
    '</a href="x">',
    "</>",
    "<!-- a",
    "<!-->",
    "<!--->",
    "<!-- a --!> -->",
    "<!-- <!-- -->",
    "<!-- a <!--->",
    "<![CDATA[ <a> ]]>",
    "<?xml version='1.0'?>",
    "<!ENTITY a>",
    "<script>",
    "<script><!-- <script> </script>",
    "<title>",
    "<template><a href=x></template>",
    "<noscript><a href=x></noscript>",
    "<svg><a href=x></svg>",
    "<plaintext>",
    '<base href="https://other.example/">',
    "<a href=\u0000>",
  ])("refuses %j", (text) => {
    expect(() => readTags(text, "page")).toThrow(
      expect.objectContaining({ code: "INDEX_RESPONSE_INVALID" }),
    );
  });

  it("names the line", () => {
    expect(() => readTags("<p>\n<p>\n<a href>\n<a", "page")).toThrow("page, line 4: expected");
  });

  it("reads text of any shape or refuses it with its code", () => {
    const pieces = fc.constantFrom(
      "<",
      ">",
      "<a ",
      "href=",
      '"',
      "'",
      "<!--",
      "-->",
      "</",
      "x",
      " ",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
        try {
          readTags(parts.join(""), "page");
        } catch (error) {
          expect(error).toBeInstanceOf(PubpinError);
        }
      }),
    );
  });
});

describe("decodeReferences", () => {
  it.each([
    ["&gt;=3.9 &amp; &lt;4 &quot;&apos;&#39;&#x27;&#xE9;", ">=3.9 & <4 \"'''é"],
    ["?a=1&b=2", "?a=1&b=2"],
    ["R & D", "R & D"],
    ["&amp;amp;", "&amp;"],
  ])("decodes %s", (value, text) => {
    expect(decodeReferences(value, "page")).toBe(text);
  });

  it.each([
    "&eacute;",
    "&amp",
    "&copy",
    "&#0;",
    "&#x80;",
    "&#xd800;",
    "&#1114112;",
    "&#x;",
    "&#39",
  ])("refuses %s", (value) => {
    expect(() => decodeReferences(value, "page")).toThrow(
      expect.objectContaining({ code: "INDEX_RESPONSE_INVALID" }),
    );
  });
});
