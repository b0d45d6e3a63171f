/** What a code means to a person. Every adapter and docs/errors.md take their words from here. */
export interface Words {
  readonly title: string;
  /** What happened, and the likely causes. */
  readonly meaning: string;
  /** What to do about it. */
  readonly remedy: string;
}
