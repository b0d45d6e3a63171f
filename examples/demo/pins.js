/** The pins: to be seen, and to be changed. */
import { byId } from "./elements.js";

/**
 * Shows the pins and starts with them, and again whenever they are applied.
 *
 * @param start starts Python with a text of pins; resolves to null, or to what is wrong
 */
export function editPins(given, start) {
  const text = byId("pins");
  const back = byId("pins-back");
  const problem = byId("pins-error");
  let last = 0;

  const apply = async () => {
    const own = ++last;
    problem.hidden = true;
    text.ariaInvalid = null;
    const found = await start(text.value);
    if (found === null || own !== last) return;
    problem.textContent = found;
    problem.hidden = false;
    text.ariaInvalid = "true";
  };

  text.value = given;
  text.addEventListener("input", () => {
    back.hidden = text.value === given;
  });
  byId("pins-form").addEventListener("submit", (event) => {
    event.preventDefault();
    void apply();
  });
  back.addEventListener("click", () => {
    text.value = given;
    back.hidden = true;
    text.focus();
    void apply();
  });
  void apply();
}
