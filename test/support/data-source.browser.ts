/** What data-source.ts exports, for a browser: asked of the test server. */
import { commands } from "vitest/browser";

/** Why there is no data and what to do about it; null where there is. */
export const dataMissing: string | null = await commands.whyNoData();

/** The names in one folder of the data, sorted. */
export async function listData(folder: string): Promise<readonly string[]> {
  return commands.listData(folder);
}

/** The bytes of one file of the data. */
export async function readData(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(atob(await commands.readData(path)), (byte) => byte.charCodeAt(0));
}
