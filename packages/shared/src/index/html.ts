/** Start tags of HTML, read strictly: what two readers could take differently is refused. */
import { quote } from "../bytes/quote.ts";
import { fail } from "../errors.ts";
import { MAX_INDEX_FILES } from "../limits.ts";

/** A start tag. */
export interface Tag {
  /** In lower case. */
  readonly name: string;
  /** By lower-case name; an attribute without a value has the empty one. */
  readonly attributes: ReadonlyMap<string, string>;
}

interface Scanner {
  readonly text: string;
  readonly what: string;
  offset: number;
}

const START = /<([A-Za-z][A-Za-z0-9:-]*)/y;
const END = /<\/[A-Za-z][A-Za-z0-9:-]*[ \t\r\n\f]*>/y;
const DOCTYPE = /<!doctype[^<>]*>/iy;
const ATTRIBUTE =
  /[ \t\r\n\f]+([^\s"'<>/=\0]+)(?:[ \t\r\n\f]*=[ \t\r\n\f]*(?:"([^"\0]*)"|'([^'\0]*)'|([^\s"'=<>`\0]+)))?/y;
const CLOSE = /[ \t\r\n\f]*\/?>/y;
/** A reference, known or not; text like `&name=` is part of a query. */
const REFERENCE = /&(?:#(?:x([0-9a-f]{1,6})|([0-9]{1,7}));|([a-z][a-z0-9]*)(;|(?!=))|#)/gi;
const NAMED: ReadonlyMap<string, string> = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
  ["nbsp", "\u00a0"],
]);
/** Elements whose content is text (HTML, section 13.1.2). */
const TEXT_ONLY: ReadonlySet<string> = new Set(["script", "style", "title", "textarea"]);
/** Elements whose content readers take differently. */
const UNCLEAR: ReadonlySet<string> = new Set(
  "base frameset iframe math noembed noframes noscript plaintext select svg template xmp".split(
    " ",
  ),
);

/**
 * Every start tag of an HTML document, in order.
 *
 * @throws INDEX_RESPONSE_INVALID where the markup is broken, cut off or ambiguous
 */
export function readTags(text: string, what: string): readonly Tag[] {
  const scanner: Scanner = { text, what, offset: 0 };
  const tags: Tag[] = [];
  for (;;) {
    const next = text.indexOf("<", scanner.offset);
    if (next === -1) return tags;
    scanner.offset = next;
    if (text.startsWith("<!--", next)) skipComment(scanner);
    else if (take(scanner, DOCTYPE) === null && take(scanner, END) === null) {
      if (tags.length === MAX_INDEX_FILES) refuse(scanner, `at most ${MAX_INDEX_FILES} tags`);
      tags.push(readTag(scanner));
    }
  }
}

/** HTML, section 13.1.6: what a comment may hold. */
function skipComment(scanner: Scanner): void {
  const start = scanner.offset + "<!--".length;
  const end = scanner.text.indexOf("-->", start);
  const content = end === -1 ? ">" : scanner.text.slice(start, end);
  if (/^-?>|<!--|--!>|<!-$/.test(content)) refuse(scanner, "a comment");
  scanner.offset = end + "-->".length;
}

function readTag(scanner: Scanner): Tag {
  const name = (take(scanner, START)?.[1] ?? refuse(scanner, "a tag")).toLowerCase();
  if (UNCLEAR.has(name)) refuse(scanner, `no element ${name}`);
  const attributes = new Map<string, string>();
  while (take(scanner, CLOSE) === null) {
    const [, key = "", double, single, bare] =
      take(scanner, ATTRIBUTE) ?? refuse(scanner, `an attribute, or the end of the tag ${name}`);
    if (attributes.has(key.toLowerCase())) refuse(scanner, `one attribute ${quote(key)}`);
    attributes.set(key.toLowerCase(), double ?? single ?? bare ?? "");
  }
  if (TEXT_ONLY.has(name)) skipText(scanner, name);
  return { name, attributes };
}

function skipText(scanner: Scanner, name: string): void {
  const close = new RegExp(`</${name}[ \\t\\r\\n\\f]*>`, "gi");
  close.lastIndex = scanner.offset;
  const end = close.exec(scanner.text)?.index ?? refuse(scanner, `the end of the element ${name}`);
  if (scanner.text.slice(scanner.offset, end).includes("<!--")) {
    refuse(scanner, `an element ${name} without a comment in it`);
  }
  scanner.offset = close.lastIndex;
}

/**
 * The value of an attribute, with its character references replaced (the usual named ones, and
 * numeric ones of characters that may stand in a document).
 *
 * @throws INDEX_RESPONSE_INVALID at any other reference
 */
export function decodeReferences(value: string, what: string): string {
  return value.replace(
    REFERENCE,
    (found: string, hex?: string, decimal?: string, name?: string, end?: string) => {
      if (name !== undefined) {
        const named = end === ";" ? NAMED.get(name) : undefined;
        return named ?? unknownReference(found, what);
      }
      const digits = hex ?? decimal ?? unknownReference(found, what);
      const code = Number.parseInt(digits, hex === undefined ? 10 : 16);
      return isCharacter(code) ? String.fromCodePoint(code) : unknownReference(found, what);
    },
  );
}

function unknownReference(found: string, what: string): never {
  return fail("INDEX_RESPONSE_INVALID", `${what}: the reference ${quote(found)} is not known`);
}

function isCharacter(code: number): boolean {
  const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
  const isSurrogate = code >= 0xd800 && code < 0xe000;
  return !isControl && !isSurrogate && code <= 0x10ffff;
}

function take(scanner: Scanner, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = scanner.offset;
  const match = pattern.exec(scanner.text);
  if (match !== null) scanner.offset += match[0].length;
  return match;
}

function refuse(scanner: Scanner, expected: string): never {
  const { text, what, offset } = scanner;
  const line = text.slice(0, offset).split("\n").length;
  const found = text.slice(offset, offset + 40);
  return fail(
    "INDEX_RESPONSE_INVALID",
    `${what}, line ${line}: expected ${expected}, found ${found === "" ? "the end" : quote(found)}`,
  );
}
