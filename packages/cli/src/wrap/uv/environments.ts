/** The environments that uv installs into. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { PubpinError } from "@pubpin/shared";
import { findEnvironment, interpreterAt } from "../../installed/environment.ts";
import type { PythonEnvironment } from "../../installed/types.ts";
import type { UvCall } from "./call.ts";
import { askUv } from "./run-uv.ts";

/** Where uv keeps the environments of scripts, in its cache. */
const OF_SCRIPTS = /[/\\]environments-v\d+[/\\]/;

/** Finds an environment; null where there is none yet. */
export type FindEnvironment = () => Promise<PythonEnvironment | null>;

/** An environment that is not looked into. */
export const NO_ENVIRONMENT: FindEnvironment = async () => null;

/**
 * Looks for an environment at once: no code of it runs. Who asks first gets what was found, or what is
 * there by then where there was none; who asks later, what is there then.
 */
export function soughtAhead(find: FindEnvironment): FindEnvironment {
  let ahead: ReturnType<FindEnvironment> | null = find();
  ahead.catch(() => undefined);
  return async () => {
    const found = ahead;
    ahead = null;
    return (await found) ?? find();
  };
}

/** The environment of a workspace (uv documentation, "Project environment path"). */
export function workspaceEnvironment(call: UvCall, root: string): FindEnvironment {
  const { options, env, cwd } = call;
  const isActive = options.passed.includes("--active") || options.taken.has("--active");
  const active = env["VIRTUAL_ENV"] ?? "";
  const folder =
    isActive && active !== ""
      ? resolve(cwd, active)
      : resolve(root, env["UV_PROJECT_ENVIRONMENT"] ?? ".venv");
  return async () => (existsSync(folder) ? environmentAt(call, folder) : null);
}

/** The environment of a script. */
export function scriptEnvironment(call: UvCall, script: string): FindEnvironment {
  return async () => {
    const python = (await askUv(call, ["python", "find", "--script", script]))?.trim() ?? "";
    return OF_SCRIPTS.test(python) ? environmentAt(call, python) : null;
  };
}

async function environmentAt(call: UvCall, place: string): Promise<PythonEnvironment | null> {
  const { cwd, env, session } = call;
  try {
    const python = interpreterAt(place, cwd);
    return await findEnvironment(python, { cwd, env, signal: session.world.signal });
  } catch (error) {
    // What has no Python that starts is no environment: uv makes it anew.
    if (error instanceof PubpinError && error.code === "ENVIRONMENT_UNUSABLE") return null;
    throw error;
  }
}
