/** The line at the top that says what Python is doing. It is read out, too. */
import { byId } from "./elements.js";

/**
 * Says what is going on.
 *
 * @param state `starting`, `ready`, `busy` or `failed`
 * @param step how far the start has come, out of the progress bar's `max`; nothing where it is over
 */
export function showStatus(state, text, step) {
  const status = byId("status");
  status.dataset.state = state;
  if (status.textContent !== text) status.textContent = text;
  const progress = byId("progress");
  progress.hidden = step === undefined;
  if (step !== undefined) progress.value = step;
}
