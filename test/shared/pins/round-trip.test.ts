import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PubpinError } from "../../../packages/shared/src/errors.ts";
import { EMPTY_PINS, addEntries } from "../../../packages/shared/src/pins/edit.ts";
import { formatPins, parsePins } from "../../../packages/shared/src/pins/file.ts";
import type { Pins } from "../../../packages/shared/src/pins/model.ts";
import { entries } from "./arbitraries.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (text: string): Pins => parsePins(encode(text));

describe("formatPins after parsePins", () => {
  it("gives back what addEntries wrote, with nothing lost", () => {
    fc.assert(
      fc.property(entries, (list) => {
        const text = formatPins(addEntries(EMPTY_PINS, list));
        const pins = parse(text);
        expect(formatPins(pins)).toBe(text);
        expect(pins.warnings).toEqual([]);
        expect(new Set([...pins.byKey.values()].map((line) => line.entry))).toEqual(new Set(list));
      }),
    );
  });

  it("gives back every byte, whatever the white space, order, comments and blank lines", () => {
    const space = fc.string({ unit: fc.constantFrom(" ", "\t"), maxLength: 5 });
    const foreign = fc.constantFrom("", "  ", "\t", "# a comment: größer", "#", "##x y", "#x");
    const noise = fc.record({ before: space, between: space, after: space, above: foreign });
    fc.assert(
      fc.property(
        entries,
        fc.infiniteStream(noise),
        fc.boolean(),
        fc.nat(),
        (list, stream, feed, rotation) => {
          const lines = formatPins(addEntries(EMPTY_PINS, list)).split("\n").slice(0, -1);
          const turned = lines.map((_, index) => lines[(index + rotation) % lines.length] ?? "");
          const noisy = turned.flatMap((line) => {
            const [key, value] = line.split(/ +/);
            const { before, between, after, above } = [...stream.take(1)][0] ?? fail();
            return [above, `${before}${key} ${between}${value}${after}`];
          });
          const text = noisy.join("\n") + (feed && noisy.length > 0 ? "\n" : "");
          const pins = parse(text);
          expect(formatPins(pins)).toBe(text);
          expect(pins.byKey.size).toBe(list.length);
          expect(pins.warnings.length).toBe(list.length);
        },
      ),
    );
  });
});

describe("parsePins", () => {
  it("throws a typed error or gives back every byte, for any bytes", () => {
    const soup = fc.array(
      fc.constantFrom(
        ...Array.from("#:%\t\r\n ."),
        "also",
        "#file:",
        "sha256:",
        "build",
        "https://github.com/a/b",
        "#note:a",
        "%41",
        "\u00ff",
      ),
      { maxLength: 40 },
    );
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      soup.map((parts) => encode(parts.join(""))),
    );
    fc.assert(
      fc.property(bytes, (input) => {
        let text: string;
        try {
          text = formatPins(parsePins(input));
        } catch (error) {
          expect(error).toBeInstanceOf(PubpinError);
          return;
        }
        expect(encode(text)).toEqual(new Uint8Array(input));
      }),
      { numRuns: 1000 },
    );
  });

  it("refuses a publisher of which one byte was changed, or reads another one", () => {
    const line = "build https://github.com/pypa/build#repository-id=123&owner-id=456\n";
    const original = encode(line);
    const position = fc.integer({ min: line.indexOf("https"), max: original.length - 2 });
    fc.assert(
      fc.property(position, fc.integer({ min: 0, max: 255 }), (at, byte) => {
        fc.pre(byte !== original[at]);
        try {
          const [changed] = parsePins(original.with(at, byte)).lines;
          expect(changed?.entry).not.toEqual(parse(line).lines[0]?.entry);
        } catch (error) {
          expect(error).toBeInstanceOf(PubpinError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function fail(): never {
  throw new Error("the stream of noise has ended");
}
