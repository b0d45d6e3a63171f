/** Commands for a person to type at the root of the repository. */

/** `pubpin tofu uv.lock && git add .provenance.txt`; null where a path is not fit to be typed. */
export function tofuCommand(lock: string, pinsPath: string): string | null {
  const word = shellWord(lock);
  return word === null ? null : andAdd(`pubpin tofu ${word}`, pinsPath);
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
