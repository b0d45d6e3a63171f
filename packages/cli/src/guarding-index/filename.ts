/** What the name of a distribution's file says, as it is written. */
import { parseFilename, PubpinError } from "@pubpin/shared";

/** The name and version in the name of a file. */
export interface WrittenName {
  /** Normalised (PEP 503). */
  readonly name: string;
  /** As it is written: `1.0`, which as a version is the same as `1`. */
  readonly version: string;
}

const SUFFIX = /\.(?:whl|tar\.gz|zip)$/;

/** Reads the name of a wheel or sdist; null for any other. */
export function readWrittenName(filename: string): WrittenName | null {
  try {
    const { kind, name } = parseFilename(filename);
    const parts = filename.replace(SUFFIX, "").split("-");
    return { name, version: parts.at(kind === "wheel" ? 1 : -1) ?? "" };
  } catch (error) {
    if (error instanceof PubpinError) return null;
    throw error;
  }
}
