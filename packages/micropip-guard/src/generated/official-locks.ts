/**
 * The digest (docs/lock-digest.md, without its prefix) of the pyodide-lock.json that each release of
 * Pyodide came with, from its package of npm. Written by `npm run generate`.
 */
export const OFFICIAL_LOCKS: Readonly<Record<string, string>> = {
  "0.28.3": "176127cf25aaefc391b5c74f501d55dfa7b7c15b38b50c9f4ecbbc64e1f5610f",
  "0.29.5": "038ba916387082b0290429bd523eede4bd9d539b3e987fa5d32e874538c0d69e",
  "314.0.7": "82d5d730a07f93f9a6af9f0721c4251749206c563d6a189b8a96f0a37900390b",
};
