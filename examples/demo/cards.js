/** One install: its wheels as they are decided about, and what came of it. */
import { element } from "./elements.js";
import { createWheel } from "./wheels.js";

const HEADS = {
  waiting: ["working", "Working"],
  installed: ["good", "Installed"],
  nothing: ["good", "Nothing to do"],
  refused: ["bad", "Refused"],
  unverifiable: ["doubt", "Not verified"],
  failed: ["doubt", "Not installed"],
  stopped: ["doubt", "Not installed"],
};

/**
 * A card for an install. It is told for which file the index is asked, of each decision, and of
 * the end.
 */
export function createCard(requirement) {
  const title = element("h3", "", requirement);
  const badge = element("span", "badge");
  const wheels = element("ul", "wheels");
  const foot = element("div", "foot");
  const card = element("li", "card", element("div", "head", title, badge), wheels, foot);
  /** By file name. */
  const rows = new Map();
  let said = "";

  const rowOf = (filename) => {
    const known = rows.get(filename);
    if (known !== undefined) return known;
    const row = createWheel(filename, rows.size);
    rows.set(filename, row);
    wheels.append(row.element);
    return row;
  };
  const explain = (refusal) => {
    const name = refusal.filename ?? refusal.package;
    if (name === null) wheels.append(element("li", "wheel", refusal.text));
    else rowOf(name).explain(refusal);
  };
  const show = (state, sentence) => {
    const [look, word] = HEADS[state];
    card.dataset.look = look;
    badge.textContent = word;
    said = `${requirement}: ${word}`;
    foot.replaceChildren(element("p", "", sentence));
  };

  show("waiting", "Looking for it on the index.");
  return {
    element: card,
    summary: () => said,
    asking(filename) {
      rowOf(filename).asking();
      foot.replaceChildren(element("p", "", "Checking who signed it."));
    },
    decided(event) {
      rowOf(event.decision.filename ?? event.decision.name).decided(event);
    },
    end(outcome) {
      const state = stateOf(outcome, rows.size);
      if (outcome.kind === "refused") explain(outcome.refusal);
      for (const row of rows.values()) row.settle();
      show(state, sentenceOf(state, outcome));
      if (state === "refused") said = `${requirement}: Refused, ${outcome.refusal.code}`;
    },
  };
}

function stateOf(outcome, files) {
  if (outcome.kind === "installed" && files === 0) return "nothing";
  if (outcome.kind !== "refused") return outcome.kind;
  return UNKNOWN.has(outcome.refusal.code) ? "unverifiable" : "refused";
}

/** Codes that accuse nobody: something did not answer, or the trust root is too old. */
const UNKNOWN = new Set(["UNVERIFIABLE", "TRUST_ROOT_UNKNOWN_KEY"]);

function sentenceOf(state, outcome) {
  switch (state) {
    case "installed":
      return "Every wheel was signed by its pinned publisher, and unpacked.";
    case "nothing":
      return "It was installed already.";
    case "refused":
    case "unverifiable":
      return "Nothing of this install was unpacked.";
    default:
      return firstLine(outcome.message);
  }
}

/** micropip's errors say in their first line what is wrong, and then how to ask for more. */
function firstLine(text) {
  return text.trim().split("\n", 1).join("");
}
