/** The hook and the real `pubpin` in one repository: what one asks for, the other writes. */
import type { GitRepository } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { onlineSetting } from "./support/online.ts";
import { hookSetting, verdict } from "./support/setting.ts";

const { newRepository } = hookSetting();
const { lockOf, giveCommand, shell } = onlineSetting();

const CONFIGURATIONS: readonly (readonly [path: string, text: string])[] = [
  ["pyproject.toml", '[tool.pubpin]\nbinding = "bytes"\nfile = "publishers.txt"\n'],
  ["package.json", '{"pubpin": {"binding": "bytes", "file": "publishers.txt"}}\n'],
];

describe.concurrent.each(CONFIGURATIONS)(
  "where %s asks for bytes and another name",
  (path, text) => {
    async function begun(): Promise<GitRepository> {
      const repository = await newRepository();
      await giveCommand(repository);
      repository.write({ [path]: text, "app/uv.lock": lockOf("1.0") });
      const { exitCode, stderr } = await shell(repository, "cd app && pubpin tofu");
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining("app/publishers.txt")]);
      return repository;
    }

    /** Runs the command that the hook names. */
    async function repair(repository: GitRepository, said: string): Promise<void> {
      const [, command = ""] = /^ *repair +(.+)$/m.exec(said) ?? [];
      const { exitCode, stderr } = await shell(repository, command);
      expect([command, exitCode, stderr]).toEqual([
        "pubpin --file app/publishers.txt tofu app/uv.lock && git add app/publishers.txt",
        0,
        expect.anything(),
      ]);
    }

    test("the first commit of what `pubpin tofu` wrote is accepted", async () => {
      const repository = await begun();
      const pins = await repository.run("cat", ["app/publishers.txt"]);
      expect(pins.stdout).toMatch(/^#lock:uv\.lock +v1-sha256:/m);
      expect(pins.stdout).toMatch(/^#lock-bytes:uv\.lock +sha256:/m);
      await repository.must("add", "--all");
      expect(verdict(await repository.git("commit", "-m", "x"))).toBe("accepted");
      expect((await shell(repository, "pubpin verify --recorded")).exitCode).toBe(0);
    });

    test("it governs the folders below it, for both", async () => {
      const repository = await begun();
      repository.write({ "app/more/uv.lock": lockOf("2.0") });
      expect((await shell(repository, "cd app/more && pubpin tofu")).exitCode).toBe(0);
      const pins = await repository.run("cat", ["app/publishers.txt"]);
      expect(pins.stdout).toMatch(/^#lock:more\/uv\.lock /m);
      await repository.must("add", "--all");
      expect(verdict(await repository.git("commit", "-m", "x"))).toBe("accepted");
    });

    test("any changed byte is refused, and the repair that is named makes it pass", async () => {
      const repository = await begun();
      await repository.commitUnchecked();
      await repository.stage({ "app/uv.lock": `# Written again.\n${lockOf("1.0")}` });
      const refused = await repository.git("commit", "-m", "x");
      expect(verdict(refused)).toEqual(["LOCK_DIGEST_MISMATCH app/publishers.txt"]);
      await repair(repository, refused.stdout + refused.stderr);
      expect(verdict(await repository.git("commit", "-m", "x"))).toBe("accepted");
    });

    test("an update is refused, and the repair that is named makes it pass", async () => {
      const repository = await begun();
      await repository.commitUnchecked();
      await repository.stage({ "app/uv.lock": lockOf("2.0") });
      const refused = await repository.git("commit", "-m", "x");
      expect(verdict(refused)).toEqual(["LOCK_DIGEST_MISMATCH app/publishers.txt"]);
      await repair(repository, refused.stdout + refused.stderr);
      expect(verdict(await repository.git("commit", "-m", "x"))).toBe("accepted");
    });
  },
);
