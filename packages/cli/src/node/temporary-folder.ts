import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unreadable } from "./read-file.ts";

/**
 * Gives something a folder of its own that nobody else may look into, and removes it with all that
 * is in it, whatever happens, also when the process ends before.
 *
 * @throws FILE_UNWRITABLE where no such folder can be made
 */
export async function withTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = newFolder();
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once("exit", remove);
  try {
    return await use(folder);
  } finally {
    process.off("exit", remove);
    remove();
  }
}

function newFolder(): string {
  try {
    return realpathSync(mkdtempSync(join(tmpdir(), "pubpin-")));
  } catch (error) {
    throw unreadable(tmpdir(), error, "FILE_UNWRITABLE");
  }
}
