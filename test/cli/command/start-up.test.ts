/** What a run of the command loads: what takes long comes when it is needed. */
import { expect, test } from "vitest";
import { folders, pubpin } from "./support/command.ts";
import { locked, OCTO, OCTO_PIN, startSetting, wheel } from "./support/project.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Runs in the command's process and writes, at its end, which packages it has loaded. */
const LISTENER = `
import { registerHooks } from "node:module";
const packages = new Set();
registerHooks({
  load: (url, context, next) => {
    packages.add(/.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1]);
    return next(url, context);
  },
});
process.on("exit", () => console.error("loaded: " + [...packages].filter(Boolean).join(" ")));`;
const LISTENING = {
  NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(LISTENER)}`,
};
const newFolder = folders();
const setting = await startSetting();

function loadedBy({ stderr }: { readonly stderr: string }): readonly string[] {
  const [, list = "(no list)"] = /^loaded: (.*)$/m.exec(stderr) ?? [];
  return list
    .split(" ")
    .filter((name) => !name.startsWith("@pubpin/"))
    .toSorted();
}

test("help loads the parser of the command line and of TOML, and nothing else", async () => {
  const ended = await pubpin(newFolder(), ["--help"], LISTENING);
  expect(ended.exitCode).toBe(0);
  expect(loadedBy(ended)).toEqual(["commander", "smol-toml"]);
});

test("verifying a TOML lock loads HTTP beside them; where all is in the cache, not even that", async () => {
  const folder = setting.newFolder();
  const file = wheel("spam", "1", OCTO);
  setting.index.addFile(file);
  setting.lock(folder, [{ name: "spam", version: "1.0", files: [locked(file)] }]);
  writeFileSync(join(folder, ".provenance.txt"), `spam ${OCTO_PIN}\n`);
  const first = await setting.run(folder, ["verify"], LISTENING);
  expect([first.exitCode, loadedBy(first)]).toEqual([0, ["commander", "smol-toml", "undici"]]);
  const second = await setting.run(folder, ["verify"], LISTENING);
  expect([second.exitCode, loadedBy(second)]).toEqual([0, ["commander", "smol-toml"]]);
});
