/** JSON that no two parsers agree upon, made of JSON that is valid. */
import { type Bytes, concat, fromUtf8, utf8 } from "@pubpin/test-kit";

/** A change of a document's text. */
export function text(change: (usual: string) => string): (bytes: Bytes) => Bytes {
  return (bytes) => utf8(change(fromUtf8(bytes)));
}

/** What makes any document one that is not JSON in the strict sense. */
export const BROKEN_JSON: Readonly<Record<string, (bytes: Bytes) => Bytes>> = {
  "that is empty": () => new Uint8Array(),
  "that is not JSON": () => utf8("<html></html>"),
  "that is cut off": (bytes) => bytes.slice(0, -1),
  "with a second document after it": text((usual) => `${usual}{}`),
  "with a byte order mark": text((usual) => `\ufeff${usual}`),
  "with a comment": text((usual) => `/**/${usual}`),
  "with a comma at its end": text((usual) => usual.replace(/\}$/, ",}")),
  "with a key twice": text((usual) => usual.replace("{", '{"x":1,"x":1,')),
  "with a key twice, once escaped": text((usual) => usual.replace("{", '{"x":1,"\\u0078":1,')),
  "with half of a surrogate pair": text((usual) => usual.replace("{", '{"x":"\\ud800",')),
  "with a line feed in a string": text((usual) => usual.replace("{", '{"x":"\n",')),
  "with single quotes": text((usual) => usual.replace("{", "{'x':1,")),
  "with a number that is none": text((usual) => usual.replace("{", '{"x":NaN,')),
  "with a zero before a number": text((usual) => usual.replace("{", '{"x":01,')),
  "with a number beyond all bounds": text((usual) => usual.replace("{", '{"x":1e999,')),
  "with a no-break space": text((usual) => usual.replace("{", "{\u00a0")),
};

/** Bytes that are not UTF-8, in a string of a document that would be JSON. */
export const BROKEN_UTF8: Readonly<Record<string, Uint8Array>> = {
  "a byte that never occurs": Uint8Array.of(0xff),
  "an overlong form": Uint8Array.of(0xc0, 0xaf),
  "half of a surrogate pair": Uint8Array.of(0xed, 0xa0, 0x80),
  "a character beyond Unicode": Uint8Array.of(0xf4, 0x90, 0x80, 0x80),
  "a character that is cut off": Uint8Array.of(0xe2, 0x82),
};

/** Puts bytes into a string of the document. */
export function withBytes(inserted: Uint8Array): (bytes: Bytes) => Bytes {
  return (bytes) => concat(utf8('{"x":"'), inserted, utf8('",'), bytes.subarray(1));
}

/** What base64 decoders let pass in strings of four times n characters, as changes of a string. */
export const BROKEN_BASE64: Readonly<Record<string, (text: string) => string>> = {
  "with a space": (usual) => ` ${usual}`,
  "with a line feed at its end": (usual) => `${usual}\n`,
  "with line feeds, in whole groups": (usual) => `${usual.slice(0, 4)}\n\n\n\n${usual.slice(4)}`,
  "with junk among it": (usual) => `${usual.slice(0, 4)}!!!!${usual.slice(4)}`,
  "with a character too few": (usual) => usual.slice(0, -1),
  "with padding where none belongs": (usual) => `${usual}====`,
  "with padding in the middle": (usual) => `AA==${usual}`,
  "in the alphabet for URLs": (usual) => `-_-_${usual.slice(4)}`,
  "with a letter beyond ASCII": (usual) => `\u0410${usual.slice(1)}`,
};

/** An array nested so deep. */
export function nested(depth: number): string {
  return "[".repeat(depth) + "]".repeat(depth);
}
