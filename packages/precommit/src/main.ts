#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { runHook } from "./hook.ts";
import {
  INTERNAL_ERROR_EXIT_CODE,
  internalErrorText,
  surviveClosedOutputs,
} from "./internal-error.ts";

const STDIN = 0;
const PROGRAM = "pubpin-precommit";

surviveClosedOutputs(PROGRAM);
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
  process.stderr.write(internalErrorText(PROGRAM, error, process.env));
  process.exitCode = INTERNAL_ERROR_EXIT_CODE;
}
