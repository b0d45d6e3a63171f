/** Commands for a person to type at the root of the repository. */
import { DEFAULT_FILE } from "./settings.ts";

/**
 * `pubpin tofu uv.lock && git add .provenance.txt`, with `--file` where the provenance file has another
 * name; null where a path is not fit to be typed.
 */
export function tofuCommand(lock: string, pinsPath: string): string | null {
  const [lockWord, pinsWord] = [shellWord(lock), shellWord(pinsPath)];
  if (lockWord === null || pinsWord === null) return null;
  const isUsual = pinsPath.slice(pinsPath.lastIndexOf("/") + 1) === DEFAULT_FILE;
  const option = isUsual ? "" : `--file ${pinsWord} `;
  return andAdd(`pubpin ${option}tofu ${lockWord}`, pinsPath);
}

/** The same after another command, such as `pubpin accept NAME`. */
export function andAdd(command: string | null, pinsPath: string): string | null {
  const word = shellWord(pinsPath);
  return command === null || word === null ? null : `${command} && git add ${word}`;
}

/** A path as one word of a POSIX shell's command line, which no program takes for an option. */
function shellWord(path: string): string | null {
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(path)) return null;
  const plain = /^[-:]/.test(path) ? `./${path}` : path;
  if (/^[\w./@%+=:,-]+$/.test(plain)) return plain;
  return `'${plain.replaceAll("'", `'\\''`)}'`;
}
