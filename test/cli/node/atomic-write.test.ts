import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import {
  type Change,
  updateFile,
  writeWholeFile,
} from "../../../packages/cli/src/node/atomic-write.ts";
import { startProgram } from "./support/child.ts";
import { temporaryFolder } from "./support/folder.ts";
import { refusalOf } from "./support/refusal.ts";

const NAME = ".provenance.txt";
const LIMIT = { maxBytes: 1000 };
const isPosix = process.platform !== "win32";

/** A file in a folder of its own. */
function file(text?: string): string {
  const path = join(temporaryFolder(), NAME);
  if (text !== undefined) writeFileSync(path, text);
  return path;
}

/** What is in the folder of a file. */
function beside(path: string): readonly string[] {
  return readdirSync(join(path, "..")).toSorted();
}

const append =
  (line: string): Change =>
  (old) =>
    `${old === null ? "" : Buffer.from(old).toString()}${line}`;

describe("a change", () => {
  test("makes the file where there is none, and changes it where there is one", async () => {
    const path = file();
    expect(await updateFile(path, append("a\n"), LIMIT)).toBe("written");
    expect(await updateFile(path, append("b\n"), LIMIT)).toBe("written");
    expect(readFileSync(path, "utf8")).toBe("a\nb\n");
    expect(beside(path)).toEqual([NAME]);
  });

  test("to nothing, or to what is there, writes nothing", async () => {
    const path = file("a\n");
    const before = statSync(path);
    expect(await updateFile(path, () => null, LIMIT)).toBe("unchanged");
    expect(await updateFile(path, () => "a\n", LIMIT)).toBe("unchanged");
    expect(statSync(path)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
    const absent = file();
    expect(await updateFile(absent, () => null, LIMIT)).toBe("unchanged");
    expect(beside(absent)).toEqual([]);
  });

  test("that fails is thrown, and nothing is written", async () => {
    const path = file("a\n");
    const failure = new Error("no");
    const change = (): never => {
      throw failure;
    };
    await expect(updateFile(path, change, LIMIT)).rejects.toBe(failure);
    expect(readFileSync(path, "utf8")).toBe("a\n");
    expect(beside(path)).toEqual([NAME]);
  });

  test.runIf(isPosix).each([0o600, 0o640, 0o755])("keeps the mode %o", async (mode) => {
    const path = file("a\n");
    chmodSync(path, mode);
    await updateFile(path, append("b\n"), LIMIT);
    expect(statSync(path).mode & 0o777).toBe(mode);
  });

  test.runIf(isPosix)("goes through symbolic links to what they lead to", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "real"));
    const link = join(folder, NAME);
    symlinkSync("second", link);
    symlinkSync("real/pins", join(folder, "second"));
    await updateFile(link, append("a\n"), LIMIT);
    await updateFile(link, append("b\n"), LIMIT);
    expect(readFileSync(join(folder, "real/pins"), "utf8")).toBe("a\nb\n");
    expect(readlinkSync(link)).toBe("second");
    expect(readdirSync(join(folder, "real"))).toEqual(["pins"]);
  });

  test("of a file whole, whatever was in it", async () => {
    const path = file("x".repeat(5000));
    await writeWholeFile(path, "new");
    expect(readFileSync(path, "utf8")).toBe("new");
  });
});

