/** Answers of a local index, and how they reach the client. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { AnswerFault } from "./faults.ts";
import { sha256Hex } from "./wheel.ts";

/** An answer. */
export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Seconds for which PyPI calls its pages and provenance fresh. */
const MAX_AGE = 600;
const JSON_TYPE = "application/json";
/** PyPI's CORS headers. */
const CORS = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET",
  "access-control-allow-headers":
    "Content-Type, If-Match, If-Modified-Since, If-None-Match, If-Unmodified-Since",
  "access-control-max-age": "86400",
} as const;
/** PyPI sends CORS headers with what went well, and with the redirect to a normalised name. */
const WITH_CORS: ReadonlySet<number> = new Set([200, 206, 301, 304]);

/** An answer with status 200. */
export function found(type: string, body: Uint8Array | string): Reply {
  return { status: 200, type, body: typeof body === "string" ? Buffer.from(body, "utf8") : body };
}

/** An error, as PyPI words it in JSON. */
export function refused(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const body = Buffer.from(JSON.stringify({ message }), "utf8");
  return { status, type: JSON_TYPE, body, headers };
}

/** A redirect. */
export function moved(to: string, status = 302): Reply {
  return { ...refused(status, "moved"), headers: { location: to } };
}

/** What becomes of an answer by a fault that changes what it says. */
export function faulty(reply: Reply, fault: AnswerFault | null): Reply {
  switch (fault?.kind) {
    case "status": {
      const { status, retryAfter } = fault;
      return refused(
        status,
        "out of order",
        retryAfter === undefined ? {} : { "retry-after": retryAfter },
      );
    }
    case "redirect":
      return moved(fault.to);
    case "body":
      return { ...reply, body: Buffer.from(fault.body, "utf8") };
    case "huge":
      return {
        ...reply,
        body: Buffer.concat([reply.body], fault.bytes).fill(" ", reply.body.length),
      };
    case "html":
      return found("text/html", "<!DOCTYPE html><html><body><form>Log in</form></body></html>");
    case "content-type":
      return { ...reply, type: fault.type };
    default:
      return reply;
  }
}

/** Sends an answer, with the fault of the way there. Gives the status that the client sees. */
export async function send(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
  fault: AnswerFault | null,
  signal: AbortSignal,
): Promise<number> {
  if (fault?.kind === "slow") await delay(fault.ms, undefined, { signal });
  if (fault?.kind === "reset") {
    request.socket.destroy();
    return 0;
  }
  const actual = conditional(request, reply);
  const cors = fault?.kind !== "no-cors" && WITH_CORS.has(actual.status) ? CORS : {};
  response.writeHead(actual.status, {
    ...cors,
    ...actual.headers,
    ...(actual.status === 304 ? {} : { "content-type": actual.type }),
    ...(actual.status === 304 ? {} : { "content-length": String(actual.body.length) }),
  });
  if (fault?.kind === "cut-off") {
    response.write(actual.body.subarray(0, Math.floor(actual.body.length / 2)), () => {
      request.socket.destroy();
    });
  } else {
    response.end(request.method === "HEAD" ? undefined : actual.body);
  }
  return actual.status;
}

/** ETag, If-None-Match (RFC 9110, section 13.1.2) and Range (section 14.2). */
function conditional(request: IncomingMessage, reply: Reply): Reply {
  if (reply.status !== 200) return reply;
  const etag = `"${sha256Hex(reply.body).slice(0, 32)}"`;
  const headers = {
    "cache-control": `max-age=${MAX_AGE}, public`,
    "accept-ranges": "bytes",
    ...reply.headers,
    etag,
  };
  const known = (request.headers["if-none-match"] ?? "").split(/[ \t]*,[ \t]*/);
  if (known.includes(etag)) return { ...reply, status: 304, headers, body: new Uint8Array() };
  const range = request.headers.range;
  return range === undefined ? { ...reply, headers } : partial({ ...reply, headers }, range);
}

function partial(reply: Reply, range: string): Reply {
  const { length } = reply.body;
  const match = /^bytes=(?<first>[0-9]*)-(?<last>[0-9]*)$/.exec(range)?.groups;
  const [first, last] = [match?.["first"] ?? "", match?.["last"] ?? ""];
  if (first === "" && last === "") return reply;
  const start = first === "" ? Math.max(length - Number(last), 0) : Number(first);
  const end = first === "" || last === "" ? length - 1 : Math.min(Number(last), length - 1);
  if (start > end) {
    return refused(416, "range not satisfiable", { "content-range": `bytes */${length}` });
  }
  return {
    ...reply,
    status: 206,
    body: reply.body.subarray(start, end + 1),
    headers: { ...reply.headers, "content-range": `bytes ${start}-${end}/${length}` },
  };
}
