/** A lock is verified while uv looks at it; what comes of that counts for this lock and these pins alone. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createSigstore } from "@pubpin/test-kit";
import { startLocalIndex } from "@pubpin/test-kit/node";
import { afterAll, expect, test } from "vitest";
import type { Plan } from "../../../../packages/cli/src/commands/tofu.ts";
import { withSession, type World } from "../../../../packages/cli/src/session.ts";
import { checkAhead } from "../../../../packages/cli/src/wrap/uv/ahead.ts";
import { projectOfLock } from "../../../../packages/cli/src/wrap/uv/approval.ts";
import { folders } from "../../command/support/command.ts";
import { locked, OCTO, OCTO_PIN, uvLock, wheel } from "../../command/support/project.ts";

const newFolder = folders();
const sigstore = await createSigstore();
const index = await startLocalIndex({ sigstore });
afterAll(() => index.close());
const root = join(newFolder(), "trusted_root.json");
writeFileSync(root, await sigstore.trustedRootJson());
const foo = wheel("foo", "a", OCTO);
index.addFile(foo);
const LOCK = uvLock(index.simpleUrl, [{ name: "foo", version: "1.0", files: [locked(foo)] }]);
const PINS = `#index:* ${index.simpleUrl}\nfoo ${OCTO_PIN}\n`;

/** What came of verifying the lock ahead, where something happens before it is asked for. */
async function verifiedAhead(
  meanwhile: (folder: string) => void = () => undefined,
): Promise<Plan | null> {
  const folder = newFolder();
  const lock = join(folder, "uv.lock");
  writeFileSync(lock, LOCK);
  writeFileSync(join(folder, ".provenance.txt"), PINS);
  const world: World = {
    cwd: folder,
    env: { HOME: folder, PUBPIN_CACHE_DIR: join(folder, ".cache") },
    out: () => undefined,
    note: () => undefined,
    write: () => undefined,
    signal: new AbortController().signal,
    ask: async () => "nobody",
    isTerminal: false,
  };
  const options = { strict: false, offline: true, cache: true, quiet: true, trustedRoot: root };
  let plan: Plan | null = null;
  await withSession(world, { ...options, index: index.simpleUrl }, async (session) => {
    const call = { session, invocation: { pinsFile: undefined } };
    const ahead = checkAhead(call, lock);
    ahead.start();
    // Until the index was asked, the lock and the pins were read.
    const asked = index.requests.length;
    await expect.poll(() => index.requests.length).toBeGreaterThan(asked);
    meanwhile(folder);
    const text = readFileSync(lock, "utf8");
    plan = await ahead.planOf(await projectOfLock(call, lock, text), text);
    await ahead.close();
  });
  return plan;
}

test("it counts where nothing has changed", async () => {
  const plan = await verifiedAhead();
  expect(plan?.exitCode).toBe(0);
});

test("it does not count for another lock", async () => {
  const plan = await verifiedAhead((folder) => {
    writeFileSync(join(folder, "uv.lock"), `${LOCK}\n`);
  });
  expect(plan).toBeNull();
});

test("it does not count for other pins", async () => {
  const plan = await verifiedAhead((folder) => {
    writeFileSync(join(folder, ".provenance.txt"), PINS.replace("octo/", "mallory/"));
  });
  expect(plan).toBeNull();
});
