/** Every bound of the command's Node side, in one place. Those of the verifier are in shared. */

/** Redirects that one request follows. */
export const MAX_HTTP_REDIRECTS: number = 10;
/** Bytes of one answer where the caller names no other bound. The largest project pages: 3 MB. */
export const MAX_HTTP_BODY_BYTES: number = 64 * 1024 * 1024;
/** Connections to one origin at once. */
export const MAX_CONNECTIONS: number = 16;
/** Milliseconds for a connection, its encryption included. */
export const CONNECT_TIMEOUT_MS: number = 10_000;
/** Milliseconds in which nothing of an answer may come. */
export const IDLE_TIMEOUT_MS: number = 30_000;

/** Bytes of a file with certificates of authorities. The bundles of Linux systems: 250 kB. */
export const MAX_CERTIFICATES_BYTES: number = 16 * 1024 * 1024;
/** Bytes of a netrc file. */
export const MAX_NETRC_BYTES: number = 1024 * 1024;
/** Bytes of a project's `pyproject.toml` or `uv.toml`. */
export const MAX_PROJECT_FILE_BYTES: number = 4 * 1024 * 1024;

/** Bytes of all entries of the cache on disk. A lock of 5,800 files: 100 MB. */
export const MAX_CACHE_BYTES: number = 512 * 1024 * 1024;
/** The part of its bound that a cache is brought down to once it is beyond it. */
export const CACHE_KEPT_PART: number = 0.8;
/** Milliseconds between two looks at the size of the cache on disk. */
export const CACHE_SWEEP_MS: number = 60 * 60 * 1000;
/** Bytes of all entries of a cache in memory. */
export const MAX_MEMORY_CACHE_BYTES: number = 64 * 1024 * 1024;
/** Bytes of one entry of a cache. */
export const MAX_CACHE_ENTRY_BYTES: number = 65 * 1024 * 1024;

/** Bytes of V8's space for young objects beyond which it grows no more. */
export const MAX_YOUNG_SPACE_BYTES: number = 60_000_000;

/** Milliseconds that a change to a file waits for another process that changes it. */
export const WRITE_LOCK_WAIT_MS: number = 15_000;
/** Milliseconds after which whoever holds a file is taken for gone. Genuine holders: under 100. */
export const WRITE_LOCK_STALE_MS: number = 120_000;
/** The same for a holder that has not even said who it is, which takes it microseconds. */
export const WRITE_LOCK_NAMELESS_MS: number = 2000;
/** Times that a change to a file is made again because somebody else wrote to it meanwhile. */
export const MAX_UPDATE_ATTEMPTS: number = 10;
/** Symbolic links that lead from one to the next. */
export const MAX_SYMLINKS: number = 40;

/** Milliseconds for the whole of a refresh of the trust root. */
export const TUF_TIMEOUT_MS: number = 15_000;
/** Milliseconds for one request of it. */
export const TUF_REQUEST_TIMEOUT_MS: number = 5000;
/** Times that one request of it is made, the first included. */
export const MAX_TUF_ATTEMPTS: number = 3;

/** Bytes that a program may write to stdout: a lock, and what pip says before it under `--verbose`. */
export const MAX_CHILD_OUTPUT_BYTES: number = 64 * 1024 * 1024;
/** Milliseconds that a program gets to end by itself once it is asked to. */
export const CHILD_GRACE_MS: number = 5000;
/** Milliseconds for pip to say its version. */
export const PIP_VERSION_TIMEOUT_MS: number = 30_000;

/** Bytes of one file that the guarding index passes on. The largest wheels on PyPI: 1 GB. */
export const MAX_GUARDED_FILE_BYTES: number = 8 * 1024 * 1024 * 1024;
/** Bytes of all files that the guarding index keeps on disk, but for those in use. */
export const MAX_GUARDED_BYTES: number = 16 * 1024 * 1024 * 1024;
/** Bytes of a file that it keeps in memory instead. Half of all wheels are smaller. */
export const MAX_SMALL_FILE_BYTES: number = 256 * 1024;
/** Bytes of all files in memory. */
export const MAX_SMALL_FILES_BYTES: number = 64 * 1024 * 1024;
/** Bytes of the metadata beside a wheel. Genuine ones: up to 200 kB. */
export const MAX_METADATA_BYTES: number = 16 * 1024 * 1024;
/** Files that the guarding index downloads at once; and pages and attestations, apart from them. */
export const MAX_DOWNLOADS_AT_ONCE: number = 32;
/** Times that a file is asked for, the first included. */
export const MAX_DOWNLOAD_ATTEMPTS: number = 3;
/** Milliseconds for which the guarding index takes a page as it was. */
export const PAGE_KEPT_MS: number = 60_000;
/** Milliseconds for which it takes what failed for failing: installers ask again at once. */
export const FAILURE_KEPT_MS: number = 10_000;
/** Files on all pages that the guarding index holds in memory: 1 kB each. */
export const MAX_LISTED_FILES: number = 50_000;
/** Connections from installers at once. */
export const MAX_GUARDED_CONNECTIONS: number = 512;
/** Refusals that the guarding index remembers for its report. */
export const MAX_REFUSALS: number = 10_000;
/** Bytes of the RECORD of an installed distribution. Of the largest: 2 MB. */
export const MAX_RECORD_BYTES: number = 64 * 1024 * 1024;
/** Bytes of what is remembered of one environment. With 1,000 distributions: 400 kB. */
export const MAX_MANIFEST_BYTES: number = 64 * 1024 * 1024;
/** Bytes of a file with the token of a guarding index. */
export const MAX_TOKEN_BYTES: number = 1024;
/** Bytes of the directory of a wheel. With 20,000 files: 2 MB. */
export const MAX_WHEEL_DIRECTORY_BYTES: number = 64 * 1024 * 1024;
/** Files in a wheel. The largest genuine ones: 30,000. */
export const MAX_WHEEL_ENTRIES: number = 500_000;
/** Requirements files that include each other. */
export const MAX_REQUIREMENT_FILES: number = 100;
/** Times that uv installs: again once its cache has forgotten what turned out to be changed. */
export const MAX_INSTALL_ATTEMPTS: number = 2;
/** Bytes of the file by which builds that came through pubpin are known. */
export const MAX_BUILD_MARK_BYTES: number = 1024;
/** Seconds that uv waits for the guarding index, where nobody says otherwise. */
export const UV_PATIENCE_S: number = 900;
