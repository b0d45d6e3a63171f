/** Ctrl-C, and its relatives. */

/** The part of a process that is needed. */
export interface InterruptibleProcess {
  readonly on: (signal: "SIGINT" | "SIGTERM", listener: () => void) => unknown;
  readonly off: (signal: "SIGINT" | "SIGTERM", listener: () => void) => unknown;
  readonly exit: (code: number) => void;
}

/** What the process listens to. */
export interface Interruption {
  /** Aborted by the first signal. Work under way ends with its reason, an AbortError. */
  readonly signal: AbortSignal;
  /** What to exit with: 130 after SIGINT, 143 after SIGTERM, null where no signal came. */
  readonly exitCode: () => number | null;
  /** Listens no longer. */
  readonly dispose: () => void;
}

/** 128 and the signal's number, as shells count. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Lets the first SIGINT or SIGTERM end the work in order, and the second end the process at once.
 *
 * @param onFirst says that the work is being ended
 */
export function handleInterrupts(
  onFirst: () => void,
  target: InterruptibleProcess = process,
): Interruption {
  const controller = new AbortController();
  let exitCode: number | null = null;
  const listeners = (["SIGINT", "SIGTERM"] as const).map((signal) => {
    const listener = (): void => {
      const code = EXIT_CODES[signal];
      if (exitCode !== null) {
        target.exit(code);
        return;
      }
      exitCode = code;
      onFirst();
      controller.abort();
    };
    target.on(signal, listener);
    return () => target.off(signal, listener);
  });
  return {
    signal: controller.signal,
    exitCode: () => exitCode,
    dispose: () => {
      for (const stop of listeners) stop();
    },
  };
}
