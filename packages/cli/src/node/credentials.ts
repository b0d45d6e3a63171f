/** User names and passwords for indexes, from where pip and uv take them. No message shows any. */
import { PubpinError } from "@pubpin/shared";
import type { Environment } from "./environment.ts";
import { type Netrc, readNetrc } from "./netrc.ts";
import { redactUrl } from "./redact.ts";
import { namedByEnvironment, namedByProject, type NamedIndex, withoutName } from "./uv-indexes.ts";

/** Where credentials come from. */
export interface CredentialSources {
  readonly env: Environment;
  /** The folder of the lock: uv's configuration there names indexes. */
  readonly folder: string;
  /** Further URLs that may hold credentials, such as the `logins` of a lock. */
  readonly urls?: readonly string[];
  /** The user's home folder, for `.netrc`; by default the system says it. */
  readonly home?: string;
  /** Hears of a netrc file that cannot be used; then it counts as empty. */
  readonly onWarning: (message: string) => void;
}

/** The Authorization header for the URL of an index, or null. */
export type Authorization = (indexUrl: string) => string | null;

interface Credentials {
  readonly url: URL;
  readonly header: string;
}

/** Variables with URLs, in the order in which they count. */
const URL_LISTS = [
  "UV_INDEX",
  "UV_DEFAULT_INDEX",
  "UV_INDEX_URL",
  "UV_EXTRA_INDEX_URL",
  "PIP_INDEX_URL",
  "PIP_EXTRA_INDEX_URL",
];
const UV_VARIABLE = /^UV_INDEX_(?<name>.+)_(?:USERNAME|PASSWORD)$/;
const HAS_LOGIN = /:\/\/[^/]*@/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Collects credentials: from given URLs, uv's UV_INDEX_NAME_USERNAME and _PASSWORD, the URLs of
 * uv's and pip's variables, and netrc, in this order. Those that come with a URL are for the index
 * of that URL, or for others of the same origin where it is certain which. Those of netrc are sent
 * over https only, or to this machine: the file does not say which scheme its hosts are meant with.
 *
 * @throws CREDENTIALS_INVALID for a variable that is no URL or not percent-encoded
 * @throws USAGE_INVALID FILE_UNREADABLE LIMIT_EXCEEDED for a configuration that names indexes
 */
export async function collectCredentials(sources: CredentialSources): Promise<Authorization> {
  const { env, folder, urls = [], home, onWarning } = sources;
  const given = urls.flatMap((url) => fromUrl(url, "a lock's index"));
  const known = [...given, ...(await fromUv(env, folder)), ...fromLists(env)];
  const netrc = await readNetrc(env, home).catch((error: unknown) => {
    if (!(error instanceof PubpinError)) throw error;
    onWarning(`${error.message}: no credentials are taken from it`);
    return new Map();
  });
  return (indexUrl) => {
    if (!URL.canParse(indexUrl)) return null;
    const url = new URL(indexUrl);
    return matching(url, known) ?? fromNetrc(url, netrc);
  };
}

function fromLists(env: Environment): readonly Credentials[] {
  return URL_LISTS.flatMap((variable) =>
    (env[variable] ?? "")
      .split(/\s+/)
      .filter((entry) => HAS_LOGIN.test(entry))
      .flatMap((entry) => fromUrl(withoutName(entry), variable)),
  );
}

/** uv's names are matched in capitals, with everything but letters and digits as an underscore. */
async function fromUv(env: Environment, folder: string): Promise<readonly Credentials[]> {
  const names = new Set(
    Object.keys(env).flatMap((key) => UV_VARIABLE.exec(key)?.groups?.["name"] ?? []),
  );
  if (names.size === 0) return [];
  const indexes: readonly NamedIndex[] = [
    ...namedByEnvironment(env),
    ...(await namedByProject(folder)),
  ];
  return indexes.flatMap(({ name, url }) => {
    const variable = name.toUpperCase().replace(/[^A-Z0-9]/g, "_");
    if (!names.has(variable) || !URL.canParse(url)) return [];
    const user = env[`UV_INDEX_${variable}_USERNAME`] ?? "";
    const password = env[`UV_INDEX_${variable}_PASSWORD`] ?? "";
    return [{ url: new URL(url), header: basic(user, password) }];
  });
}

function fromUrl(text: string, where: string): readonly Credentials[] {
  if (!URL.canParse(text)) {
    throw new PubpinError("CREDENTIALS_INVALID", `${where}: expected a URL, found something else`);
  }
  const url = new URL(text);
  if (url.username === "" && url.password === "") return [];
  try {
    const user = decodeURIComponent(url.username);
    return [{ url, header: basic(user, decodeURIComponent(url.password)) }];
  } catch {
    throw new PubpinError(
      "CREDENTIALS_INVALID",
      `${where}: ${redactUrl(url)}: user name and password are not percent-encoded`,
    );
  }
}

function matching(url: URL, known: readonly Credentials[]): string | null {
  const exact = known.find(
    (each) => pathOf(each.url) === pathOf(url) && isSameOrigin(each.url, url),
  );
  if (exact !== undefined) return exact.header;
  const headers = known.filter((each) => isSameOrigin(each.url, url)).map(({ header }) => header);
  const [header = null, ...others] = new Set(headers);
  return others.length === 0 ? header : null;
}

function fromNetrc(url: URL, netrc: Netrc): string | null {
  const login = netrc.get(url.hostname) ?? netrc.get(url.host);
  if (login === undefined) return null;
  const isPrivate = url.protocol === "https:" || LOOPBACK.test(url.hostname);
  return isPrivate ? basic(login.user, login.password) : null;
}

function isSameOrigin(a: URL, b: URL): boolean {
  return a.origin === b.origin && a.origin !== "null";
}

function pathOf(url: URL): string {
  return url.pathname.replace(/\/+$/, "");
}

/** RFC 7617, in UTF-8. */
function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}
