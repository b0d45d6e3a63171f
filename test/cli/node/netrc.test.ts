import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseNetrc, readNetrc } from "../../../packages/cli/src/node/netrc.ts";
import { temporaryFolder } from "./support/folder.ts";
import { refusalOf } from "./support/refusal.ts";

/** The logins of a netrc file, as `host user password`. */
function logins(text: string): readonly string[] {
  return [...parseNetrc(text, "netrc")].map(([host, { user, password }]) =>
    [host, user, password].join(" "),
  );
}

describe("a netrc file", () => {
  test.each([
    ["one line", "machine a.example login me password secret", ["a.example me secret"]],
    ["a line for each word", "machine\na\nlogin\nme\npassword\nsecret\n", ["a me secret"]],
    ["CRLF and tabs", "machine a\r\n\tlogin me\r\n\tpassword secret\r\n", ["a me secret"]],
    ["any order, and an account", "machine a password s account x login me", ["a me s"]],
    ["user for login", "machine a user me password s", ["a me s"]],
    [
      "several hosts",
      "machine a login b password c machine d login e password f",
      ["a b c", "d e f"],
    ],
    ["capitals in a host", "machine A.Example login me password s", ["a.example me s"]],
    [
      "a host twice: the first",
      "machine a login b password c machine a login d password e",
      ["a b c"],
    ],
    ["no login", "machine a password s", ["a  s"]],
    ["no password: nothing", "machine a login me", []],
    ["default: nothing", "machine a login b password c default login d password e", ["a b c"]],
    ["text in quotes", 'machine a login "m e" password "s\\"p # x"', ['a m e s"p # x']],
    [
      "words that are keys",
      "machine machine login login password password",
      ["machine login password"],
    ],
    ["a hash in a password", "machine a login me password #s#", ["a me #s#"]],
    ["comments", "# one\nmachine a # two login x\n  login me # three\n password s\n#", ["a me s"]],
    [
      "a macro",
      "machine a login b password c\nmacdef m\nmachine x\nlogin y\n\nmachine d login e password f",
      ["a b c", "d e f"],
    ],
    ["a macro at the end", "machine a login b password c\nmacdef m\nmachine x\nlogin y", ["a b c"]],
    ["nothing", "", []],
    ["white space", " \n\t\r\n", []],
  ])("may have %s", (_what, text, expected) => {
    expect(logins(text)).toEqual(expected);
  });

  test("takes what follows a backslash as it is", () => {
    expect(logins('machine a login me password s\\\\p\\"')).toEqual(['a me s\\p"']);
  });

  test.each([
    ["a word that is no key", "machine a login me\nsecret x", 2],
    ["a host without a name", "machine", 1],
    ["a key without a value", "machine a\nlogin\n", 3],
    ["quotes that do not end", 'machine a login me\npassword "secret', 2],
    ["quotes within a word", 'machine a password "secret"x', 1],
    ["a backslash at the end", "machine a password secret\\", 1],
  ])("with %s is refused with its line, and nothing of it is shown", (_what, text, line) => {
    expect(() => parseNetrc(text, "netrc")).toThrow(
      expect.objectContaining({
        code: "CREDENTIALS_INVALID",
        message: expect.stringMatching(new RegExp(`^netrc, line ${line}: (?!.*secret)`)),
      }),
    );
  });
});

describe("the netrc file is", () => {
  const content = (user: string): string => `machine a login ${user} password s`;
  const userIn = async (env: Record<string, string>, home: string): Promise<string | undefined> =>
    (await readNetrc(env, home)).get("a")?.user;

  test("the one that NETRC names, else .netrc, else _netrc of the home folder", async () => {
    const home = temporaryFolder();
    expect(await userIn({}, home)).toBeUndefined();
    writeFileSync(join(home, "_netrc"), content("windows"));
    expect(await userIn({}, home)).toBe("windows");
    writeFileSync(join(home, ".netrc"), content("home"));
    expect(await userIn({ NETRC: "" }, home)).toBe("home");
    writeFileSync(join(home, "own"), content("own"));
    expect(await userIn({ NETRC: join(home, "own") }, home)).toBe("own");
    expect(await userIn({ NETRC: join(home, "absent") }, home)).toBeUndefined();
  });

  test("an error where it is there and cannot be read", async () => {
    const home = temporaryFolder();
    mkdirSync(join(home, ".netrc"));
    expect((await refusalOf(readNetrc({}, home))).code).toBe("FILE_UNREADABLE");
    const path = join(home, "large");
    writeFileSync(path, "#".repeat(1024 * 1024 + 1));
    chmodSync(path, 0o600);
    expect((await refusalOf(readNetrc({ NETRC: path }, home))).code).toBe("LIMIT_EXCEEDED");
  });
});
