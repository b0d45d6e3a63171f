/** Markup in which everything is escaped that was not written here as markup. */

/** HTML that can stand in a page as it is. Only the functions of this file make it. */
export interface Markup {
  readonly markup: string;
}

/** What can be put into markup: text and numbers are escaped, markup is not. */
export type Content = string | number | Markup | readonly Markup[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A template tag for HTML: what is put in is escaped for text and for attributes in quotes. */
export function markup(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const parts = contents.map((content, index) => `${render(content)}${strings[index + 1] ?? ""}`);
  return { markup: `${strings[0] ?? ""}${parts.join("")}` };
}

/** A style sheet or script of this package's own, as the content of its element. */
export function verbatim(text: string): Markup {
  return { markup: text };
}

/** Words of this package with code between backticks, as in Markdown. */
export function prose(words: string): Markup {
  const parts = words.split("`");
  return join(
    parts.map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : markup`${part}`)),
  );
}

/** Pieces one after the other. */
function join(pieces: readonly Markup[]): Markup {
  return { markup: pieces.map((piece) => piece.markup).join("") };
}

/** Nothing. */
export const NOTHING: Markup = { markup: "" };

function render(content: Content): string {
  if (typeof content === "number") return String(content);
  if (typeof content === "string") {
    return content.replace(/[&<>"']/g, (each) => ENTITIES[each] ?? "");
  }
  return "markup" in content ? content.markup : join(content).markup;
}
