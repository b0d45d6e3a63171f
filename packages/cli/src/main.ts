#!/usr/bin/env node
import { ERROR_WORDS, PubpinError } from "@pubpin/shared";
import {
  INTERNAL_ERROR_EXIT_CODE,
  internalErrorText,
  surviveClosedOutputs,
} from "pubpin-precommit";
import { handleInterrupts } from "./node/interrupt.ts";
import { boundMemory } from "./node/memory.ts";
import { askYesNo } from "./node/prompt.ts";
import { startThreadPool } from "./node/thread-pool.ts";
import { exitCodeOfError, runProgram } from "./program.ts";

const PROGRAM = "pubpin";
const COLUMNS = 88;
const write = (text: string): void => void process.stderr.write(text);
const interruption = handleInterrupts(() => write("\nstopping\n"));

startThreadPool();
boundMemory();
surviveClosedOutputs(PROGRAM);
try {
  process.exitCode = await runProgram(process.argv.slice(2), {
    cwd: process.cwd(),
    env: process.env,
    out: (text) => void process.stdout.write(text),
    note: (text) => write(`${text}\n`),
    write,
    signal: interruption.signal,
    ask: (question) =>
      askYesNo(question, {
        input: process.stdin,
        output: process.stderr,
        env: process.env,
        signal: interruption.signal,
      }),
    isTerminal: process.stderr.isTTY,
    stdoutIsTerminal: process.stdout.isTTY,
    columns: process.stdout.columns ?? COLUMNS,
  });
} catch (error) {
  process.exitCode = interruption.exitCode() ?? report(error);
} finally {
  interruption.dispose();
}

function report(error: unknown): number {
  if (!(error instanceof PubpinError)) {
    write(internalErrorText(PROGRAM, error, process.env));
    return INTERNAL_ERROR_EXIT_CODE;
  }
  const { code, message } = error;
  write(`pubpin: ${code}: ${message}\n`);
  // Its messages say themselves what to do.
  if (code !== "USAGE_INVALID") {
    write(`  what to do: ${ERROR_WORDS[code].remedy}\n`);
    write(`  read on: docs/errors.md#${code.toLowerCase()}\n`);
  }
  return exitCodeOfError(error);
}
