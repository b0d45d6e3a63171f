/** Measures a page from inside: `measure()` is everything that can be seen of it by computing. */

/** WCAG 2.2, "relative luminance". */
function luminance([red, green, blue]) {
  const [r, g, b] = [red, green, blue].map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function colour(text) {
  const [red, green, blue, alpha = 1] = text.match(/[\d.]+/g).map(Number);
  return [red, green, blue, alpha];
}

/** The colour behind an element; those of this page are opaque or nothing at all. */
function groundOf(element) {
  const ground = colour(getComputedStyle(element).backgroundColor);
  return ground[3] === 1 ? ground : groundOf(element.parentElement);
}

function ownText(element) {
  if (element.matches("input, textarea") === true) return element.value;
  const texts = [...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE);
  return texts.map(({ textContent }) => textContent).join("");
}

/** Texts with a contrast of less than 4.5 (WCAG 2.2, 1.4.3). */
function faintTexts() {
  return [...document.body.querySelectorAll("*")].flatMap((element) => {
    const text = ownText(element).trim();
    if (text === "" || !element.checkVisibility()) return [];
    const lights = [colour(getComputedStyle(element).color), groundOf(element)].map(luminance);
    const ratio = (Math.max(...lights) + 0.05) / (Math.min(...lights) + 0.05);
    return ratio < 4.5 ? [`${ratio.toFixed(2)} ${text}`] : [];
  });
}

/** What can be used, with its name and its height in pixels. */
function controls() {
  return [...document.querySelectorAll("button, input, textarea")]
    .filter((element) => element.checkVisibility())
    .map((element) => {
      const name = (element.labels?.[0] ?? element).textContent.trim();
      return { name, height: element.getBoundingClientRect().height };
    });
}

/** References to elements that are not there. */
function dangling() {
  const names = ["for", "list", "aria-labelledby", "aria-describedby"];
  return [...document.querySelectorAll(names.map((name) => `[${name}]`).join())]
    .flatMap((element) => names.flatMap((name) => element.getAttribute(name)?.split(" ") ?? []))
    .filter((id) => document.getElementById(id) === null);
}

globalThis.measure = () => {
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return {
    faintTexts: faintTexts(),
    overhang: document.documentElement.scrollWidth - innerWidth,
    ground: getComputedStyle(document.body).backgroundColor,
    moving: document.getAnimations().length,
    controls: controls(),
    focusRing: `${outlineStyle} ${outlineWidth}`,
    language: document.documentElement.lang,
    headings: [...document.querySelectorAll("h1, h2, h3")].map(({ tagName }) => tagName),
    dangling: dangling(),
    repeatedIds: ids.filter((id, at) => ids.indexOf(id) !== at),
  };
};
