/**
 * What `npm start` runs: the main job, with the real command, on an index on this machine that
 * serves a wheel which a Sigstore instance of its own signs on the spot. Nothing leaves the machine,
 * and nothing is left behind.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { styleText } from "node:util";
import { createSigstore } from "@pubpin/test-kit";
import { type FaultSetting, mintWheel, startLocalIndex } from "@pubpin/test-kit/node";

const COMMAND = join(import.meta.dirname, "../packages/cli/src/main.ts");
const PUBLISHER = {
  kind: "GitHub",
  repository: "example-org/example",
  repositoryId: "1234",
  ownerId: "5678",
} as const;
const ATTACKER = {
  ...PUBLISHER,
  repository: "someone-else/example",
  repositoryId: "9999",
} as const;

const wheel = mintWheel({ name: "example", version: "1.0" });

/** What an attacker could do to the index, and what must come of it. */
const ATTACKS: readonly { readonly title: string; readonly fault: FaultSetting }[] = [
  {
    title: "Somebody else publishes under the same name",
    fault: {
      part: "provenance",
      name: wheel.filename,
      fault: { kind: "publisher", publisher: ATTACKER },
    },
  },
  {
    title: "The index drops the attestation",
    fault: { part: "entry", name: wheel.filename, fault: { kind: "missing-key" } },
  },
  {
    title: "The index serves other bytes than the lock has",
    fault: { part: "entry", name: wheel.filename, fault: { kind: "wrong-digest" } },
  },
];

/** Runs the command in a folder, as a user would, and gives its exit code. */
function pubpin(folder: string, args: readonly string[]): Promise<number> {
  say("", styleText("bold", `$ pubpin ${args.join(" ")}`));
  const options = ["--trusted-root", "trusted_root.json", "--index", index.simpleUrl, "--no-cache"];
  const child = spawn(
    process.execPath,
    ["--conditions=pubpin-source", COMMAND, "--quiet", ...options, ...args],
    { cwd: folder, stdio: "inherit" },
  );
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

function expectCode(found: number, expected: number): void {
  if (found !== expected) throw new Error(`expected exit code ${expected}, found ${found}`);
}

function say(...lines: readonly string[]): void {
  for (const line of lines) console.log(line);
}

function title(text: string): void {
  say("", styleText(["bold", "cyan"], text));
}

const sigstore = await createSigstore();
const index = await startLocalIndex({
  sigstore,
  files: [
    {
      filename: wheel.filename,
      content: wheel.bytes,
      provenance: [{ publisher: PUBLISHER }],
    },
  ],
});
const folder = await mkdtemp(join(tmpdir(), "pubpin-demo-"));
try {
  await writeFile(join(folder, "trusted_root.json"), await sigstore.trustedRootJson());
  await writeFile(
    join(folder, "requirements.txt"),
    `example==1.0 \\\n    --hash=sha256:${wheel.sha256}\n`,
  );
  title("A project whose lock has one package. Who publishes it? Pin that, once:");
  expectCode(await pubpin(folder, ["tofu"]), 0);
  title("What it wrote is for review, in one line for each package:");
  say((await readFile(join(folder, ".provenance.txt"), "utf8")).trimEnd());
  title("From now on every file must be signed by that publisher:");
  expectCode(await pubpin(folder, ["verify"]), 0);
  for (const attack of ATTACKS) {
    title(`${attack.title}:`);
    index.setFault(attack.fault);
    expectCode(await pubpin(folder, ["verify"]), 1);
    index.clearFault(attack.fault.part, attack.fault.name);
  }
  title("The same in your own project:");
  say(
    "  pubpin tofu      beside your uv.lock, pylock.toml, poetry.lock, ... ; then commit the file",
    "  pubpin verify    in CI, before anything is installed",
    "",
  );
} finally {
  await index.close();
  await rm(folder, { recursive: true, force: true });
}
