/** The changes that real commits made to locks, as commits that the hook checks. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { DEFAULT_INDEX_URL } from "@pubpin/shared";
import { mintPins } from "@pubpin/test-kit/node";
import { expect, test } from "vitest";
import { hookSetting, verdict } from "../precommit/support/setting.ts";
import { PINS } from "../precommit/support/states.ts";
import { describeWithData } from "../support/data.ts";
import { dataPath } from "../support/data-folder.ts";

/** A change of one commit. */
interface Pair {
  readonly repo: string;
  readonly kind: string;
  readonly path: string;
}

/** The data has a neutral host in the place of the default index. */
const NEUTRAL_INDEX = "https://index.example/simple";

async function textOf({ repo, kind, path }: Pair, when: "before" | "after"): Promise<string> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const text = await readFile(dataPath("locks/pairs", repo, kind, when, name), "utf8");
  return text.replaceAll(NEUTRAL_INDEX, DEFAULT_INDEX_URL);
}

async function filesOf(pair: Pair, when: "before" | "after"): Promise<Record<string, string>> {
  const lock = await textOf(pair, when);
  return { [pair.path]: lock, [PINS]: await mintPins({ [pair.path]: lock }, { line: "unsigned" }) };
}

describeWithData("the change that a real commit made to a lock", async () => {
  const { startedWith } = hookSetting();
  const index = dataPath("locks/pairs/INDEX.json");
  const pairs = existsSync(index)
    ? (JSON.parse(await readFile(index, "utf8")) as readonly Pair[])
    : [];
  const asItIs = pairs.filter(({ kind }) => kind === "text-only");
  const needing = pairs.filter(({ kind }) => kind !== "text-only");

  test("is one of 18", () => {
    expect([asItIs.length, needing.length]).toEqual([3, 15]);
  });

  test.each(asItIs)("of $repo is accepted as it is: $kind", async (pair) => {
    const repository = await startedWith(await filesOf(pair, "before"));
    const end = await repository.commit({ [pair.path]: await textOf(pair, "after") });
    expect(verdict(end)).toBe("accepted");
  });

  test.each(needing)("of $repo is refused without the provenance file: $kind", async (pair) => {
    const repository = await startedWith(await filesOf(pair, "before"));
    const end = await repository.commit({ [pair.path]: await textOf(pair, "after") });
    expect(verdict(end)).toContain(`LOCK_DIGEST_MISMATCH ${PINS}`);
  });

  test.each(needing)("of $repo is accepted with it: $kind", async (pair) => {
    const repository = await startedWith(await filesOf(pair, "before"));
    expect(verdict(await repository.commit(await filesOf(pair, "after")))).toBe("accepted");
  });
});

describeWithData("a real lock in which the project's own version moved alone", () => {
  const { startedWith } = hookSetting();

  test("is accepted as it is", async () => {
    const file = dataPath("locks/real/paperless-ngx+paperless-ngx/uv.lock");
    const before = (await readFile(file, "utf8")).replaceAll(NEUTRAL_INDEX, DEFAULT_INDEX_URL);
    const own = /(?<=\nname = "paperless-ngx"\nversion = ")[^"]+/;
    const after = before.replace(own, "99.0");
    expect(after).not.toBe(before);
    const pins = await mintPins({ "uv.lock": before }, { line: "unsigned" });
    const repository = await startedWith({ "uv.lock": before, [PINS]: pins });
    expect(verdict(await repository.commit({ "uv.lock": after }))).toBe("accepted");
    const another = after.replace(/(?<=\nname = "django"\nversion = ")[^"]+/, "99.0");
    expect(another).not.toBe(after);
    expect(verdict(await repository.commit({ "uv.lock": another }))).not.toBe("accepted");
  });
});
