export { runGit } from "./git.ts";
export { runHook, type World } from "./hook.ts";
export { RUNNERS, type Runner } from "./install/detect.ts";
export type { FileChange, SettingChange, SetupIo, SetupPlan } from "./install/io.ts";
export {
  INTERNAL_ERROR_EXIT_CODE,
  internalErrorText,
  surviveClosedOutputs,
} from "./internal-error.ts";
export { lineDiff } from "./install/line-diff.ts";
export { type InstallOptions, planInstall } from "./install/plan.ts";
export { writeSetting } from "./install/settings.ts";
export { planUninstall } from "./install/unplan.ts";
export { readAt, type RevisionQuery } from "./read-at.ts";
export { type Binding, CONFIGURATION_PATHS, readSettings, type Settings } from "./settings.ts";
export { loadYamlParser, type YamlParser } from "./yaml.ts";
