/** The content of objects, many at a time: `git cat-file --batch`. */
import { fail, MAX_LOCK_BYTES } from "@pubpin/shared";
import { runGit } from "./git.ts";
import { MAX_BATCH_BYTES } from "./limits.ts";
import { ask } from "./repository.ts";

/** Objects that were read. */
export interface Blobs {
  /** Reads those that were not read yet, in one run of Git. @throws HISTORY_INCOMPLETE */
  readonly load: (oids: Iterable<string>) => void;
  /**
   * The bytes of an object, read now if it was not.
   *
   * @param what how messages call it
   * @throws LIMIT_EXCEEDED for more than MAX_LOCK_BYTES
   * @throws HISTORY_INCOMPLETE where the clone lacks it
   */
  readonly bytes: (oid: string, what: string) => Uint8Array<ArrayBuffer>;
  /** Whether it is no larger than what `bytes` gives. */
  readonly isReadable: (oid: string) => boolean;
  /** Forgets what was read. */
  readonly clear: () => void;
}

/** A reading in which an object too large is known by its size alone. */
type Content = Uint8Array<ArrayBuffer> | number;

const HEADER = /^(?<oid>[0-9a-f]+) (?:(?<type>[a-z]+) (?<size>\d+)|missing)$/;
const LINE_FEED = 0x0a;

/** Reads objects of the repository of this process. */
export function openBlobs(): Blobs {
  const contents = new Map<string, Content>();
  const load: Blobs["load"] = (oids) => {
    const wanted = [...new Set(oids)].filter((oid) => !contents.has(oid));
    for (const [oid, content] of readBatch(wanted)) contents.set(oid, content);
  };
  const contentOf = (oid: string): Content => {
    if (!contents.has(oid)) load([oid]);
    return contents.get(oid) ?? 0;
  };
  return {
    load,
    bytes: (oid, what) => {
      const content = contentOf(oid);
      if (typeof content !== "number") return content;
      return fail(
        "LIMIT_EXCEEDED",
        `${what}: expected at most ${MAX_LOCK_BYTES} bytes, found ${content}`,
      );
    },
    isReadable: (oid) => typeof contentOf(oid) !== "number",
    clear: () => contents.clear(),
  };
}

/** Whatever has room in one answer is read in one; else sizes are asked first. */
function readBatch(oids: readonly string[]): readonly (readonly [string, Content])[] {
  if (oids.length === 0) return [];
  const input = `${oids.join("\n")}\n`;
  const answer = runGit(["cat-file", "--batch"], { input, maxBytes: MAX_BATCH_BYTES });
  if (answer.failure !== "ENOBUFS") {
    if (answer.exitCode === 0) return parseBatch(answer.output, oids);
    return fail("HISTORY_INCOMPLETE", `expected objects of Git, found: ${answer.error}`);
  }
  const sizes = readSizes(oids, input);
  const small = oids.filter((oid) => (sizes.get(oid) ?? 0) <= MAX_LOCK_BYTES);
  const large = oids.filter((oid) => !small.includes(oid));
  const half = Math.ceil(small.length / 2);
  const parts = large.length > 0 ? [small] : [small.slice(0, half), small.slice(half)];
  return [
    ...large.map((oid) => [oid, sizes.get(oid) ?? 0] as const),
    ...parts.flatMap((part) => readBatch(part)),
  ];
}

function readSizes(oids: readonly string[], input: string): ReadonlyMap<string, number> {
  const output = ask(["cat-file", "--batch-check"], "sizes of objects", { input });
  const lines = output.toString("latin1").split("\n");
  return new Map(oids.map((oid, index) => [oid, readHeader(lines[index] ?? "", oid)]));
}

function parseBatch(
  output: Buffer,
  oids: readonly string[],
): readonly (readonly [string, Content])[] {
  let at = 0;
  return oids.map((oid) => {
    const end = output.indexOf(LINE_FEED, at);
    const size = readHeader(output.toString("latin1", at, end), oid);
    const bytes = new Uint8Array(output.subarray(end + 1, end + 1 + size));
    at = end + 1 + size + 1;
    if (bytes.length !== size) fail("HISTORY_INCOMPLETE", `${oid}: expected ${size} bytes`);
    return [oid, size > MAX_LOCK_BYTES ? size : bytes];
  });
}

function readHeader(line: string, oid: string): number {
  const header = HEADER.exec(line)?.groups;
  if (header?.["oid"] === oid && header["type"] === "blob") return Number(header["size"]);
  return fail(
    "HISTORY_INCOMPLETE",
    `expected the content of the object ${oid} in this clone, found ${JSON.stringify(line)}; ` +
      "fetch it and try again (a partial clone lacks it)",
  );
}
