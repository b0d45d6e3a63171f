/** Whose certificates are taken for an index's: those of Node, or those that the environment names. */
import { readdir, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { getCACertificates } from "node:tls";
import { PubpinError } from "@pubpin/shared";
import { type Environment, firstSet, isOn } from "./environment.ts";
import { MAX_CERTIFICATES_BYTES } from "./limits.ts";
import { readWholeFile, unreadable } from "./read-file.ts";

/** The variables that name a file (or, for some, a folder) of certificates: uv's, then pip's. */
const FILES = ["SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"];
const FOLDERS = ["SSL_CERT_DIR"];
/** uv's switches for the certificates of the operating system. */
const SYSTEM = ["UV_SYSTEM_CERTS", "UV_NATIVE_TLS"];
const BEGIN = "-----BEGIN CERTIFICATE-----";

/**
 * The authorities (PEM) to trust in place of Node's own, or null where the environment names none.
 * What SSL_CERT_FILE and the like name replaces Node's list, as it does for uv and pip; UV_NATIVE_TLS
 * adds the operating system's. What NODE_EXTRA_CA_CERTS names is trusted in every case.
 *
 * @throws FILE_UNREADABLE LIMIT_EXCEEDED where a variable names what is not there
 * @throws USAGE_INVALID where what it names holds no certificate
 */
export async function readAuthorities(env: Environment): Promise<readonly string[] | null> {
  const named = firstSet(env, FILES) ?? firstSet(env, FOLDERS);
  if (named !== null) {
    const paths = FOLDERS.includes(named.name) ? named.value.split(delimiter) : [named.value];
    const found = (await Promise.all(paths.map((path) => readPath(path, named.name)))).flat();
    if (found.length === 0) {
      throw new PubpinError("USAGE_INVALID", `${named.name}: expected certificates, found none`);
    }
    return [...found, ...getCACertificates("extra")];
  }
  if (!SYSTEM.some((name) => isOn(env[name]))) return null;
  return [...getCACertificates("default"), ...getCACertificates("system")];
}

async function readPath(path: string, name: string): Promise<readonly string[]> {
  const what = `${name} (${path})`;
  const stats = await stat(path).catch((error: unknown) => {
    throw unreadable(what, error);
  });
  if (!stats.isDirectory()) return certificatesIn(await readText(path, what));
  const entries = await readdir(path, { withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name);
  const texts = await Promise.all(
    files.map((file) => readText(join(path, file), what).catch(ifUnreadable)),
  );
  return [...new Set(texts.flatMap(certificatesIn))];
}

async function readText(path: string, what: string): Promise<string> {
  return new TextDecoder().decode(await readWholeFile(path, MAX_CERTIFICATES_BYTES, what));
}

/** Of a folder, what cannot be read is passed over: that can only mean less trust. */
function ifUnreadable(error: unknown): string {
  if (error instanceof PubpinError) return "";
  throw error;
}

function certificatesIn(text: string): readonly string[] {
  return text.includes(BEGIN) ? [text] : [];
}
