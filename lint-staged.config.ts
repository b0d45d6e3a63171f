import type { Configuration } from "lint-staged";

/** What each commit of this repository is checked for, on what is staged. */
const configuration: Configuration = {
  "*": "oxfmt --no-error-on-unmatched-pattern",
  "*.{ts,mts,js,mjs}": ["oxlint --type-aware --deny-warnings", () => "tsc -b"],
};

export default configuration;
