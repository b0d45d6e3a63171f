/** What `npm start` runs: the main job in a terminal, or with `--serve` the guard in a page. */
import { handleInterrupts } from "../packages/cli/src/node/interrupt.ts";
import { HELP, readArguments } from "./arguments.ts";
import { serve } from "./serve.ts";
import { walk } from "./walk.ts";

const USAGE = 2;

async function start(args: readonly string[], signal: AbortSignal): Promise<number> {
  const wanted = readArguments(args);
  switch (wanted.kind) {
    case "walk":
      await walk(signal);
      return 0;
    case "serve":
      return serve(wanted.port, signal);
    case "help":
      process.stdout.write(HELP);
      return 0;
    case "unknown":
      process.stderr.write(`${wanted.problem}\n\n${HELP}`);
      return USAGE;
  }
}

const interruption = handleInterrupts(() => void process.stderr.write("\nstopping\n"));
try {
  process.exitCode = await start(process.argv.slice(2), interruption.signal);
} catch (error) {
  const code = interruption.exitCode();
  if (code === null) throw error;
  process.exitCode = code;
} finally {
  interruption.dispose();
}
