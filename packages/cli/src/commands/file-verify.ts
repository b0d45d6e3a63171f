import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename, resolve } from "node:path";
import {
  asciiJson,
  fail,
  jsonPublisher,
  MAX_DOCUMENT_BYTES,
  PUBLISH_PREDICATE,
  samePublisherUrl,
  verifyProvenance,
} from "@pubpin/shared";
import { describeSystemError, readWholeFile } from "../node/read-file.ts";
import type { Format } from "../render.ts";
import type { Session } from "../session.ts";

/** What `pubpin file verify` is told. */
export interface FileVerifyOptions {
  readonly distribution: string;
  readonly provenance: string;
  /** The publisher's repository URL, `mailto:` address or pipeline definition URL. */
  readonly repository: string;
  readonly format: Format;
}

/** The name and version of the JSON document. */
const SCHEMA = "pubpin-file/1";

/**
 * `pubpin file verify`: the distribution packager's check, of a file at hand with a provenance
 * object at hand, against a publisher that must have signed it. It needs no index.
 */
export async function fileVerify(session: Session, options: FileVerifyOptions): Promise<number> {
  const { cwd, out } = session.world;
  const path = resolve(cwd, options.distribution);
  const provenance = await readWholeFile(
    resolve(cwd, options.provenance),
    MAX_DOCUMENT_BYTES,
    options.provenance,
  );
  const file = { filename: basename(path), sha256: await sha256Of(path) };
  const { root } = await session.trustRoot();
  const publishers = await verifyProvenance(provenance, file, root);
  const expected = options.repository.replace(/\/$/, "");
  const published = publishers.filter((each) => each.predicateType === PUBLISH_PREDICATE);
  const match = published.find((each) =>
    samePublisherUrl(each, { kind: each.kind, url: expected }),
  );
  if (match === undefined) {
    const found = publishers.map(({ url }) => url).join(", ");
    fail("IDENTITY_MISMATCH", `${file.filename}: expected ${expected}, found ${found}`);
  }
  if (options.format === "json") {
    out(asciiJson({ schema: SCHEMA, exitCode: 0, ...file, publisher: jsonPublisher(match) }));
    return 0;
  }
  out(`${file.filename}: published by ${match.url}, ${match.workflow ?? "without a workflow"}\n`);
  return 0;
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  } catch (error) {
    return fail("FILE_UNREADABLE", `${path}: ${describeSystemError(error)}`, error);
  }
  return hash.digest("hex");
}
