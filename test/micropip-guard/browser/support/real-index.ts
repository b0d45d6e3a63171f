/** An index with real projects on it: sampleproject as its publisher signed it, and what it needs. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type LocalIndex, startLocalIndex } from "@pubpin/test-kit/node";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { realFiles } from "../../../../scripts/wheels.ts";
import { realObjects } from "../../../real/objects.ts";
import { whyNoData } from "../../../support/data-folder.ts";

/** The wheels that pip has downloaded, and an index of two of them. */
export interface RealIndex {
  readonly index: LocalIndex;
  /** The path of a wheel. */
  readonly wheel: (filename: string) => string;
}

const SAMPLE = "sampleproject-4.0.0-py3-none-any.whl";
const PEPPERCORN = "peppercorn-0.6-py3-none-any.whl";

/** An index for the tests of a file; without the real wheels or their provenance they are skipped. */
export function useRealIndex(): () => RealIndex {
  let missing: string | null = whyNoData();
  let real: RealIndex | null = null;
  beforeAll(async () => {
    if (missing !== null) return;
    const files = await realFiles();
    if ("missing" in files) missing = files.missing;
    else real = await startRealIndex(files.folder);
  }, 300_000);
  afterAll(async () => {
    await real?.index.close();
  });
  beforeEach((context) => {
    if (missing !== null) context.skip(missing);
  });
  return () => {
    if (real === null) throw new Error("the index has not started");
    return real;
  };
}

async function startRealIndex(folder: string): Promise<RealIndex> {
  const wheel = (filename: string): string => join(folder, filename);
  const objects = await realObjects();
  const provenance = objects.find(({ distribution, file }) => {
    return distribution === SAMPLE && file.endsWith(".provenance");
  })?.bytes;
  if (provenance === undefined) throw new Error(`no provenance of ${SAMPLE} among the data`);
  const index = await startLocalIndex({
    files: [
      { filename: SAMPLE, content: await readFile(wheel(SAMPLE)), provenance },
      { filename: PEPPERCORN, content: await readFile(wheel(PEPPERCORN)) },
    ],
  });
  return { index, wheel };
}
