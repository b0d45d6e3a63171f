/** Points in time, always given and never read from a clock. */

/** A Date, or a string that Date understands, such as `2026-01-02T03:04:05Z`. */
export type Time = Date | string;

/** When everything is signed unless a test says otherwise. */
export const DEFAULT_TIME = "2026-01-02T03:04:05Z";

/** The Date of a time. Throws if the string is not one. */
export function toDate(time: Time): Date {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) throw new Error(`not a time: ${String(time)}`);
  return date;
}

/** The time `seconds` later, or earlier if negative. */
export function later(time: Time, seconds: number): Date {
  return new Date(toDate(time).getTime() + seconds * 1000);
}

/** Whole seconds since 1970. */
export function unixSeconds(time: Time): number {
  return Math.floor(toDate(time).getTime() / 1000);
}
