/** Which options of pip are understood, and what becomes of each. */
import { specs } from "../specs.ts";
import type { OptionSpec } from "../types.ts";

/** Commands of pip that are guarded. */
export const PIP_COMMANDS = ["install", "download", "wheel", "lock"] as const;

/** One of {@link PIP_COMMANDS}. */
export type PipCommandName = (typeof PIP_COMMANDS)[number];

const refused = (reason: string, text: string): readonly OptionSpec[] =>
  specs({ refused: reason }, text);

/** Those that say which interpreter, and how pip talks; and those about connections, which are ours. */
const GENERAL: readonly OptionSpec[] = [
  ...specs(
    "take",
    `--help|-h --isolated --python= --proxy= --cert= --trusted-host= --retries=
     --timeout|--default-timeout= --resume-retries= --cache-dir= --no-cache-dir
     --disable-pip-version-check --tofu`,
  ),
  ...specs(
    "pass",
    `--debug --require-virtualenv|--require-venv --verbose|-v --quiet|-q
     --log|--log-file|--local-log= --no-input --no-color --exists-action=
     --no-python-version-warning`,
  ),
  ...refused(
    "passwords for indexes are kept on pubpin's side: put them into netrc or the index's URL",
    "--keyring-provider=",
  ),
  ...refused("pubpin asks indexes itself, and has no certificate of its own", "--client-cert="),
  ...refused("pubpin takes proxies from the environment: unset them there", "--no-proxy-env"),
  ...refused("it changes how pip finds or builds packages", "--use-feature= --use-deprecated="),
];

/** Those about what is asked for, and from where. */
const REQUIREMENTS: readonly OptionSpec[] = [
  ...specs(
    "take",
    `--requirement|-r= --constraint|-c= --build-constraint= --editable|-e=
     --index-url|-i|--pypi-url= --extra-index-url=`,
  ),
  ...specs(
    "pass",
    `--group= --requirements-from-script= --no-deps|--no-dependencies --only-deps --pre
     --all-releases= --only-final= --no-binary= --only-binary= --prefer-binary
     --uploaded-prior-to= --refresh-package= --ignore-requires-python
     --config-settings|--config-setting|-C= --require-hashes --no-require-hashes --progress-bar=
     --no-clean --check-build-dependencies --use-pep517 --src|--source|--source-dir|--source-directory=`,
  ),
  ...refused(
    "what lies there has no index that says who published it: name an index, or pin the file " +
      "(`#file:`) and name its path",
    "--find-links|-f=",
  ),
  ...refused("it leaves only --find-links, which no index vouches for", "--no-index"),
  ...refused(
    "what builds packages would be taken from the environment, unverified",
    "--no-build-isolation",
  ),
];

/** Those that say for which Python files are chosen. */
const OTHER_PYTHON: readonly OptionSpec[] = specs(
  "pass",
  "--platform= --python-version= --implementation= --abi=",
);

const IN_PLACE =
  "pubpin has to know what is installed there already: install into a virtual environment, or --target";

/** The options of each command. */
export const OPTIONS: Readonly<Record<PipCommandName, readonly OptionSpec[]>> = {
  install: [
    ...GENERAL,
    ...REQUIREMENTS,
    ...OTHER_PYTHON,
    ...specs("take", "--dry-run --report= --target|-t="),
    ...specs(
      "pass",
      `--no-user --upgrade|-U --upgrade-strategy= --force-reinstall --ignore-installed|-I
       --break-system-packages --compile --no-compile --no-warn-script-location
       --no-warn-conflicts --root-user-action=`,
    ),
    ...refused(IN_PLACE, "--user --root= --prefix="),
  ],
  download: [
    ...GENERAL,
    ...REQUIREMENTS,
    ...OTHER_PYTHON,
    ...specs("take", "--dest|-d|--destination-dir|--destination-directory="),
  ],
  wheel: [...GENERAL, ...REQUIREMENTS, ...specs("take", "--wheel-dir|-w= --no-verify")],
  lock: [...GENERAL, ...REQUIREMENTS, ...specs("take", "--output|-o=")],
};

/** Options that may be there several times, and whose values a configuration separates by white space. */
export const REPEATED: ReadonlySet<string> = new Set([
  "--requirement",
  "--constraint",
  "--build-constraint",
  "--editable",
  "--extra-index-url",
  "--trusted-host",
  "--find-links",
  "--use-feature",
  "--use-deprecated",
  "--group",
  "--requirements-from-script",
  "--platform",
  "--abi",
  "--config-settings",
]);
