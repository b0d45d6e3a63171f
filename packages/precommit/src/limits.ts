/** Every bound of the hook, in one place. Those of locks and pins are in shared. */

/** Bytes of a root `package.json` or `pyproject.toml`. */
export const MAX_PROJECT_FILE_BYTES: number = 4 * 1024 * 1024;
/** Patterns of locks in one configuration. */
export const MAX_PATTERNS: number = 256;
/** Characters of one pattern. */
export const MAX_PATTERN_LENGTH: number = 512;
/** Bytes of objects that are asked of Git in one go. */
export const MAX_BATCH_BYTES: number = 256 * 1024 * 1024;
/** Commits of a range whose objects are kept in memory together. */
export const COMMITS_AT_ONCE: number = 16;
/** Package lines of one lock from which on they are summarised. */
export const MAX_PACKAGE_LINES: number = 20;
/** Findings of one code and lock from which on they are summarised. */
export const MAX_FINDING_LINES: number = 10;
/** The part of a lost lock's hashes that another file has if it is that lock under another name. */
export const MOVED_PART: number = 0.5;
