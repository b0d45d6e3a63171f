/** One wheel of an install: who signed it, and what was decided. */
import { element, link } from "./elements.js";

const LOOKS = {
  accepted: ["good", "Accepted"],
  reported: ["doubt", "Would be refused"],
  refused: ["bad", "Refused"],
  held: ["quiet", "Held back"],
};

/** A row for a file. It is told when its signature is asked for, decided about, and explained. */
export function createWheel(filename, place) {
  const name = element("span", "what", nameIn(filename));
  const word = element("span", "word", "Found");
  const who = element("div", "who");
  const mark = element("span", "sign");
  mark.ariaHidden = "true";
  const row = element("li", "wheel", mark, element("div", "line", name, word), who);
  row.dataset.look = "working";
  // Wheels of one install are decided about at once: they appear one after the other.
  row.style.setProperty("--place", place);
  /** Null until there is one. */
  let decided = null;
  return {
    element: row,
    asking() {
      if (decided === null) word.textContent = "Who signed it?";
    },
    decided({ decision, outcome }) {
      decided = decision;
      const [look, text] = LOOKS[outcome];
      row.dataset.look = look;
      name.textContent = [decision.name, decision.version]
        .filter((part) => part !== null)
        .join(" ");
      word.textContent = text;
      who.replaceChildren(...whoOf(decision, outcome));
    },
    /** Adds why it was refused, and what can be done. */
    explain(refusal) {
      const reason = reasonOf(refusal, decided?.message ?? "");
      who.replaceChildren(...reason, element("p", "remedy", ...remedyOf(refusal.remedy)));
    },
    /** The install is over: what nobody decided about never will be. */
    settle() {
      if (decided !== null) return;
      row.dataset.look = "quiet";
      word.textContent = "Not decided";
    },
  };
}

function whoOf({ found, message, code }, outcome) {
  if (outcome !== "refused" && found.length > 0) return found.map(signer);
  return [element("p", "", element("code", "code", code), ` ${message}`)];
}

function signer({ url, workflow, commit, ref, kind }) {
  const built = workflow === null ? [] : [" by ", workflowLink(kind, url, workflow, commit)];
  const tag = ref === null ? [] : [` from ${ref.replace(/^refs\/(?:heads|tags)\//, "")}`];
  return element("p", "signer", "Signed by ", link(url, shortened(url)), ...built, ...tag);
}

function workflowLink(kind, url, workflow, commit) {
  const path = kind === "GitHub" ? `.github/workflows/${workflow}` : workflow;
  return commit === null ? workflow : link(`${url}/blob/${commit}/${path}`, workflow);
}

function reasonOf({ code, expected, found }, message) {
  const facts = [...term("Pinned", "", expected, UNPINNED.has(code))];
  facts.push(...term("Signed by", "other", found, UNSIGNED.has(code)));
  return [
    element("p", "", element("code", "code", code), ` ${REASONS[code] ?? ""}`),
    facts.length === 0 ? element("p", "detail", message) : element("dl", "", ...facts),
  ];
}

/** Codes that mean that nobody is pinned, and that nobody signed. */
const UNPINNED = new Set(["PUBLISHER_UNPINNED", "UNSIGNED"]);
const UNSIGNED = new Set(["ATTESTATION_MISSING", "UNSIGNED"]);

/** Whom it is about. An empty list says something only where it means nobody. */
function term(word, className, urls, isNobody) {
  const whom = urls.map((url) => link(url, shortened(url)));
  if (whom.length === 0 && isNobody === true) whom.push("nobody");
  if (whom.length === 0) return [];
  return [element("dt", "", word), ...whom.map((each) => element("dd", className, each))];
}

const REASONS = {
  PUBLISHER_CHANGED: "Somebody else signed it.",
  PUBLISHER_UNPINNED: "It is signed, and nobody has pinned who may.",
  ATTESTATION_MISSING: "It has a pinned publisher, and no signature.",
  ATTESTATION_INVALID: "The signature is not for these bytes, or does not hold.",
  UNSIGNED: "Nobody signed it, and nobody has allowed that.",
  UNVERIFIABLE: "Something that is needed to verify it did not answer.",
};

/** The line that would accept it, where there is one, can be taken over by itself. */
function remedyOf(remedy) {
  const [said, line] = remedy.split(/(?<=accepts it with:) /);
  return line === undefined ? [remedy] : [`${said} `, element("code", "accepting", line)];
}

function shortened(url) {
  return url.replace(/^https:\/\//, "");
}

/** PEP 427: name and version stand first. */
function nameIn(filename) {
  return filename.split("-").slice(0, 2).join(" ");
}
