/** What is answered to which request. Nothing leaves here that was not decided about. */
import {
  type Decision,
  fail,
  normalizeName,
  PubpinError,
  requireNotQuarantined,
} from "@pubpin/shared";
import { MAX_GUARDED_FILE_BYTES, MAX_METADATA_BYTES } from "../node/limits.ts";
import { isSameUrl, type Target } from "./addresses.ts";
import type { Downloaded, Downloads } from "./downloads.ts";
import { readWrittenName } from "./filename.ts";
import type { Judge, Judged, Listed } from "./judge.ts";
import { homesOf, type NamesContext } from "./names.ts";
import { shownPage, writePage } from "./page.ts";
import { type Asked, refusalByError, refusalOf } from "./refusals.ts";
import { type Reply, textReply } from "./reply.ts";
import type { GuardingEvent, HiddenFiles, Refusal } from "./types.ts";
import type { WheelFacts } from "./wheel.ts";

/** All that answers are made from. */
export interface Guard extends NamesContext {
  /** The URLs of the upstreams, without credentials and slash at the end. */
  readonly urls: readonly string[];
  readonly judge: Judge;
  readonly downloads: Downloads;
  readonly readWheel: (file: Downloaded) => Promise<WheelFacts>;
  /** The Authorization header for a URL that an upstream's page names, or null. */
  readonly authorization: (url: string, upstream: number) => string | null;
  readonly tofu: "refuse" | "accept";
  /** The files that were served before. */
  readonly served: WeakSet<Downloaded>;
  readonly onEvent: (event: GuardingEvent) => void;
  readonly onHidden: (hidden: HiddenFiles) => void;
}

const BINARY = "application/octet-stream";
/** Characters. */
const MAX_REASON = 500;
const REASON: Readonly<Record<Refusal["status"], string>> = {
  403: "Refused by pubpin",
  502: "Not verified by pubpin",
};
/** Decisions that trust on first use may settle, once the bytes are there. */
const MAY_BE_NEW: ReadonlySet<Decision["code"]> = new Set(["PUBLISHER_UNPINNED", "INDEX_CHANGED"]);

/**
 * The answer to a request for a page.
 *
 * @param accept the Accept header
 */
export async function answerPage(
  { upstream, name: asked, hasSlash }: Target & { readonly kind: "page" },
  accept: string,
  guard: Guard,
): Promise<Reply> {
  const name = normalized(asked);
  const index = guard.urls[upstream];
  if (name === null || index === undefined) return notFound();
  if (name !== asked || !hasSlash) {
    const location = `${hasSlash ? "../" : ""}${name}/`;
    return textReply(301, `this page is at ${location}`, { location });
  }
  return guarded({ name, filename: null, index }, guard, async () => {
    const homes = await homesOf(name, guard);
    if (!homes.includes(upstream)) {
      const others = homes.map((position) => guard.urls[position] ?? "").join(", ");
      return textReply(404, `${name} is not taken from this index, but from: ${others || "none"}`);
    }
    const project = await guard.pages.pageIfAny(upstream, name);
    if (project === null) return notFound();
    requireNotQuarantined(project);
    const page = shownPage(project, guard.judge.pins());
    if (page.hidden.length > 0) guard.onHidden({ name, index, filenames: page.hidden });
    guard.onEvent({ kind: "page", name, index, hidden: page.hidden.length });
    const { body, type, etag } = writePage(page, accept);
    return { status: 200, type, body, etag, headers: { vary: "Accept" } };
  });
}

/** The answer to a request for a file, by its URL. */
export async function answerFile(url: string, guard: Guard): Promise<Reply> {
  return answerListed(url, guard, async (listed, asked) => {
    const { file } = listed;
    const before = await lookBefore(listed, guard);
    if (before !== null) return refuse(refusalOf(before, asked), guard);
    const downloaded = await download(listed, guard);
    const judged = await judgedFile(listed, downloaded, guard);
    const decision = await guard.judge.judge(judged);
    if (decision.verdict !== "pass") {
      await guard.downloads.drop(file.url);
      return refuse(refusalOf(decision, asked), guard);
    }
    const again = guard.served.has(downloaded);
    guard.served.add(downloaded);
    guard.onEvent({ kind: "served", decision, size: downloaded.size, again });
    return fileReply(downloaded);
  });
}

/**
 * The answer to a request for the metadata beside a file (PEP 658). It is what the page says that it
 * is, or nothing; whether the file itself may be had is decided when that is asked for.
 */
export async function answerMetadata(url: string, guard: Guard): Promise<Reply> {
  return answerListed(url, guard, async (listed) => {
    const { file, project, upstream } = listed;
    const expected = project.extras?.get(file.filename)?.metadataSha256 ?? null;
    const isHidden = shownPage(project, guard.judge.pins()).hidden.includes(file.filename);
    if (expected === null || isHidden) return notFound();
    lookAhead(listed, guard);
    const from = besideFile(file.url);
    const downloaded = await guard.downloads.get({
      url: from,
      authorization: guard.authorization(from, upstream),
      maxBytes: MAX_METADATA_BYTES,
    });
    if (downloaded.sha256 !== expected) {
      await guard.downloads.drop(from);
      const found = `expected sha256:${expected}, as its page says, found sha256:${downloaded.sha256}`;
      fail("HASH_NOT_ON_INDEX", `the metadata of ${file.filename}: ${found}`);
    }
    return fileReply(downloaded);
  });
}

