/** A store in the browser's own database. */
import type { Bytes, GuardStore } from "../model.ts";

const TABLE = "bytes";

/**
 * A store in IndexedDB, for all pages of this origin and, where it is given, of this name. Every
 * call fails where the browser refuses the page a database.
 */
export function indexedDbStore(name: string = "micropip-guard"): GuardStore {
  let opened: Promise<IDBDatabase> | null = null;
  const open = async (): Promise<IDBDatabase> => {
    opened ??= openDatabase(name);
    try {
      return await opened;
    } catch (error) {
      opened = null;
      throw error;
    }
  };
  return {
    get: async (key) => {
      const transaction = (await open()).transaction(TABLE, "readonly");
      return bytesIn(await requested(transaction.objectStore(TABLE).get(key)));
    },
    put: async (key, bytes) => {
      const transaction = (await open()).transaction(TABLE, "readwrite");
      transaction.objectStore(TABLE).put(bytes, key);
      await completed(transaction);
    },
    update: async (key, change) => {
      // One transaction: nothing else writes between the reading and the writing.
      const transaction = (await open()).transaction(TABLE, "readwrite");
      const table = transaction.objectStore(TABLE);
      const write = async (): Promise<void> => {
        // Nothing else may be awaited before the writing: the transaction would end.
        const value: unknown = await requested(table.get(key));
        table.put(change(bytesIn(value)), key);
      };
      await Promise.all([write(), completed(transaction)]);
    },
  };
}

async function openDatabase(name: string): Promise<IDBDatabase> {
  const request = globalThis.indexedDB.open(name, 1);
  request.addEventListener("upgradeneeded", () => {
    request.result.createObjectStore(TABLE);
  });
  return requested(request);
}

function bytesIn(value: unknown): Bytes | null {
  return value instanceof Uint8Array ? new Uint8Array(value) : null;
}

function requested<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(reasonOf(request.error)));
  });
}

function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => reject(reasonOf(transaction.error)));
  });
}

function reasonOf(error: DOMException | null): Error {
  return error ?? new Error("the database failed");
}
