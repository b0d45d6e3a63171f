/** Puts a guard into a running Pyodide. */
import { digest, encodeHex, fail, formatPins } from "@pubpin/shared";
import { createJudge } from "../judge.ts";
import type { Guard, GuardOptions } from "../model.ts";
import { installRefused } from "../refuse.ts";
import { readSettings, type Settings } from "../settings.ts";
import { type Internals, requirePyodide } from "./internals.ts";
import { loadInterpreter } from "./interpreter.ts";
import { guardLoadPackage } from "./load-package.ts";
import { ownPackages } from "./lock.ts";
import { guardMounts, judgePresent, mountsOver, presentRule, requireGuardable } from "./present.ts";

const guards = new WeakMap<object, Guard>();

/**
 * Guards a Pyodide that runs already. When it resolves, nothing lands where Python looks for
 * modules or libraries unless its bytes were accepted; when it rejects, the Pyodide installs
 * nothing any more, or was left as it was.
 *
 * @throws PYODIDE_UNSUPPORTED MICROPIP_UNSUPPORTED where it cannot be guarded
 * @throws INSTALL_REFUSED where something is installed that nobody verified (see `installed`)
 * @throws USAGE_INVALID for a second guard, or a Pyodide that was started from a snapshot
 * @throws FILE_UNREADABLE PINS_INVALID TRUST_ROOT_INVALID INDEX_URL_INVALID LIMIT_EXCEEDED
 */
export async function guardPyodide(pyodide: object, options: GuardOptions): Promise<Guard> {
  const internals = requirePyodide(pyodide);
  requireGuardable(internals.api.config);
  return putInPlace(internals, await readSettings(options));
}

/** The guard of a Pyodide, or null where it has none. */
export function guardOf(pyodide: object): Guard | null {
  return guards.get(pyodide) ?? null;
}

/** The same as `guardPyodide`, with the options read. */
export async function putInPlace(internals: Internals, settings: Settings): Promise<Guard> {
  const { py, api, files } = internals;
  const judge = await createJudge(settings, await ownPackages(api, settings.pins));
  if (guards.has(py)) fail("USAGE_INVALID", "micropip-guard: this Pyodide is guarded already");
  const interpreter = loadInterpreter(internals);
  const loader = guardLoadPackage(api, judge, interpreter.metadataFolders);
  const rule = presentRule(settings);
  const libraries = interpreter.libraries();
  const guard: Guard = {
    report: judge.report,
    pins: () => formatPins(judge.pins()),
    check: async (bytes, filename) => {
      const own = new Uint8Array(bytes);
      const archive = {
        sha256: encodeHex(await digest("SHA-256", own)),
        name: null,
        version: null,
        filename,
        url: null,
        metadataFolders: () => interpreter.metadataFolders(own),
      };
      const { decisions, refusal } = await judge.judge("check", [archive]);
      if (refusal !== null) throw installRefused(refusal, decisions);
      return decisions[0] ?? fail("INSTALL_REFUSED", "nothing was decided");
    },
  };
  guards.set(py, guard);
  interpreter.start(judge, loader, rule);
  guardMounts(files, libraries, judge, rule);
  judgePresent(interpreter, mountsOver(files, libraries), judge, rule);
  return guard;
}
