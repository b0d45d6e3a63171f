/** Shows a person why nothing starts, where whoever runs Python says so on the console alone. */

/** An element of a page. */
interface Element {
  textContent: string;
  setAttribute: (name: string, value: string) => void;
}

/** A page. */
interface Document {
  readonly body: { readonly prepend: (element: Element) => void } | null;
  readonly createElement: (name: string) => Element;
}

const STYLE =
  "margin:1em;padding:1em;border:2px solid #cf222e;background:#fff;color:#1f2328;" +
  "font:1rem/1.5 system-ui,sans-serif;white-space:pre-wrap;overflow-wrap:anywhere";

/** Puts a text at the top of the page. Workers have none. */
export function show(text: string): void {
  const { document } = globalThis as { readonly document?: Document };
  if (document === undefined) return;
  const element = document.createElement("div");
  element.setAttribute("role", "alert");
  element.setAttribute("style", STYLE);
  element.textContent = text;
  document.body?.prepend(element);
}
