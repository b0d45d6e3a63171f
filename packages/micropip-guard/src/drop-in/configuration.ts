/** The drop-in's configuration: the file `micropip-guard.json` beside it. */
import {
  documentField,
  fail,
  type Fetch,
  type Field,
  quote,
  readFields,
  readText,
} from "@pubpin/shared";
import { MAX_CONFIGURATION_BYTES } from "../limits.ts";
import type { GuardMode, GuardOptions } from "../model.ts";
import { download } from "../settings.ts";
import { indexedDbStore } from "../store/indexed-db.ts";

/** The name of the file. */
export const FILENAME: string = "micropip-guard.json";

/** What the file says. */
export interface Configuration {
  /** Where the real `pyodide.mjs` is. */
  readonly pyodide: URL;
  readonly guard: GuardOptions;
}

/**
 * Reads the configuration. Its addresses may be relative to it. Only whoever can write beside the
 * drop-in decides: neither the page's address nor its storage is looked at, but in mode `tofu`,
 * whose pins are kept in the browser's database, for this site alone.
 *
 * @param fetch what the guard fetches with, too
 * @throws FILE_UNREADABLE where there is no such file
 * @throws LIMIT_EXCEEDED UTF8_INVALID JSON_INVALID USAGE_INVALID where it is not a configuration
 */
export async function readConfiguration(url: URL, fetch: Fetch): Promise<Configuration> {
  const bytes = await download(url, MAX_CONFIGURATION_BYTES, "application/json", fetch);
  const document = documentField(bytes, MAX_CONFIGURATION_BYTES, url.href, "USAGE_INVALID");
  const { pyodide, pins, mode, strict, index, provenanceIndex, trustedRoot } = readFields(
    document,
    ["pyodide", "pins"],
    ["mode", "strict", "index", "provenanceIndex", "trustedRoot"],
  );
  const address = (field: Field): URL => addressIn(field, url);
  return {
    pyodide: address(pyodide),
    guard: {
      pins: address(pins),
      // The guard judges these two itself.
      mode: mode?.value as GuardMode | undefined,
      strict: strict?.value as boolean | undefined,
      index: index && address(index).href,
      provenanceIndex: provenanceIndex && address(provenanceIndex).href,
      trustedRoot: trustedRoot && address(trustedRoot),
      store: mode?.value === "tofu" ? indexedDbStore(`micropip-guard ${url.pathname}`) : undefined,
      fetch,
    },
  };
}

/** The address at a field, which may be relative to the configuration's. */
function addressIn(field: Field, base: URL): URL {
  const text = readText(field);
  const expected = `${field.path}: expected an address, found ${quote(text)}`;
  if (!URL.canParse(text, base.href)) fail(field.code, expected);
  const url = new URL(text, base);
  if (url.protocol !== "https:" && url.protocol !== "http:") fail(field.code, expected);
  return url;
}
