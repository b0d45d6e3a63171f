import { describe, expect, it } from "vitest";
import { MAX_PINS_BYTES, MAX_PINS_LINES } from "../../../packages/shared/src/limits.ts";
import { parsePins } from "../../../packages/shared/src/pins/file.ts";
import type { Pins } from "../../../packages/shared/src/pins/model.ts";

const PIN = "build https://github.com/pypa/build";

function parse(text: string, path?: string): Pins {
  return parsePins(new TextEncoder().encode(text), path);
}

function refusal(text: string): string {
  try {
    parse(text);
  } catch (error) {
    expect(error).toMatchObject({ code: "PINS_INVALID" });
    return (error as Error).message;
  }
  throw new Error("expected an error");
}

describe("parsePins names the line and says what it expected", () => {
  it("of three tokens", () => {
    expect(refusal(`${PIN}\nfoo https://github.com/a/b main`)).toBe(
      '.provenance.txt, line 2: expected 2 tokens with white space between them, found 3 in "foo https://github.com/a/b main"',
    );
  });

  it("of a name that stands twice", () => {
    expect(refusal(`foo-bar https://github.com/a/b\n${PIN}\nFoo_Bar https://github.com/c/d`)).toBe(
      ".provenance.txt, line 3: expected each key once, found foo-bar again, which stands in line 1",
    );
  });

  it("of CR LF, with what to do about it", () => {
    expect(refusal(`${PIN}\r\n`)).toBe(
      ".provenance.txt, line 1: expected a line feed at the end, found carriage return and line " +
        "feed. Where Git adds them, the line `.provenance.txt text eol=lf` in .gitattributes stops " +
        "it; then `git add --renormalize .provenance.txt`, delete the file, and " +
        "`git checkout -- .provenance.txt` brings it back with line feeds",
    );
  });

  it.each(["<<<<<<< HEAD", "=======", ">>>>>>> 1a2b3c4 (a title)", "||||||| 1a2b3c4"])(
    "of the conflict marker %j, with how to resolve the conflict",
    (marker) => {
      expect(refusal(`${PIN}\n${marker}\n`)).toMatch(
        /^\.provenance\.txt, line 2: found the marker of a Git merge conflict\..* `pubpin tofu` writes its #lock: line anew$/,
      );
    },
  );

  it("of a byte order mark", () => {
    expect(refusal(`\ufeff${PIN}`)).toBe(
      ".provenance.txt, line 1: expected no byte order mark, found one",
    );
  });

  it("of a control character, which it shows escaped", () => {
    expect(refusal(`${PIN}\n\u001b[2Kfoo https://github.com/a/b`)).toBe(
      ".provenance.txt, line 2: expected no control characters, " +
        String.raw`found "\u001b[2Kfoo https://github.com/a/b"`,
    );
  });

  it("of a look-alike letter, which it shows escaped", () => {
    expect(refusal("\u0440andas https://github.com/pandas-dev/pandas")).toBe(
      ".provenance.txt, line 1: expected printable ASCII, the rest percent-encoded, " +
        String.raw`found "\u0440andas"`,
    );
  });

  it("of an unknown kind of line, with the known ones", () => {
    expect(refusal("#todo: this")).toBe(
      ".provenance.txt, line 1: expected one of #also: #unsigned: #file: #index: #source: #lock: " +
        '#lock-bytes: #note: (or a space after "#", for a comment), found "#todo:"',
    );
  });

  it("of a URL with credentials, without showing them", () => {
    const message = refusal("#index:a https://user:secret@index.example/simple");
    expect(message).toContain("line 1: expected a URL without user name and password");
    expect(message).not.toContain("secret");
  });
});

describe("parsePins", () => {
  it("calls the file as it is told to", () => {
    expect(() => parse("a", "docs/.provenance.txt")).toThrow("docs/.provenance.txt, line 1: ");
    expect(parse("#", "docs/.provenance.txt").warnings).toEqual([
      {
        code: "FREE_COMMENT",
        line: 1,
        message:
          "docs/.provenance.txt, line 1: a free comment, which pypi-verify-now cannot read; " +
          "#note:KEY with percent-encoded text is read by both",
      },
    ]);
  });

  it("refuses too many bytes before it looks at them", () => {
    expect(() => parsePins(new Uint8Array(MAX_PINS_BYTES + 1).fill(0xff))).toThrow(
      expect.objectContaining({ code: "LIMIT_EXCEEDED" }),
    );
  });

  it("refuses too many lines, and takes as many as are allowed", () => {
    expect(parse("\n".repeat(MAX_PINS_LINES)).lines).toHaveLength(MAX_PINS_LINES);
    expect(() => parse("\n".repeat(MAX_PINS_LINES + 1))).toThrow(
      expect.objectContaining({ code: "LIMIT_EXCEEDED" }),
    );
  });

  it.each([
    " ".repeat(4095),
    `${" ".repeat(2000)}x${" ".repeat(2000)}`,
    `build https://github.com/${"a/".repeat(2000)}`,
    `build https://gitlab.com/${"a/".repeat(1000)}!`,
    `build https://gitlab.com/${"a.".repeat(1000)}!`,
    `build mailto:a@${"a.".repeat(1000)}!`,
    `#source:a ${"../".repeat(1000)}!/`,
    `#source:a git+https://${"://".repeat(1000)}`,
    `#index:a https://${"a.".repeat(1000)}`,
    `#also:${":2".repeat(1000)} https://github.com/a/b`,
    `#note:a ${"%C3".repeat(1000)}`,
  ])("judges a hundred lines like %.40j in no time", (line) => {
    const lines = Array.from({ length: 100 }, (_, index) =>
      line.trim() === "" ? line : line.replace("a", `a${index}`),
    );
    for (const each of lines) {
      try {
        parse(`${each}\n`);
      } catch (error) {
        expect(error).toHaveProperty("code");
      }
    }
    expect(lines).toHaveLength(100);
  });

  it("reads ten thousand pins, and finds the one that stands twice", () => {
    const pins = Array.from({ length: 10_000 }, (_, index) => `p${index} https://github.com/a/b`);
    expect(parse(pins.join("\n")).publishers.size).toBe(10_000);
    expect(() => parse([...pins, "P-9999", "p9999 https://github.com/a/b"].join("\n"))).toThrow(
      "line 10001",
    );
  });
});
