/** A page in a frame of the test's own page, and as much of its document as the tests touch. */

/** What the tests use of an element. */
export interface PageElement {
  hidden: boolean;
  value: string;
  readonly tagName: string;
  readonly textContent: string;
  readonly clientWidth: number;
  readonly scrollWidth: number;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
  readonly dataset: Readonly<Record<string, string>>;
  getAttribute(name: string): string | null;
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  click(): void;
  focus(): void;
  dispatchEvent(event: Event): boolean;
}

interface PageDocument extends PageElement {
  readonly documentElement: PageElement;
  readonly activeElement: PageElement | null;
}

interface Frame extends PageElement {
  srcdoc: string;
  width: string;
  readonly contentDocument: PageDocument;
  addEventListener(type: "load", listener: () => void): void;
  remove(): void;
}

interface HostDocument {
  readonly body: { append(frame: Frame): void };
  createElement(name: "iframe"): Frame;
}

/** A page that was opened. */
export interface OpenPage {
  readonly document: PageDocument;
  /** The one element that a selector is for. */
  one(selector: string): PageElement;
  /** All of them, in the order of the document. */
  all(selector: string): readonly PageElement[];
  close(): void;
}

/** Opens a page that is given as text, so many pixels wide, with its script run. */
export async function openPage(html: string, width = 1000): Promise<OpenPage> {
  const { document: host } = globalThis as unknown as { readonly document: HostDocument };
  const frame = host.createElement("iframe");
  frame.width = String(width);
  frame.srcdoc = html;
  const loaded = new Promise<void>((resolve) => {
    frame.addEventListener("load", resolve);
  });
  host.body.append(frame);
  await loaded;
  const document = frame.contentDocument;
  return {
    document,
    one(selector) {
      const element = document.querySelector(selector);
      if (element === null) throw new Error(`expected an element ${selector}, found none`);
      return element;
    },
    all: (selector) => [...document.querySelectorAll(selector)],
    close: () => frame.remove(),
  };
}
