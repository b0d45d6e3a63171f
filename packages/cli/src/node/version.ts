import { readFileSync } from "node:fs";

/** The package's own manifest: two folders above this file, be it a source or built. */
const MANIFEST = new URL("../../package.json", import.meta.url);

/** The version of pubpin that is running. */
export const PUBPIN_VERSION: string = (
  JSON.parse(readFileSync(MANIFEST, "utf8")) as { readonly version: string }
).version;
