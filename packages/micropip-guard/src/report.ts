/** The guard's report, for terminals and for notebooks. */
import type { GuardEvent, GuardReport } from "./model.ts";
import { printable } from "./words.ts";

type Data = Omit<GuardReport, "text" | "html">;

const HEADINGS = ["", "Package", "Publisher", "Decision"];
/** Sign and colour; each stands beside a word, so that neither is needed to read the table. */
const SIGNS: Readonly<Record<GuardEvent["outcome"], readonly [sign: string, colour: string]>> = {
  accepted: ["\u2713", "#1a7f37"],
  reported: ["!", "#9a6700"],
  refused: ["\u2717", "#cf222e"],
  held: ["\u2013", "#6e7781"],
};

/** One line for each decision, after one about the guard itself. */
export function textOf(data: Data): string {
  const rows = data.events.map((event) => {
    const [publisher, package_] = [publisherOf(event), packageOf(event)];
    return `${event.outcome.padEnd(8)}  ${package_}  ${event.decision.code}  ${publisher}`.trimEnd();
  });
  return [headOf(data), ...rows].join("\n");
}

/** A table with a row for each decision. */
export function htmlOf(data: Data): string {
  const head = HEADINGS.map((each) => `<th scope="col" style="text-align:left">${each}</th>`);
  const rows = data.events.map((event) => {
    const [sign, colour] = SIGNS[event.outcome];
    const { code, message } = event.decision;
    const cells = [
      `<span style="color:${colour}">${sign} ${event.outcome}</span>`,
      escaped(packageOf(event)),
      escaped(publisherOf(event)),
      `<code>${code}</code> ${escaped(message)}`,
    ];
    return `<tr>${cells.map((each) => `<td style="text-align:left">${each}</td>`).join("")}</tr>`;
  });
  return (
    `<table><caption style="text-align:left">${escaped(headOf(data))}</caption>` +
    `<thead><tr>${head.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`
  );
}

function headOf({ mode, strict, trustRoot }: Data): string {
  const day = trustRoot.newestStart.toISOString().slice(0, 10);
  return `micropip-guard: ${mode}${strict ? ", strict" : ""}; trust root ${trustRoot.origin}, of ${day}`;
}

function packageOf({ decision: { name, version } }: GuardEvent): string {
  return printable(version === null ? name : `${name} ${version}`);
}

function publisherOf({ decision: { found } }: GuardEvent): string {
  return [...new Set(found.map(({ url }) => url))].join(", ");
}

function escaped(text: string): string {
  return printable(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
