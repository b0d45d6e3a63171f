/** Answers to installers: conditions and ranges (RFC 9110), and never less than what was verified. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import type { FileBody } from "./downloads.ts";

/** An answer. */
export interface Reply {
  readonly status: number;
  /** The reason after the status, where it says more than the usual one. ASCII. */
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly type: string;
  readonly body: FileBody;
  /** In quotes; what has one is worth asking for again. */
  readonly etag?: string;
}

interface Part {
  readonly start: number;
  /** The last byte, which is part of it; less than `start` for no bytes. */
  readonly end: number;
}

const TEXT = "text/plain; charset=utf-8";
/** Everything is asked for anew each time: what is accepted now may be refused then. */
const COMMON = { "cache-control": "no-cache", "x-content-type-options": "nosniff" } as const;
const RANGE = /^bytes=(?<first>[0-9]{0,15})-(?<last>[0-9]{0,15})$/;

/** An answer in words. */
export function textReply(status: number, text: string, headers: Reply["headers"] = {}): Reply {
  return { status, type: TEXT, body: Buffer.from(`${text}\n`), headers };
}

/** Sends an answer: all of it, the part asked for, or that nothing has changed. */
export async function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
): Promise<void> {
  const { etag, type, body } = reply;
  const size = Buffer.isBuffer(body) ? body.length : body.size;
  const fixed = { ...COMMON, ...(etag === undefined ? {} : { etag }), ...reply.headers };
  if (reply.status === 200 && etag !== undefined) {
    if (isKnown(request.headers["if-none-match"], etag)) {
      response.writeHead(304, fixed).end();
      return;
    }
    const part = partOf(request, size, etag);
    if (part === "none") {
      const headers = { ...fixed, "content-range": `bytes */${size}`, "content-length": "0" };
      response.writeHead(416, headers).end();
      return;
    }
    const ranged = { ...fixed, "accept-ranges": "bytes", "content-type": type };
    if (part !== "all") {
      const length = part.end - part.start + 1;
      const range = `bytes ${part.start}-${part.end}/${size}`;
      response.writeHead(206, { ...ranged, "content-range": range, "content-length": length });
      return sendBody(request, response, body, part);
    }
    response.writeHead(200, { ...ranged, "content-length": size });
    return sendBody(request, response, body, { start: 0, end: size - 1 });
  }
  const headers = { ...fixed, "content-type": type, "content-length": size };
  if (reply.reason === undefined) response.writeHead(reply.status, headers);
  else response.writeHead(reply.status, reply.reason, headers);
  return sendBody(request, response, body, { start: 0, end: size - 1 });
}

async function sendBody(
  { method }: IncomingMessage,
  response: ServerResponse,
  body: FileBody,
  { start, end }: Part,
): Promise<void> {
  if (method === "HEAD" || end < start) response.end();
  else if (Buffer.isBuffer(body)) response.end(body.subarray(start, end + 1));
  else {
    const file = await open(body.path);
    await pipeline(file.createReadStream({ start, end }), response);
  }
}

/** If-None-Match (RFC 9110, section 13.1.2). */
function isKnown(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const known = new Set(header.split(",").map((each) => each.trim().replace(/^W\//, "")));
  return known.has(etag) || known.has("*");
}

/** Range and If-Range (RFC 9110, sections 13.1.5 and 14.2); several ranges get all of it. */
function partOf({ headers }: IncomingMessage, size: number, etag: string): Part | "all" | "none" {
  const condition = headers["if-range"];
  const { first, last } = RANGE.exec(headers.range ?? "")?.groups ?? {};
  if (first === undefined || last === undefined || (first === "" && last === "")) return "all";
  if (condition !== undefined && condition !== etag) return "all";
  const start = first === "" ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== "" && last !== "" && Number(last) < start) return "all";
  return start > end ? "none" : { start, end };
}
