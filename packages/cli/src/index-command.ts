/** The `index` command of the command line. */
import { fail } from "@pubpin/shared";
import type { Command } from "commander";
import type { Start } from "./command-line.ts";

const SHAPE = {
  leading: 0,
  takesPip: false,
  readsSettings: false,
  canPin: false,
  formats: ["text", "json"],
} as const;
const MAX_PORT = 65_535;

/** Adds the `index` command. */
export function addIndexCommand(program: Command, start: Start): void {
  const further: string[] = [];
  program
    .command("index")
    .summary("serve an index that passes on what the pins accept, for any installer")
    .option(
      "--extra-index <url>",
      "a further index, preferred to the main one (repeatable)",
      (url) => {
        further.push(url);
        return further;
      },
    )
    .option(
      "--host <address>",
      "where to listen; others than 127.0.0.1 are open to others",
      "127.0.0.1",
    )
    .option("--port <number>", "where to listen; 0 is any that is free", readPort, 0)
    .option(
      "--token-file <file>",
      "the secret part of the address (PUBPIN_INDEX_TOKEN, or a new one)",
    )
    .option("--metrics", "figures for Prometheus, at the address's /metrics", false)
    .action((options: IndexFlags, command: Command) =>
      start(command, SHAPE, async (session, invocation) => {
        // Only this command listens: the others need not load what it takes.
        const { indexService } = await import("./commands/index-service.ts");
        const { extraIndex = [], ...own } = options;
        return indexService(session, { ...invocation, ...own, extraIndexes: extraIndex });
      }),
    );
}

function readPort(text: string): number {
  const port = /^[0-9]{1,5}$/.test(text) ? Number(text) : -1;
  if (port >= 0 && port <= MAX_PORT) return port;
  return fail("USAGE_INVALID", `--port: expected a number from 0 to ${MAX_PORT}, found ${text}`);
}

interface IndexFlags {
  readonly extraIndex?: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly tokenFile?: string;
  readonly metrics: boolean;
}
