#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { runHook } from "./hook.ts";

const STDIN = 0;
const UNKNOWN = 3;

try {
  process.exitCode = await runHook(process.argv.slice(2), {
    env: process.env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    readInput: () => readFileSync(STDIN, "utf8"),
    isTerminal: process.stdout.isTTY,
    columns: process.stdout.columns,
  });
} catch (error) {
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`pubpin: an error of its own, and nothing was checked: ${told}\n`);
  process.exitCode = UNKNOWN;
}
