/**
 * What uv has built before. Its cache, and its environments, know a build by what it was made from and
 * by the variables that it was made with, but not by the tools that made it: those of a run without
 * pubpin were checked by nobody. A variable of our own tells the two apart (uv documentation,
 * "extra-build-variables").
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Distribution } from "@pubpin/shared";
import { updateFile } from "../../node/atomic-write.ts";
import { cacheFolder } from "../../node/cache-folder.ts";
import type { Environment } from "../../node/environment.ts";
import { MAX_BUILD_MARK_BYTES } from "../../node/limits.ts";
import { readFileIfAny } from "../../node/read-file.ts";
import { type Table, tableIn } from "./configuration.ts";

const VARIABLE = "PUBPIN_BUILD";
const FILE = "uv-builds";
const SECRET = /^[0-9a-f]{32}\n$/;

/**
 * Settings for uv, by which it takes no build that was made without pubpin.
 *
 * @param distributions of the lock
 * @param configuration to which these settings are added
 * @param pinsPath builds by other pins are no builds by these
 */
export async function separateBuilds(
  distributions: readonly Distribution[],
  configuration: Table,
  env: Environment,
  pinsPath: string,
): Promise<Table> {
  const secret = await ownSecret(env);
  const mark = createHash("sha256").update(`${secret} ${pinsPath}`).digest("hex");
  const before = tableIn(configuration, "extra-build-variables");
  const built = distributions.filter(({ source, files }) => {
    const isSdist = files.some(({ filename }) => filename !== null && !filename.endsWith(".whl"));
    return source.kind !== "index" || isSdist;
  });
  const entries = built.map(({ name }): readonly [string, Table] => [
    name,
    { ...tableIn(before, name), [VARIABLE]: mark },
  ]);
  if (entries.length === 0) return {};
  return { "extra-build-variables": { ...before, ...Object.fromEntries(entries) } };
}

/** The same from run to run, and known to nobody else; where there is no cache, new each time. */
async function ownSecret(env: Environment): Promise<string> {
  const folder = cacheFolder(env);
  let secret = randomBytes(16).toString("hex");
  if (folder === null) return secret;
  const path = join(folder, FILE);
  const known = secretIn(await readFileIfAny(path, MAX_BUILD_MARK_BYTES, path));
  if (known !== null) return known;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await updateFile(
    path,
    (old) => {
      const found = secretIn(old);
      secret = found ?? secret;
      return found === null ? `${secret}\n` : null;
    },
    { maxBytes: MAX_BUILD_MARK_BYTES },
  );
  return secret;
}

function secretIn(bytes: Uint8Array | null): string | null {
  const text = bytes === null ? "" : new TextDecoder().decode(bytes);
  return SECRET.test(text) ? text.trim() : null;
}
