#!/usr/bin/env node
import { PubpinError } from "@pubpin/shared";
import { handleInterrupts } from "./node/interrupt.ts";
import { askYesNo } from "./node/prompt.ts";
import { exitCodeOfError, runProgram } from "./program.ts";

const COLUMNS = 88;
const write = (text: string): void => void process.stderr.write(text);
const interruption = handleInterrupts(() => write("\nstopping\n"));

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
  if (!(error instanceof PubpinError)) throw error;
  process.stderr.write(`pubpin: ${error.code}: ${error.message}\n`);
  return exitCodeOfError(error);
}