describe("what cannot be changed is refused and left alone:", () => {
  test("a folder", async () => {
    const path = file();
    mkdirSync(path);
    const refusal = await refusalOf(updateFile(path, append("a"), LIMIT));
    const message = `${path}: expected a file, found a folder`;
    expect(refusal).toMatchObject({ code: "FILE_UNREADABLE", message });
    expect(beside(path)).toEqual([NAME]);
  });

  test("a file in a folder that is not there", async () => {
    const path = join(temporaryFolder(), "absent", NAME);
    expect((await refusalOf(updateFile(path, append("a"), LIMIT))).code).toBe("FILE_UNWRITABLE");
  });

  test("a file that is too large", async () => {
    const path = file("x".repeat(1001));
    expect((await refusalOf(updateFile(path, append("a"), LIMIT))).code).toBe("LIMIT_EXCEEDED");
    expect(beside(path)).toEqual([NAME]);
  });

  test.runIf(isPosix)("symbolic links in a circle", async () => {
    const path = file();
    symlinkSync("other", path);
    symlinkSync(NAME, join(path, "../other"));
    expect((await refusalOf(updateFile(path, append("a"), LIMIT))).message).toContain(
      "in a circle",
    );
  });

  test.runIf(isPosix)("a file or folder that may not be written", async () => {
    const path = file("a\n");
    const folder = join(path, "..");
    const add = { path, name: "b", count: 1 };
    chmodSync(path, 0o444);
    chmodSync(folder, 0o777);
    const file444 = await startProgram("add-lines.ts", add, { asOrdinaryUser: true }).ended;
    expect([file444.exitCode, file444.stderr]).toEqual([1, "FILE_UNWRITABLE\n"]);
    chmodSync(path, 0o666);
    chmodSync(folder, 0o555);
    const folder555 = await startProgram("add-lines.ts", add, { asOrdinaryUser: true }).ended;
    expect([folder555.exitCode, folder555.stderr]).toEqual([1, "FILE_UNWRITABLE\n"]);
    expect(readFileSync(path, "utf8")).toBe("a\n");
    expect(beside(path)).toEqual([NAME]);
  });
});

test.runIf(isPosix)("where there is no room, nothing changes and nothing is left", async () => {
  const path = file("a\n");
  const add = { path, name: "b", count: 1 };
  const { exitCode, stderr } = await startProgram("add-lines.ts", add, { withoutRoom: true }).ended;
  expect([exitCode, stderr]).toEqual([1, "FILE_UNWRITABLE\n"]);
  expect(readFileSync(path, "utf8")).toBe("a\n");
  expect(beside(path)).toEqual([NAME]);
});

describe("two programs at one file:", () => {
  test("of lines that four processes add, none is lost", { timeout: 60_000 }, async () => {
    const path = file();
    const names = ["a", "b", "c", "d"];
    const runs = names.map((name) => startProgram("add-lines.ts", { path, name, count: 25 }).ended);
    for (const { exitCode, stderr } of await Promise.all(runs)) {
      expect([exitCode, stderr]).toEqual([0, ""]);
    }
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    const expected = names.flatMap((name) =>
      Array.from({ length: 25 }, (_none, index) => `${name}-${index}`),
    );
    expect(lines.toSorted()).toEqual(expected.toSorted());
    expect(beside(path)).toEqual([NAME]);
  });

  test("of changes that one process makes at once, none is lost", async () => {
    const path = file();
    const numbers = Array.from({ length: 10 }, (_none, index) => `${index}\n`);
    await Promise.all(numbers.map((line) => updateFile(path, append(line), LIMIT)));
    expect(readFileSync(path, "utf8").split("\n").toSorted().join("")).toBe("0123456789");
  });

  test("what another program writes meanwhile is seen, and kept", async () => {
    const path = file("a\n");
    let asked = 0;
    await updateFile(
      path,
      (old) => {
        asked++;
        if (asked === 1) writeFileSync(path, "a\nother\n");
        return append("mine\n")(old);
      },
      LIMIT,
    );
    expect(asked).toBe(2);
    expect(readFileSync(path, "utf8")).toBe("a\nother\nmine\n");
  });

  test("a file that another program never leaves alone is FILE_CHANGED_MEANWHILE", async () => {
    const path = file("0");
    let asked = 0;
    const change = (): string => {
      writeFileSync(path, `${++asked}`);
      return "mine";
    };
    expect((await refusalOf(updateFile(path, change, LIMIT))).code).toBe("FILE_CHANGED_MEANWHILE");
    expect(readFileSync(path, "utf8")).toBe("10");
    expect(beside(path)).toEqual([NAME]);
  });

  test("a process that holds the file is waited for, and named when it takes too long", async () => {
    const path = file("a\n");
    const lock = `${path}.pubpin-lock`;
    writeFileSync(
      lock,
      JSON.stringify({ pid: process.pid, host: hostname(), token: "0".repeat(16) }),
    );
    const impatient = updateFile(path, append("b\n"), { ...LIMIT, waitMs: 200 });
    expect(await refusalOf(impatient)).toMatchObject({
      code: "FILE_CHANGED_MEANWHILE",
      message: expect.stringContaining(lock),
    });
    expect(existsSync(lock)).toBe(true);
    const patient = updateFile(path, append("b\n"), LIMIT);
    await delay(100);
    writeFileSync(lock, "not yet whole");
    utimesSync(lock, new Date(0), new Date(0));
    expect(await patient).toBe("written");
    expect(beside(path)).toEqual([NAME]);
  });

  test("waiting ends when the run is cancelled", async () => {
    const path = file("a\n");
    writeFileSync(`${path}.pubpin-lock`, "");
    const waiting = updateFile(path, append("b"), { ...LIMIT, signal: AbortSignal.timeout(100) });
    await expect(waiting).rejects.toThrow(
      expect.objectContaining({ name: expect.stringMatching(/Abort|Timeout/) }),
    );
  });
});

