/** States of a small project. */
import {
  mintedFile,
  type MintedPackage,
  type MintedPinsOptions,
  mintPins,
  mintUvLock,
} from "@pubpin/test-kit/node";

/** The usual name of the file with the pins. */
export const PINS = ".provenance.txt";

const BETA: MintedPackage = { name: "beta" };

/** What the project begins with: alpha and beta, both 1.0. */
export const BASE: string = mintUvLock([{ name: "alpha" }, BETA]);
/** Alpha is 2.0. */
export const BUMPED: string = mintUvLock([{ name: "alpha", version: "2.0" }, BETA]);
/** Alpha is 3.0. */
export const BUMPED_AGAIN: string = mintUvLock([{ name: "alpha", version: "3.0" }, BETA]);
/** Another package beside them. */
export const GROWN: string = mintUvLock([{ name: "alpha" }, BETA, { name: "gamma" }]);
/** Alpha 1.0 has got a further wheel. */
export const LATE_WHEEL: string = mintUvLock([
  { name: "alpha", files: [mintedFile("alpha"), mintedFile("alpha", "1.0", "win32")] },
  BETA,
]);
/** Alpha has no hash. */
export const WITHOUT_HASH: string = mintUvLock([
  { name: "alpha", files: [{ ...mintedFile("alpha"), sha256: null }] },
  BETA,
]);
/** The same as BASE, written in another way. */
export const REFORMATTED: string = `# Written again.\n${BASE.replaceAll(" = ", "  =  ")}\n`;

/** A uv.lock together with the `.provenance.txt` of exactly this lock. */
export async function reviewed(
  lock: string,
  options?: MintedPinsOptions,
): Promise<Record<string, string>> {
  return { "uv.lock": lock, [PINS]: await mintPins({ "uv.lock": lock }, options) };
}

/** A text without the lines whose key has this beginning. */
export function withoutLine(pins: string, key: string): string {
  const lines = pins.split("\n");
  const kept = lines.filter((line) => !`${line} `.startsWith(`${key} `));
  if (kept.length === lines.length) throw new Error(`expected a line ${key} in:\n${pins}`);
  return kept.join("\n");
}
