/** What Git's conversion of line ends would do to a file that has to keep line feeds. */
import { basename, dirname } from "node:path";
import { runGit } from "pubpin-precommit";

/**
 * What a person should do so that Git does not give a new file carriage returns: null where it will
 * not, because no conversion is on, `.gitattributes` says it, or there is no repository.
 */
export async function lineEndHint(
  path: string,
  signal: AbortSignal,
  platform: NodeJS.Platform = process.platform,
): Promise<string | null> {
  const [folder, name] = [dirname(path), basename(path)];
  const attribute = askGit(folder, ["check-attr", "eol", "--", name], signal);
  if (attribute === null || /: eol: lf\s*$/.test(attribute)) return null;
  const setting = askGit(folder, ["config", "--get", "core.autocrlf"], signal);
  if (platform !== "win32" && setting?.trim() !== "true") return null;
  return (
    `hint: Git is set to give files carriage returns, and ${name} must not have any: ` +
    `add the line \`${name} text eol=lf\` to .gitattributes`
  );
}

/** What Git answers; null where it has no answer, or there is no Git. */
function askGit(folder: string, parameters: readonly string[], signal: AbortSignal): string | null {
  signal.throwIfAborted();
  const { exitCode, output } = runGit(parameters, { folder });
  return exitCode === 0 ? output.toString("utf8") : null;
}
