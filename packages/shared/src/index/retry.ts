/** Requests that are made again when it may help. */
import { PubpinError, fail } from "../errors.ts";
import { MAX_RETRY_WAIT_MS } from "../limits.ts";
import type { Clock } from "./clock.ts";
import { type RawAnswer, type Request, type RequestOptions, makeRequest } from "./request.ts";
import { quoteUrl } from "./url.ts";

/** What became of one attempt. */
export interface RequestEvent {
  /** Without credentials. */
  readonly url: string;
  /** 1 for the first attempt; 0 where a stored answer was fresh and nothing was asked. */
  readonly attempt: number;
  /** The status of the answer; null where there was no answer, or a stored one. */
  readonly status: number | null;
}

/** How requests are made and made again. */
export interface RetryOptions extends RequestOptions {
  readonly clock: Clock;
  /** How often a request is made at most, the first time included. */
  readonly attempts: number;
  readonly onRequest: ((event: RequestEvent) => void) | undefined;
}

type Outcome = { readonly answer: RawAnswer } | { readonly failure: PubpinError };

/** Statuses of a server that may answer otherwise a moment later. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);
const FIRST_WAIT_MS = 500;

/**
 * Makes a request until there is an answer whose status is not a passing one. Between attempts it
 * waits for as long as the server asks (Retry-After), else for a time that doubles, less a random
 * part of up to a half.
 *
 * @throws INDEX_UNREACHABLE when no attempt got a whole answer
 * @throws INDEX_ERROR when the last attempt got a passing status
 * @throws INDEX_RESPONSE_INVALID as `makeRequest`
 * @throws the reason of `options.signal` once that is aborted
 */
export async function makeRequests(
  request: Request,
  etag: string | null,
  options: RetryOptions,
): Promise<RawAnswer> {
  const { clock, attempts, onRequest } = options;
  for (let attempt = 1; ; attempt++) {
    const outcome = await attempted(request, etag, options);
    const answer = "answer" in outcome ? outcome.answer : null;
    onRequest?.({ url: request.url, attempt, status: answer?.status ?? null });
    if (answer !== null && !PASSING.has(answer.status)) return answer;
    const asked = answer === null ? null : retryAfter(answer.headers, clock.now());
    if (attempt >= attempts || (asked ?? 0) > MAX_RETRY_WAIT_MS) {
      return giveUp(request, outcome, attempt, asked);
    }
    const wait = FIRST_WAIT_MS * 2 ** (attempt - 1) * (1 - clock.random() / 2);
    await clock.sleep(Math.max(wait, asked ?? 0), options.signal);
  }
}

async function attempted(
  request: Request,
  etag: string | null,
  options: RetryOptions,
): Promise<Outcome> {
  try {
    return { answer: await makeRequest(request, etag, options) };
  } catch (failure) {
    if (failure instanceof PubpinError && failure.code === "INDEX_UNREACHABLE") return { failure };
    throw failure;
  }
}

/** Milliseconds from now (RFC 9110, section 10.2.3), or null where the header is absent or odd. */
function retryAfter(headers: Headers, now: number): number | null {
  const value = headers.get("retry-after");
  if (value === null) return null;
  const ms = /^[0-9]{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(ms) ? null : Math.max(ms, 0);
}

function giveUp(
  { what, url }: Request,
  outcome: Outcome,
  attempts: number,
  asked: number | null,
): never {
  const times = attempts === 1 ? "" : ` (${attempts} attempts)`;
  if ("failure" in outcome) {
    const { message, cause } = outcome.failure;
    return fail("INDEX_UNREACHABLE", message + times, cause);
  }
  const patience = asked === null ? "" : `, which asks to wait ${Math.ceil(asked / 1000)} s`;
  return fail(
    "INDEX_ERROR",
    `${what}: from ${quoteUrl(url)}: expected an answer, ` +
      `found status ${outcome.answer.status}${patience}${times}`,
  );
}
