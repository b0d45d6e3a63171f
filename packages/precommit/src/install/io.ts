/** What set-up needs from its surroundings, and what it proposes to change in them. */

/** What set-up needs. All of it reads; nothing of it writes. */
export interface SetupIo {
  /** The folder that set-up was called in. */
  readonly cwd: string;
  /** A file's bytes, or null where there is none of that name. @throws FILE_UNREADABLE */
  readonly readFile: (path: string) => Promise<Uint8Array | null>;
  readonly isExecutable: (path: string) => boolean;
  /** Whether the system finds a program of this name. */
  readonly isOnPath: (name: string) => boolean;
}

/** A change to a file; null is a file that is not there. */
export interface FileChange {
  /** Absolute. */
  readonly path: string;
  /** How messages call it: from the top of the work tree, with `/`, where it lies below that. */
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Whether Git runs the file: a new one must be executable. */
  readonly isProgram: boolean;
}

/** A change to the repository's own Git configuration; null is a key that is not set. */
export interface SettingChange {
  readonly key: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Everything that installing or uninstalling would change, in order. */
export interface SetupPlan {
  /** What runs the hook, and how that was found out; null where it was named, or is taken out. */
  readonly runner: string | null;
  readonly because: string | null;
  /** The top of the work tree. */
  readonly root: string;
  readonly files: readonly FileChange[];
  readonly settings: readonly SettingChange[];
  /** What a person has to know or to do besides. */
  readonly notes: readonly string[];
}