describe.runIf(isPosix)("a process that is stopped", () => {
  test(
    "by SIGKILL leaves the old text or the new one, and the next cleans up",
    { timeout: 60_000 },
    async () => {
      const bytes = 3_000_000;
      const path = file("0".repeat(bytes));
      for (let round = 0; round < 12; round++) {
        const { child, ended, says } = startProgram("rewrite.ts", { path, bytes });
        await says("started");
        await delay(20 + Math.random() * 150);
        child.kill("SIGKILL");
        expect((await ended).signal).toBe("SIGKILL");
        const text = readFileSync(path, "utf8");
        expect([text.length, new Set(text).size]).toEqual([bytes, 1]);
      }
      await writeWholeFile(path, "end");
      expect(readFileSync(path, "utf8")).toBe("end");
      expect(beside(path)).toEqual([NAME]);
    },
  );

  test("before it said who it is holds nobody up for long", async () => {
    const path = file("a\n");
    writeFileSync(`${path}.pubpin-lock`, "");
    expect(await updateFile(path, append("b\n"), LIMIT)).toBe("written");
    expect(beside(path)).toEqual([NAME]);
  });

  test("while it took a dead process's place leaves nothing for good", async () => {
    const path = file("a\n");
    const { child, ended } = startProgram("hold.ts", { path, ms: 60_000, text: "b\n" });
    child.kill("SIGKILL");
    await ended;
    const aside = `${NAME}.pubpin-lock.${child.pid}.0123456789ab`;
    writeFileSync(`${path}.pubpin-lock.${child.pid}.0123456789ab`, "");
    writeFileSync(`${path}.pubpin-lock.${process.pid}.0123456789ab`, "");
    expect(beside(path)).toContain(aside);
    expect(await updateFile(path, append("c\n"), LIMIT)).toBe("written");
    expect(beside(path)).toEqual([NAME, `${NAME}.pubpin-lock.${process.pid}.0123456789ab`]);
  });

  test("by SIGKILL in the middle of a change holds nobody up", async () => {
    const path = file("a\n");
    const { child, ended, says } = startProgram("hold.ts", { path, ms: 60_000, text: "b\n" });
    await says("inside");
    expect(beside(path)).toEqual([NAME, `${NAME}.pubpin-lock`]);
    child.kill("SIGKILL");
    await ended;
    expect(await updateFile(path, append("c\n"), { ...LIMIT, waitMs: 5000 })).toBe("written");
    expect(readFileSync(path, "utf8")).toBe("a\nc\n");
    expect(beside(path)).toEqual([NAME]);
  });

  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "by %s in the middle of a change ends it, leaves nothing behind, and dies of the signal",
    async (signal) => {
      const path = file("a\n");
      const { child, ended, says } = startProgram("hold.ts", { path, ms: 500, text: "b\n" });
      await says("inside");
      child.kill(signal);
      const end = await ended;
      expect([end.signal, end.stdout]).toEqual([signal, "inside\n"]);
      expect(readFileSync(path, "utf8")).toBe("b\n");
      expect(beside(path)).toEqual([NAME]);
    },
  );
});
