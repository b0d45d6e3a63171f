/** Figures of a guarding index, in the text format of Prometheus. */
import type { GuardingEvent } from "./types.ts";

/** Counts what happens. */
export interface Figures {
  readonly count: (event: GuardingEvent) => void;
  /** All figures since the start (Prometheus, "Exposition formats", text format 0.0.4). */
  readonly text: () => string;
}

/** What is counted, with what it means. */
const COUNTERS = {
  pubpin_files_total: "Requests for files that were decided about, by decision and verdict.",
  pubpin_bytes_total: "Bytes of files that were served, each file once.",
  pubpin_pages_total: "Pages that were served.",
  pubpin_hidden_files_total: "Files that these pages did not show, because nobody signed them.",
  pubpin_new_projects_total: "Projects that trust on first use accepted.",
  pubpin_upstream_requests_total: "Requests to indexes, by status; none where there was no answer.",
  pubpin_upstream_seconds_total: "Seconds until answers of indexes began, in sum.",
  pubpin_cache_hits_total: "What was needed and there: answers of indexes, and verified files.",
} as const;

type Counter = keyof typeof COUNTERS;

const MS_PER_S = 1000;

/** Figures that are all zero. */
export function createFigures(): Figures {
  const values = new Map<Counter, Map<string, number>>();
  const add = (counter: Counter, labels: string, value: number): void => {
    const byLabels = values.get(counter) ?? new Map<string, number>();
    values.set(counter, byLabels.set(labels, (byLabels.get(labels) ?? 0) + value));
  };
  return {
    count: (event) => countEvent(event, add),
    text: () =>
      Object.entries(COUNTERS)
        .map(([counter, help]) => {
          const found = [...(values.get(counter as Counter) ?? [["", 0] as const])];
          const lines = found.map(([labels, value]) => `${counter}${labels} ${value}\n`);
          return `# HELP ${counter} ${help}\n# TYPE ${counter} counter\n${lines.join("")}`;
        })
        .join(""),
  };
}

function countEvent(
  event: GuardingEvent,
  add: (counter: Counter, labels: string, value: number) => void,
): void {
  switch (event.kind) {
    case "served":
      add("pubpin_files_total", labelled({ code: event.decision.code, verdict: "pass" }), 1);
      if (event.again) add("pubpin_cache_hits_total", labelled({ of: "file" }), 1);
      else add("pubpin_bytes_total", "", event.size);
      return;
    case "refused": {
      const { code, status } = event.refusal;
      const verdict = status === 403 ? "fail" : "unverifiable";
      return add("pubpin_files_total", labelled({ code, verdict }), 1);
    }
    case "page":
      add("pubpin_pages_total", "", 1);
      return add("pubpin_hidden_files_total", "", event.hidden);
    case "first-use":
      return add("pubpin_new_projects_total", "", 1);
    case "upstream":
      add("pubpin_upstream_requests_total", labelled({ status: event.status ?? "none" }), 1);
      return add("pubpin_upstream_seconds_total", "", event.ms / MS_PER_S);
    case "cached":
      return add("pubpin_cache_hits_total", labelled({ of: "answer" }), 1);
  }
}

/** Values are codes and numbers: nothing in them needs an escape. */
function labelled(labels: Readonly<Record<string, string | number>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return `{${pairs.join(",")}}`;
}
