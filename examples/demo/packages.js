/** What the index has, to choose from. */
import { byId, element } from "./elements.js";

const ACCEPT = "application/vnd.pypi.simple.v1+json";

/** Lists the projects of the index; `choose` hears of the one that is pressed. */
export function showPackages({ index, about, note }, choose) {
  byId("note").textContent = note;
  byId("note").hidden = note === "";
  const again = byId("packages-again");
  const ask = async () => {
    say("Asking the index");
    again.hidden = true;
    try {
      const names = await namesOn(index);
      list(names, about, choose);
      say(names.length === 0 ? "It has no packages." : "");
    } catch {
      say("The index does not answer.");
      again.hidden = false;
    }
  };
  again.addEventListener("click", () => void ask());
  void ask();
}

/** Those that have a description come first, in its order. */
async function namesOn(index) {
  const answer = await fetch(`${index}/`, { headers: { accept: ACCEPT } });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const { projects } = await answer.json();
  return projects.map(({ name }) => name);
}

function list(names, about, choose) {
  const order = Object.keys(about);
  const place = (name) => (order.includes(name) ? order.indexOf(name) : order.length);
  const sorted = names.toSorted((a, b) => place(a) - place(b));
  byId("names").replaceChildren(
    ...sorted.map((name) => {
      const option = element("option", "");
      option.value = name;
      return option;
    }),
  );
  byId("packages").replaceChildren(
    ...sorted.map((name) => {
      const what = Object.hasOwn(about, name) ? [element("span", "about", about[name])] : [];
      const button = element("button", "package", element("span", "name", name), ...what);
      button.type = "button";
      button.addEventListener("click", () => choose(name));
      return element("li", "", button);
    }),
  );
}

function say(text) {
  byId("packages-state").textContent = text;
  byId("packages-state").hidden = text === "";
}
