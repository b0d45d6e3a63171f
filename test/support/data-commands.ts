import { readdir, readFile } from "node:fs/promises";
import { isAbsolute, relative } from "node:path";
import type { BrowserCommand } from "vitest/node";
import { whyNoData, dataPath } from "./data-folder.ts";

declare module "vitest/browser" {
  interface BrowserCommands {
    whyNoData: () => Promise<string | null>;
    listData: (folder: string) => Promise<readonly string[]>;
    readData: (path: string) => Promise<string>;
  }
}

interface DataCommands extends Record<string, BrowserCommand<never[]>> {
  readonly whyNoData: BrowserCommand;
  readonly listData: BrowserCommand<[folder: string]>;
  readonly readData: BrowserCommand<[path: string]>;
}

/** What tests in a browser may ask of the file system: to list and to read the data folder. */
export const dataCommands: DataCommands = {
  whyNoData: () => whyNoData(),
  listData: async (_context, folder) => (await readdir(inside(folder))).toSorted(),
  readData: async (_context, path) => (await readFile(inside(path))).toString("base64"),
};

function inside(path: string): string {
  const target = dataPath(path);
  const within = relative(dataPath(), target);
  if (within.startsWith("..") || isAbsolute(within)) {
    throw new Error(`${path}: expected a path inside the data folder`);
  }
  return target;
}
