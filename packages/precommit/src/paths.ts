/** Paths of a repository, with `/`. Nothing of `@pubpin/shared` is imported here. */

/**
 * Every name that a lock, a provenance file or the configuration can have. Provenance files end in
 * `.txt`, whatever they are called, and so do all locks that are not known by their names.
 */
const MATTERS =
  /\.(?:lock|txt)$|(?:^|\/)pylock\.[^/]*toml$|(?:^|\/)pyodide-lock[^/]*\.json$|^(?:package\.json|pyproject\.toml)$/i;

/** How every path ends that may matter, in a list of paths with a zero byte behind each. */
export const ENDS_THAT_MATTER: RegExp = /\.(?:lock|txt|toml|json)\0/gi;

/** Whether what stands at a path can have a say in what the hook decides. */
export function mayMatter(path: string): boolean {
  return MATTERS.test(path);
}

/** The folder of a path: empty, or with a slash at the end. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** A folder, and every folder above it up to the repository's root, the nearest first. */
export function foldersUpFrom(folder: string): readonly string[] {
  const folders = [folder];
  for (let current = folder; current !== ""; folders.push(current)) {
    current = folderOf(current.slice(0, -1));
  }
  return folders;
}
