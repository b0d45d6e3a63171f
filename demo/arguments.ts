/** The command line of `npm start`. */
import { parseArgs } from "node:util";

/** What is asked for, or what is wrong with the asking. */
export type Wanted =
  | { readonly kind: "walk" | "help" }
  | { readonly kind: "serve"; readonly port: number }
  | { readonly kind: "unknown"; readonly problem: string };

const DEFAULT_PORT = 8474;
const MAX_PORT = 65_535;

/** What `--help` prints. */
export const HELP = `Usage: npm start                              what pubpin does, in a terminal
       npm start -- --serve [--port NUMBER]   the guard in a page, on this machine

  --serve   keeps a page and an index up on 127.0.0.1 until Ctrl-C
  --port    where the page is, by default ${DEFAULT_PORT}; 0 for any that is free
`;

/** Reads the arguments that follow the program's name. */
export function readArguments(args: readonly string[]): Wanted {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { type: "boolean", short: "h", default: false },
        serve: { type: "boolean", default: false },
        port: { type: "string" },
      },
    });
    if (values.help) return { kind: "help" };
    if (values.serve) return servedAt(values.port);
    if (values.port === undefined) return { kind: "walk" };
    return { kind: "unknown", problem: "--port is for --serve: npm start -- --serve --port 8000" };
  } catch (error) {
    return { kind: "unknown", problem: (error as Error).message };
  }
}

function servedAt(given: string | undefined): Wanted {
  const port = given === undefined ? DEFAULT_PORT : Number(given);
  const isPort = given === undefined || (/^\d{1,5}$/.test(given) && port <= MAX_PORT);
  return isPort
    ? { kind: "serve", port }
    : { kind: "unknown", problem: `--port: expected 0 to ${MAX_PORT}, found ${given}` };
}
