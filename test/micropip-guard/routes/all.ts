/** Every way by which something gets into Pyodide, tried on one pair of versions. */
import { describe } from "vitest";
import type { Pair } from "../support/pairs.ts";
import { describeArchives } from "./archives.ts";
import { describeAtOnce } from "./at-once.ts";
import { describeLayers } from "./layers.ts";
import { describeLoadPackage } from "./load-package.ts";
import { describeMicropip } from "./micropip.ts";
import { useSetting } from "./setting.ts";

/** Tries every way on a pair of versions; nothing that is refused may ever be installed. */
export function describeRoutes(pair: Pair): void {
  describe(`${pair.pyodide} with micropip ${pair.micropip}`, () => {
    const setting = useSetting(pair);
    describeMicropip(setting);
    describeAtOnce(setting);
    describeLoadPackage(setting);
    describeArchives(setting);
    describeLayers(setting);
  });
}
