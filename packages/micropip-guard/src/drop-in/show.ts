/** Shows a person why nothing starts, where whoever runs Python says so on the console alone. */
import { SHOW_AGAIN_MS } from "../limits.ts";

/** An element of a page. */
interface Element {
  textContent: string;
  setAttribute: (name: string, value: string) => void;
}

/** A page. Workers have none. */
interface Document {
  readonly body: { readonly prepend: (element: Element) => void } | null;
  readonly createElement: (name: string) => Element;
}

/** A page or worker. */
interface Surroundings {
  readonly document?: Document;
  readonly location?: { readonly pathname: string };
  readonly postMessage: (message: object) => void;
}

const STYLE =
  "margin:1em;padding:1em;border:2px solid #cf222e;background:#fff;color:#1f2328;" +
  "font:1rem/1.5 system-ui,sans-serif;white-space:pre-wrap;overflow-wrap:anywhere";
/** The file that JupyterLite's kernel runs in, where its page is not isolated from others. */
const KERNEL = /\/comlink\.worker\.[^/]*$/;

/** Puts a text where a person sees it: at the top of the page, or in the notebook's cell. */
export function show(text: string): void {
  const { document, location, postMessage } = globalThis as Surroundings;
  if (document !== undefined) showOnPage(text, document);
  else if (KERNEL.test(location?.pathname ?? "")) showInCell(text, postMessage);
}

function showOnPage(text: string, document: Document): void {
  const element = document.createElement("div");
  element.setAttribute("role", "alert");
  element.setAttribute("style", STYLE);
  element.textContent = text;
  document.body?.prepend(element);
}

/**
 * The cell that waits for the kernel, and every later one, get the text as their output. The kernel
 * does not say when there is one: so it is given again and again, in place of itself.
 */
function showInCell(text: string, tell: Surroundings["postMessage"]): void {
  const give = (): void => {
    for (const message of [
      { type: "clear_output", bundle: { wait: true } },
      { type: "stream", bundle: { name: "stderr", text: `${text}\n` } },
    ]) {
      tell({ _kernelMessage: message });
    }
  };
  give();
  setInterval(give, SHOW_AGAIN_MS);
}
