/** What is there already when the guard starts, and ways to bring more past it. */
import { fail, quote } from "@pubpin/shared";
import type { Judge } from "../judge.ts";
import { installRefused } from "../refuse.ts";
import type { Settings } from "../settings.ts";
import { decisionOf } from "../unvouched.ts";
import { refusalOfPresent } from "../words.ts";
import type { FileSystem, Mount } from "./internals.ts";
import type { Interpreter, Present, PresentRule } from "./interpreter.ts";

/** Options of Pyodide that bring code in before anything can be guarded. */
const UNGUARDED = ["_loadSnapshot", "stdLibURL"] as const;

/**
 * Requires that Pyodide is, or was, started without options that nobody can guard.
 *
 * @throws USAGE_INVALID
 */
export function requireGuardable(options: Readonly<Record<string, unknown>>): void {
  const option = UNGUARDED.find((name) => options[name] !== undefined && options[name] !== null);
  if (option === undefined) return;
  fail(
    "USAGE_INVALID",
    `Pyodide's option ${option}: expected none, for what it brings is not guarded`,
  );
}

/** How to judge what can be imported and came past the guard. */
export function presentRule({ installed }: Settings): PresentRule {
  return ([name, version, kind, place]) => {
    const isMock = kind === "mock";
    const message = isMock
      ? "made by add_mock_package: it is what the code that made it says"
      : `in ${quote(place)} without having come through the guard`;
    const decision = decisionOf({
      code: "NOT_FROM_INDEX",
      verdict: isMock ? "pass" : "fail",
      name,
      version: version === "" ? null : version,
      message,
      notices: [{ code: "NOT_FROM_INDEX", message }],
    });
    return { decision, blocks: !isMock && installed === "refuse" };
  };
}

/**
 * Judges what is there when the guard starts.
 *
 * @throws INSTALL_REFUSED where the guard is not only to report it
 */
export function judgePresent(
  interpreter: Interpreter,
  mounts: readonly Present[],
  judge: Judge,
  rule: PresentRule,
): void {
  const found = [...interpreter.present(), ...mounts].map(rule);
  const blocking = found.filter(({ blocks }) => blocks).map(({ decision }) => decision);
  for (const { decision, blocks } of found) {
    judge.note(decision, blocks ? "refused" : "reported", "present");
  }
  const [first, ...others] = blocking;
  if (first === undefined) return;
  throw installRefused(refusalOfPresent(first, others.length), blocking);
}

/** File systems that are mounted where libraries are, or above. */
export function mountsOver({ root }: FileSystem, libraries: readonly string[]): readonly Present[] {
  const below = (mount: Mount): readonly Mount[] => [mount, ...mount.mounts.flatMap(below)];
  return root.mount.mounts
    .flatMap(below)
    .filter(({ mountpoint }) => isOver(mountpoint, libraries))
    .map(({ mountpoint }) => [mountpoint, "", "file", mountpoint]);
}

/** From now on nothing is mounted over the libraries, unless the guard only reports it. */
export function guardMounts(
  files: FileSystem,
  libraries: readonly string[],
  judge: Judge,
  rule: PresentRule,
): void {
  const mount = files.mount.bind(files);
  files.mount = (type, options, mountpoint) => {
    if (isOver(mountpoint, libraries)) {
      const { decision, blocks } = rule([mountpoint, "", "file", mountpoint]);
      judge.note(decision, blocks ? "refused" : "reported", "present");
      if (blocks) throw installRefused(refusalOfPresent(decision, 0), [decision]);
    }
    return mount(type, options, mountpoint);
  };
}

function isOver(mountpoint: string, libraries: readonly string[]): boolean {
  const place = `${mountpoint.replace(/\/+$/, "")}/`;
  return libraries.some(
    (library) => `${library}/`.startsWith(place) || place.startsWith(`${library}/`),
  );
}
