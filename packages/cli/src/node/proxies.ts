/**
 * Which proxy a request goes through, by the variables that curl, pip and uv know: HTTP_PROXY,
 * HTTPS_PROXY, ALL_PROXY and NO_PROXY. The lower-case name of a variable comes before the other.
 */
import { BlockList, isIP } from "node:net";
import { PubpinError } from "@pubpin/shared";
import { type Environment, firstSet } from "./environment.ts";

/** Chooses the proxy for a URL: its URL, perhaps with user name and password, or null for none. */
export type ProxyChoice = (url: URL) => string | null;

/** Entries of NO_PROXY that are no addresses. An empty host stands for every host. */
interface ExcludedHost {
  readonly host: string;
  /** Only hosts below it, not itself: it began with `*.`. */
  readonly isBelow: boolean;
  /** Null for every port. */
  readonly port: string | null;
}

interface Exclusions {
  readonly hosts: readonly ExcludedHost[];
  readonly addresses: BlockList;
}

/** SOCKS with names that the proxy resolves is what is meant by all of these. */
const SCHEMES: Readonly<Record<string, string>> = {
  "http:": "http:",
  "https:": "https:",
  "socks:": "socks5:",
  "socks5:": "socks5:",
  "socks5h:": "socks5:",
};
const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const HOST_AND_PORT = /^(?:\[(?<v6>[0-9a-f:.]+)\]|(?<host>[^:]+))(?::(?<port>\d{1,5}))?$/i;

/**
 * Reads the proxies of an environment. HTTP_PROXY in capitals counts for nothing where a web server
 * runs the command (REQUEST_METHOD is set): there a visitor could set it.
 *
 * @throws USAGE_INVALID for what is no URL of a proxy
 */
export function readProxies(env: Environment): ProxyChoice {
  const isCgi = (env["REQUEST_METHOD"] ?? "") !== "";
  const all = readProxy(env, ["all_proxy", "ALL_PROXY"]);
  const http = readProxy(env, isCgi ? ["http_proxy"] : ["http_proxy", "HTTP_PROXY"]) ?? all;
  const https = readProxy(env, ["https_proxy", "HTTPS_PROXY"]) ?? all;
  const excluded = readExclusions(firstSet(env, ["no_proxy", "NO_PROXY"])?.value ?? "");
  return (url) => {
    const proxy = url.protocol === "https:" ? https : http;
    return proxy === null || isExcluded(url, excluded) ? null : proxy;
  };
}

/** A lower-case variable that is empty switches the other one off, as it does for pip. */
function readProxy(env: Environment, names: readonly string[]): string | null {
  const name = names.find((each) => env[each] !== undefined);
  const value = name === undefined ? "" : (env[name] ?? "").trim();
  if (name === undefined || value === "") return null;
  const text = HAS_SCHEME.test(value) ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  const scheme = SCHEMES[url?.protocol ?? ""];
  if (url === null || scheme === undefined || url.hostname === "") {
    throw new PubpinError(
      "USAGE_INVALID",
      `${name}: expected the URL of a proxy (http, https or socks5), found something else`,
    );
  }
  return `${scheme}${url.href.slice(url.protocol.length)}`;
}

function readExclusions(list: string): Exclusions {
  const hosts: ExcludedHost[] = [];
  const addresses = new BlockList();
  for (const entry of list.toLowerCase().split(/[\s,]+/)) {
    if (entry !== "" && !addAddresses(entry, addresses)) hosts.push(...readHost(entry));
  }
  return { hosts, addresses };
}

/** Adds an address or a network such as 10.0.0.0/8; says whether it was one. */
function addAddresses(entry: string, addresses: BlockList): boolean {
  const [address = "", bits, ...rest] = entry.replace(/^\[(.*)\]$/, "$1").split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  if (bits === undefined) addresses.addAddress(address, family);
  else if (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)) {
    addresses.addSubnet(address, Number(bits), family);
  }
  return true;
}

function readHost(entry: string): readonly ExcludedHost[] {
  const { v6, host = v6, port = null } = HOST_AND_PORT.exec(entry)?.groups ?? {};
  if (host === undefined) return [];
  if (host === "*") return [{ host: "", isBelow: false, port }];
  const plain = host.replace(/^\*?\./, "").replace(/\.$/, "");
  if (plain === "") return [];
  return [{ host: plain, isBelow: host.startsWith("*"), port }];
}

function isExcluded(url: URL, { hosts, addresses }: Exclusions): boolean {
  const name = url.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
  const version = isIP(name);
  if (version !== 0 && addresses.check(name, version === 4 ? "ipv4" : "ipv6")) return true;
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  return hosts.some((each) => {
    if (each.port !== null && each.port !== port) return false;
    if (each.host === "") return true;
    return name.endsWith(`.${each.host}`) || (!each.isBelow && name === each.host);
  });
}
