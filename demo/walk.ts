/** The main job from its first step to its last, with real parts, on an index on this machine. */
import { ATTACKS, type AttackingRelease, NAME } from "./attacks.ts";
import { findMicropip } from "./micropip.ts";
import { createProject, type Project } from "./project.ts";
import { type Python, startPython } from "./python.ts";
import { answered, listed, say, step, typed, warn } from "./say.ts";
import { startWorld, type World } from "./world.ts";

const RELEASES = [{ name: NAME, version: "1.0" }, { name: NAME, version: "1.1" }, ...ATTACKS];

/**
 * Walks through everything. What it started is gone when it ends, however it ends.
 *
 * @throws an AbortError once `signal` is aborted
 */
export async function walk(signal: AbortSignal): Promise<void> {
  // Pip may need a moment; it is done when Python's turn comes.
  const micropip = findMicropip();
  const world = await startWorld(RELEASES);
  let project: Project | null = null;
  const remove = (): void => project?.remove();
  process.once("exit", remove);
  try {
    project = await createProject(world, signal);
    say("What pubpin does, with real parts. The package is invented, and signed on this machine.");
    for (const take of [pinning, verifying, committing]) {
      signal.throwIfAborted();
      await take(project);
    }
    signal.throwIfAborted();
    const python = await installing(world, project, await micropip);
    for (const attack of ATTACKS) {
      signal.throwIfAborted();
      await attacking(attack, project, python);
    }
    ending();
  } finally {
    await micropip;
    await world.index.close();
    process.off("exit", remove);
    remove();
  }
}

async function pinning(project: Project): Promise<void> {
  step(1, "Pin who publishes your packages, once");
  say("A project, whose lock has one package: example 1.0. Who publishes it?");
  await project.lock(NAME, "1.0");
  await project.pubpin(["tofu"], 0);
  say();
  say("What it wrote is for review. Long lines are folded here:");
  typed("$", "cat .provenance.txt");
  answered(await project.pins());
}

async function verifying(project: Project): Promise<void> {
  step(2, "From now on, every file must be signed by that publisher");
  await project.pubpin(["verify"], 0);
}

async function committing(project: Project): Promise<void> {
  step(3, "A lock does not change without its pins, in Git");
  if (project.withoutGit !== null) {
    warn(`Left out: ${project.withoutGit}. With Git on the PATH, npm start shows it.`);
    await project.lock(NAME, "1.1");
    await project.pubpin(["tofu"], 0);
    return;
  }
  await project.pubpin(["hook", "install", "git", "--yes"], 0);
  await project.git(["add", "requirements.txt", ".provenance.txt"]);
  await project.git(["commit", "--quiet", "-m", "Pin who publishes example"]);
  say();
  say("Somebody updates the lock to example 1.1, and forgets the pins:");
  await project.lock(NAME, "1.1");
  await project.git(["commit", "-a", "-m", "Update example"], 1);
  say();
  say("It is refused. With the pins in the same commit, where people see them:");
  await project.pubpin(["tofu"], 0);
  await project.git(["commit", "-a", "-m", "Update example"]);
}

async function installing(
  world: World,
  project: Project,
  micropip: Awaited<ReturnType<typeof findMicropip>>,
): Promise<Python | null> {
  step(4, "Nothing is unpacked in Pyodide that the publisher did not sign");
  if ("missing" in micropip) {
    warn(`Left out: ${micropip.missing}`);
    return null;
  }
  say("Python in WebAssembly, as in a notebook in the browser, with the same pins:");
  const pins = `${await project.pins()}${micropip.line}\n`;
  const python = await startPython(world, pins, micropip.path);
  await python.install(`${NAME}==1.1`, null);
  python.show(NAME);
  return python;
}

async function attacking(
  { version, title, code }: AttackingRelease,
  project: Project,
  python: Python | null,
): Promise<void> {
  step(5 + ATTACKS.findIndex((attack) => attack.version === version), title);
  await project.lock(NAME, version);
  await project.pubpin(["verify"], 1);
  if (python === null) return;
  await python.install(`${NAME}==${version}`, code);
  python.show(NAME);
}

function ending(): void {
  step(5 + ATTACKS.length, "The same for your own");
  say();
  listed([
    [
      "repository",
      "`pubpin tofu` beside your uv.lock, pylock.toml, poetry.lock or requirements.txt with " +
        "hashes; commit .provenance.txt; then `pubpin hook install`, and `pubpin verify` in CI " +
        "(docs/command.md, docs/hook)",
    ],
    [
      "notebook site",
      "the drop-in for JupyterLite or PyScript (docs/guard/jupyterlite.md, docs/guard/pyscript.md)",
    ],
    [
      "script or page",
      'import { loadPyodide } from "micropip-guard" (docs/guard/node.md, docs/guard/browser.md)',
    ],
  ]);
  say();
  say("npm start -- --serve shows the guard in a page of your browser.");
}
