/** The page: brings its parts together. What each part does is in its own file. */
import { createCard } from "./cards.js";
import { byId, fillTags, scrollTo } from "./elements.js";
import { startInterpreter } from "./interpreter.js";
import { showPackages } from "./packages.js";
import { editPins } from "./pins.js";
import { readConfiguration } from "./settings.js";
import { showStatus } from "./status.js";

const form = byId("form");
const input = byId("name");
const button = byId("install");
const cards = byId("cards");

/** The Python that is running, or starting; null before the first start. */
let python = null;
let isBusy = false;

async function install(requirement) {
  if (isBusy || python === null) return;
  isBusy = true;
  button.ariaDisabled = "true";
  byId("empty").hidden = true;
  const card = createCard(requirement);
  cards.prepend(card.element);
  scrollTo(card.element);
  try {
    showStatus("busy", `Installing ${requirement}`);
    const outcome = await python.install(requirement, card);
    card.end(outcome);
    fillTags(byId("installed"), byId("installed-none"), outcome.installed);
    showStatus(outcome.kind === "installed" ? "ready" : "failed", card.summary());
  } finally {
    isBusy = false;
    button.ariaDisabled = null;
  }
}

/** Starts Python anew, with these pins, and says how that goes. */
async function start(configuration, pins) {
  python?.stop();
  fillTags(byId("installed"), byId("installed-none"), []);
  showStatus("starting", "Loading Python", 1);
  const started = startInterpreter(configuration, pins, {
    stage: (text, step) => showStatus("starting", text, step),
  });
  python = started;
  const problem = await started.ready;
  if (started !== python) return null;
  if (problem === null) {
    fillTags(byId("installed"), byId("installed-none"), started.installed());
    showStatus("ready", "Python is ready");
  } else {
    showStatus("failed", "Python did not start");
  }
  return problem;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const requirement = input.value.trim();
  if (requirement === "") {
    input.focus();
    showStatus("ready", "Which package? Type a name first.");
    return;
  }
  void install(requirement);
});

const { configuration, pins, problem } = await readConfiguration();
if (problem === null) {
  showPackages(configuration, (name) => {
    input.value = name;
    void install(name);
  });
  editPins(pins, (text) => start(configuration, text));
} else {
  showStatus("failed", problem);
}