/** Whoever reads a file's metadata mostly wants the file next: its attestation is asked for now. */
function lookAhead(listed: Listed, { judge }: Guard): void {
  const { sha256 } = listed.file;
  if (sha256 !== null) void judge.look({ ...listed, sha256 }).catch(() => undefined);
}

function fileReply({ body, sha256 }: Downloaded): Reply {
  return { status: 200, type: BINARY, body, etag: `"sha256-${sha256}"` };
}

/**
 * A file with what it says of itself. What is installed in the end goes by a wheel's own METADATA,
 * and what is resolved by the metadata beside it: the one that its publisher signed counts.
 *
 * @throws HASH_NOT_ON_INDEX where they differ
 */
async function judgedFile(
  listed: Listed,
  downloaded: Downloaded,
  { readWheel }: Guard,
): Promise<Judged> {
  const { file, project } = listed;
  const { sha256 } = downloaded;
  if (!file.filename.endsWith(".whl") || sha256 !== file.sha256) return { ...listed, sha256 };
  const { metadataFolders, metadataSha256 } = await readWheel(downloaded);
  const claimed = project.extras?.get(file.filename)?.metadataSha256 ?? null;
  if (claimed !== null && claimed !== metadataSha256) {
    const found = metadataSha256 === null ? "none" : `sha256:${metadataSha256}`;
    fail(
      "HASH_NOT_ON_INDEX",
      `METADATA in ${file.filename}: expected sha256:${claimed}, as its page says, found ${found}`,
    );
  }
  return { ...listed, sha256, metadataFolders };
}

/** Decides by what the page says, while the bytes are on their way; null where they are needed. */
async function lookBefore(listed: Listed, guard: Guard): Promise<Decision | null> {
  const { sha256, url } = listed.file;
  if (sha256 === null) return null;
  void download(listed, guard).catch(() => undefined);
  const decision = await guard.judge.look({ ...listed, sha256 });
  if (decision.verdict === "pass") return null;
  if (guard.tofu === "accept" && MAY_BE_NEW.has(decision.code)) return null;
  await guard.downloads.drop(url);
  return decision;
}

async function download({ file, upstream }: Listed, guard: Guard): Promise<Downloaded> {
  return guard.downloads.get({
    url: file.url,
    authorization: guard.authorization(file.url, upstream),
    maxBytes: file.size ?? MAX_GUARDED_FILE_BYTES,
  });
}

async function answerListed(
  url: string,
  guard: Guard,
  answer: (listed: Listed, asked: Asked) => Promise<Reply>,
): Promise<Reply> {
  const named = namedBy(url);
  if (named === null) return notFound();
  const asked = { ...named, index: guard.urls.join(", ") };
  return guarded(asked, guard, async () => {
    const listed = await findListed(url, named, guard);
    if (listed === null) return notFound();
    const own = { ...named, index: listed.project.index };
    return guarded(own, guard, () => answer(listed, own));
  });
}

/** The file that a page has at this URL; of several pages, the one whose project it is. */
async function findListed(
  url: string,
  { name, filename }: Pick<Asked, "name"> & { readonly filename: string },
  guard: Guard,
): Promise<Listed | null> {
  for (const upstream of await homesOf(name, guard)) {
    const project = await guard.pages.pageIfAny(upstream, name);
    const file = project?.files.get(filename);
    if (project === null || file === undefined || !isSameUrl(file.url, url)) continue;
    return { upstream, project, file };
  }
  return null;
}

/** Turns errors into answers: a refusal, or that there is nothing. */
async function guarded(asked: Asked, guard: Guard, make: () => Promise<Reply>): Promise<Reply> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof PubpinError)) throw error;
    if (error.code === "PROJECT_NOT_ON_INDEX") return notFound();
    return refuse(refusalByError(error, asked), guard);
  }
}

function refuse(refusal: Refusal, { onEvent }: Guard): Reply {
  onEvent({ kind: "refused", refusal });
  const { status, code, message, text } = refusal;
  return {
    ...textReply(status, text),
    reason: inOneLine(`${REASON[status]}: ${code}: ${message}`),
  };
}

/** As a reason in the status line, which uv and pip show: visible ASCII (RFC 9112, section 4). */
function inOneLine(text: string): string {
  return text.replace(/[^ -~]/g, "?").slice(0, MAX_REASON);
}

function notFound(): Reply {
  return textReply(404, "not found");
}

function normalized(text: string): string | null {
  try {
    return normalizeName(decodeURIComponent(text));
  } catch (error) {
    if (error instanceof PubpinError || error instanceof URIError) return null;
    throw error;
  }
}

function namedBy(url: string): { readonly name: string; readonly filename: string } | null {
  if (!URL.canParse(url)) return null;
  const { pathname } = new URL(url);
  try {
    const filename = decodeURIComponent(pathname.slice(pathname.lastIndexOf("/") + 1));
    const written = readWrittenName(filename);
    return written === null ? null : { name: written.name, filename };
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** PEP 658: `.metadata` after the path. */
function besideFile(url: string): string {
  const beside = new URL(url);
  beside.pathname += ".metadata";
  return beside.href;
}
