/** The hook decides without the network. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type GitRepository } from "@pubpin/test-kit/node";
import { describe, expect, test } from "vitest";
import { hookSetting, verdict } from "./support/setting.ts";
import { BASE, BUMPED, GROWN, reviewed } from "./support/states.ts";

const { startedWith, newFolder, hook } = hookSetting();

/** A module that makes every way to the network throw, and says that it did. */
const CUT_OFF = `
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import dgram from "node:dgram";
import dns from "node:dns";
const refuse = (what) => () => {
  process.stderr.write("NETWORK USED: " + what + "\\n");
  process.exit(99);
};
net.Socket.prototype.connect = refuse("net");
dgram.Socket.prototype.send = refuse("dgram");
dgram.Socket.prototype.connect = refuse("dgram");
for (const module of [dns, dns.promises]) {
  for (const name of Object.keys(module)) {
    if (/^(?:lookup|resolve|reverse)/.test(name)) module[name] = refuse("dns");
  }
}
globalThis.fetch = refuse("fetch");
syncBuiltinESMExports();
`;

function withoutNetwork(): { readonly folder: GitRepository; readonly env: NodeJS.ProcessEnv } {
  const folder = newFolder();
  const path = join(folder.folder, "cut-off.mjs");
  writeFileSync(path, CUT_OFF);
  return { folder, env: { NODE_OPTIONS: `--import=${path}` } };
}

describe.concurrent("with the network cut off", () => {
  test("a program that uses it ends (so that the other tests mean something)", async () => {
    const { folder, env } = withoutNetwork();
    for (const use of [
      "require('node:net').connect(9, '127.0.0.1')",
      "fetch('http://127.0.0.1:9')",
      "require('node:dns').lookup('index.example', () => {})",
      "require('node:http').get('http://127.0.0.1:9')",
    ]) {
      const { exitCode } = await folder.run(process.execPath, ["--eval", use], { env });
      expect(exitCode).toBe(99);
    }
  });

  test("Git's commits are judged as ever", async () => {
    const { env } = withoutNetwork();
    const repository = await startedWith(await reviewed(BASE));
    await repository.stage({ "uv.lock": BUMPED });
    const commit = ["commit", "-m", "x"];
    expect(verdict(await repository.run("git", commit, { env }))).toEqual([
      "LOCK_DIGEST_MISMATCH .provenance.txt",
    ]);
    await repository.stage(await reviewed(GROWN));
    expect(verdict(await repository.run("git", commit, { env }))).toBe("accepted");
  });

  test.each([
    ["--from-ref", "HEAD~1"],
    ["--from-ref", "HEAD~1", "--tip"],
    ["--all"],
    ["--all", "--strict", "--verbose"],
    ["--format", "sarif"],
    ["--from-ref", "1".repeat(40)],
  ])("%s %s %s asks nobody", async (...parameters) => {
    const { env } = withoutNetwork();
    const repository = await startedWith(await reviewed(BASE));
    await repository.commitUnchecked(await reviewed(BUMPED));
    const open = await hook(repository, parameters);
    const cutOff = await hook(repository, parameters, { env });
    expect(cutOff).toEqual(open);
  });

  test("a clone without its objects is no reason to fetch them (exit code 3)", async () => {
    const { env } = withoutNetwork();
    const repository = await startedWith(await reviewed(BASE));
    await repository.commitUnchecked({ "uv.lock": BUMPED });
    const clone = newFolder();
    await repository.must("config", "uploadpack.allowFilter", "true");
    const url = `file://${repository.folder}`;
    const options = ["--quiet", "--no-checkout", "--filter=blob:none"];
    await repository.must("clone", ...options, url, clone.folder);
    const { exitCode } = await hook(clone, ["--from-ref", "HEAD~1"], { env });
    expect(exitCode).toBe(3);
    const missing = await clone.must("rev-list", "--objects", "--all", "--missing=print");
    expect(missing).toMatch(/^\?/m);
  });
});
