/** Python in a worker: started, asked to install, and thrown away when the pins change. */

/**
 * Starts one. `ready` resolves to null, or to what kept it from starting.
 *
 * @param listener hears of each `stage` of the start
 */
export function startInterpreter(configuration, pins, listener) {
  const worker = new Worker("./worker.js", { type: "module" });
  const ready = Promise.withResolvers();
  let installed = [];
  /** The card of the install under way, and what ends it. */
  let current = null;

  const heard = {
    stage: ({ text, step }) => listener.stage(text, step),
    ready: (message) => {
      installed = message.installed;
      ready.resolve(null);
    },
    failed: ({ message }) => ready.resolve(message),
    asking: ({ filename }) => current?.card.asking(filename),
    decision: ({ event }) => current?.card.decided(event),
    done: ({ outcome }) => {
      installed = outcome.installed;
      current?.resolve(outcome);
      current = null;
    },
  };
  const stop = (reason) => {
    worker.terminate();
    ready.resolve(reason);
    current?.resolve({ kind: "stopped", message: reason, installed: [] });
    current = null;
  };
  worker.addEventListener("message", ({ data }) => void heard[data.kind](data));
  worker.addEventListener("error", () =>
    stop("Python could not be loaded. Is the server still there?"),
  );
  worker.postMessage({ kind: "start", configuration, pins }, []);

  return {
    ready: ready.promise,
    installed: () => installed,
    stop: () => stop("Python was started anew."),
    /** Installs once Python is ready. The card hears of each file; the promise gives the outcome. */
    async install(requirement, card) {
      const problem = await ready.promise;
      if (problem !== null) return { kind: "stopped", message: problem, installed: [] };
      const ended = Promise.withResolvers();
      current = { card, resolve: ended.resolve };
      worker.postMessage({ kind: "install", requirement }, []);
      return ended.promise;
    },
  };
}
