/** The version of the hook: that of its package.json, which the one bundled file does not have. */
export const PRECOMMIT_VERSION: string = "0.1.0";
