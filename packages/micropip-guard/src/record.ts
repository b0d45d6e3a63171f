/** What a guard has decided so far. */
import type { Decision, Report } from "@pubpin/shared";
import { MAX_EVENTS } from "./limits.ts";
import type { GuardEvent, GuardMode, GuardOutcome, GuardReport, GuardRoute } from "./model.ts";
import { htmlOf, textOf } from "./report.ts";

/** A list of decisions that grows. */
export interface Record {
  /** Notes a decision and tells whoever listens. */
  readonly note: (decision: Decision, outcome: GuardOutcome, route: GuardRoute) => void;
  readonly report: () => GuardReport;
}

/** What stands at the head of every report. */
export interface RecordHead {
  readonly mode: GuardMode;
  readonly strict: boolean;
  readonly trustRoot: () => Report["trustRoot"];
}

/** An empty record. What a listener throws is its own affair. */
export function createRecord(head: RecordHead, onDecision: (event: GuardEvent) => void): Record {
  const events: GuardEvent[] = [];
  return {
    note(decision, outcome, route) {
      const event: GuardEvent = { decision, outcome, route };
      events.push(event);
      if (events.length > MAX_EVENTS) events.shift();
      try {
        onDecision(event);
      } catch {
        return;
      }
    },
    report() {
      const data = { ...head, trustRoot: head.trustRoot(), events: [...events] };
      return { ...data, text: textOf(data), html: htmlOf(data) };
    },
  };
}
