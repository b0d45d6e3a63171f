import { readdir, readFile } from "node:fs/promises";
import { dataPath, whyNoData } from "./data-folder.ts";

/** Why there is no data and what to do about it; null where there is. */
export const dataMissing: string | null = whyNoData();

/** The names in one folder of the data, sorted. */
export async function listData(folder: string): Promise<readonly string[]> {
  return (await readdir(dataPath(folder))).toSorted();
}

/** The bytes of one file of the data. */
export async function readData(path: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(dataPath(path)));
}
