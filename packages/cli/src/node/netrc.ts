/** The netrc file: user names and passwords by host (GNU inetutils, "The .netrc file"). */
import { homedir } from "node:os";
import { join } from "node:path";
import { PubpinError } from "@pubpin/shared";
import type { Environment } from "./environment.ts";
import { MAX_NETRC_BYTES } from "./limits.ts";
import { readFileIfAny } from "./read-file.ts";

/** What a netrc file has for a host. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Logins by host, in lower case. */
export type Netrc = ReadonlyMap<string, Login>;

interface Scanner {
  readonly text: string;
  readonly path: string;
  at: number;
}

/** The keys of an entry; each has a value. */
const KEYS: ReadonlySet<string> = new Set(["login", "user", "password", "account"]);
const SPACE = /\s*/y;
/** In quotes or without; a backslash takes the next character as it is. */
const TOKEN = /"(?<quoted>(?:[^"\\\n]|\\.)*)"(?=\s|$)|(?<bare>(?:[^\s"\\]|\\\S)(?:[^\s\\]|\\\S)*)/y;
const REST_OF_LINE = /[^\n]*/y;
const MACRO = /[^\n]*(?:\n(?![ \t\r]*(?:\n|$))[^\n]*)*/y;

/**
 * Finds and reads the netrc file: the one that NETRC names, else `~/.netrc`, else `~/_netrc`, which
 * is the name on Windows. Without any there are no logins.
 *
 * @throws CREDENTIALS_INVALID FILE_UNREADABLE LIMIT_EXCEEDED
 */
export async function readNetrc(env: Environment, home: string = homedir()): Promise<Netrc> {
  const named = env["NETRC"] ?? "";
  const paths = named === "" ? [join(home, ".netrc"), join(home, "_netrc")] : [named];
  for (const path of paths) {
    const bytes = await readFileIfAny(path, MAX_NETRC_BYTES, path);
    if (bytes !== null) return parseNetrc(new TextDecoder().decode(bytes), path);
  }
  return new Map();
}

/**
 * Parses a netrc file. The first entry of a host counts; one without a password counts for nothing,
 * and so does `default`: it would send a password to whatever host a lock names. Macros and comments
 * are passed over.
 *
 * @param path how messages call the file; they never show its content
 * @throws CREDENTIALS_INVALID with the number of the line
 */
export function parseNetrc(text: string, path: string): Netrc {
  const scanner: Scanner = { text, path, at: 0 };
  const logins = new Map<string, Login>();
  for (let key = nextKey(scanner); key !== null;) {
    if (key === "macdef") {
      take(scanner, MACRO);
      key = nextKey(scanner);
      continue;
    }
    if (key !== "machine" && key !== "default") malformed(scanner, '"machine" or "default"');
    const host = key === "default" ? null : nextValue(scanner).toLowerCase();
    const values = new Map<string, string>();
    for (key = nextKey(scanner); key !== null && KEYS.has(key); key = nextKey(scanner)) {
      values.set(key, nextValue(scanner));
    }
    const password = values.get("password");
    if (host !== null && password !== undefined && !logins.has(host)) {
      logins.set(host, { user: values.get("login") ?? values.get("user") ?? "", password });
    }
  }
  return logins;
}

/** The next word where a key may stand, which is also where a comment may; null at the end. */
function nextKey(scanner: Scanner): string | null {
  for (;;) {
    take(scanner, SPACE);
    if (scanner.at === scanner.text.length) return null;
    if (scanner.text[scanner.at] !== "#") return nextValue(scanner);
    take(scanner, REST_OF_LINE);
  }
}

function nextValue(scanner: Scanner): string {
  take(scanner, SPACE);
  const { quoted, bare } = take(scanner, TOKEN)?.groups ?? {};
  const token = quoted ?? bare ?? malformed(scanner, "a word, or text in quotes");
  return token.replace(/\\(.)/g, "$1");
}

function take(scanner: Scanner, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = scanner.at;
  const match = pattern.exec(scanner.text);
  scanner.at += match?.[0].length ?? 0;
  return match;
}

function malformed({ text, path, at }: Scanner, expected: string): never {
  const line = text.slice(0, at).split("\n").length;
  throw new PubpinError("CREDENTIALS_INVALID", `${path}, line ${line}: expected ${expected}`);
}
