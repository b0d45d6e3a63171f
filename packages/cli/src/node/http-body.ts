import { PubpinError } from "@pubpin/shared";
import { redactUrl } from "./redact.ts";

/**
 * The whole body of an answer.
 *
 * @param url where it came from, for messages
 * @throws INDEX_RESPONSE_INVALID when it has more than `maxBytes`
 * @throws what reading the body throws
 */
export async function readBody(
  response: Response,
  maxBytes: number,
  url: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
  const parts: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const part = await reader?.read();
    if (part === undefined || part.done) return new Uint8Array(Buffer.concat(parts, length));
    length += part.value.length;
    if (length > maxBytes) {
      await reader?.cancel();
      throw new PubpinError(
        "INDEX_RESPONSE_INVALID",
        `${redactUrl(url)}: expected at most ${maxBytes} bytes, found more`,
      );
    }
    parts.push(part.value);
  }
}
