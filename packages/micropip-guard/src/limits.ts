/** Bounds of the guard. Those of what it verifies are in `@pubpin/shared`. */

/** Milliseconds for one request to the index: somebody is waiting for an install. */
export const REQUEST_TIMEOUT_MS: number = 20_000;
/** Times that one request is made, the first included. */
export const MAX_ATTEMPTS: number = 3;
/** Decisions that are kept for the report; the oldest go first. */
export const MAX_EVENTS: number = 10_000;
/** Milliseconds to wait for another process that writes to the same store. */
export const LOCK_WAIT_MS: number = 5000;
/** Milliseconds between two looks at whether it is done. */
export const LOCK_RETRY_MS: number = 20;
/** Bytes of the drop-in's configuration. */
export const MAX_CONFIGURATION_BYTES: number = 65_536;
