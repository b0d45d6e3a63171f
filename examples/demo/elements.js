/** Small help with elements. Nothing from outside ever becomes markup: text is set as text. */

/** The element with this id, which the page has. */
export function byId(id) {
  return document.getElementById(id);
}

/** An element with a class and what is in it: texts and elements. */
export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className !== "") made.className = className;
  made.append(...children);
  return made;
}

/** A link out of the page where the address is one of the web, else its text. */
export function link(address, text) {
  if (!/^https?:\/\//.test(address)) return document.createTextNode(text);
  const made = element("a", "", text);
  made.href = address;
  made.rel = "noreferrer noopener";
  made.target = "_blank";
  return made;
}

/** Fills a list with short texts, and shows what stands for none. */
export function fillTags(list, none, texts) {
  list.replaceChildren(...texts.map((text) => element("li", "", text)));
  none.hidden = texts.length > 0;
}

/** Brings an element into view, gently where that is welcome. */
export function scrollTo(target) {
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target.scrollIntoView({ behavior: isCalm ? "auto" : "smooth", block: "nearest" });
}
