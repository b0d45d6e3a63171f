/** The options of uv's commands that are understood, and those that are refused by name. */
import { specs } from "../specs.ts";
import type { OptionSpec } from "../types.ts";

/** Options that are pubpin's own, in uv's place. */
const OURS = specs("take", "--tofu");

/** Options of every command, also before its name. */
export const GLOBAL: readonly OptionSpec[] = [
  ...OURS,
  ...specs(
    "pass",
    `--no-cache|--no-cache-dir|-n --cache-dir= --managed-python --no-managed-python
     --no-python-downloads --allow-python-downloads --quiet|-q --verbose|-v --color= --system-certs
     --no-system-certs --native-tls --no-native-tls --offline --no-offline --allow-insecure-host=
     --no-progress --preview --no-preview --preview-features=`,
  ),
  ...specs("take", "--directory= --project= --config-file= --no-config --help|-h"),
];

/** Where packages come from: read here, and given to uv with the addresses of the guarding index. */
const INDEXES: readonly OptionSpec[] = [
  ...specs("take", "--index= --default-index= --index-url|-i= --extra-index-url="),
  ...specs(
    { refused: "what it finds has no publisher; name an index instead, with --index" },
    "--find-links|-f=",
  ),
  ...specs({ refused: "everything comes through an index, which checks it" }, "--no-index"),
  ...specs(
    { refused: "it chooses indexes by itself; name them in pyproject.toml, or with --index" },
    "--torch-backend=",
  ),
];

const RESOLVING: readonly OptionSpec[] = [
  ...INDEXES,
  ...specs(
    "pass",
    `--index-strategy= --keyring-provider= --upgrade|-U --no-upgrade --upgrade-package|-P=
     --upgrade-group= --resolution= --prerelease= --pre --prerelease-package= --fork-strategy=
     --exclude-newer= --exclude-newer-package= --no-sources --no-sources-package=
     --refresh --no-refresh --refresh-package= --link-mode= --python|-p=`,
  ),
];

const BUILDING = specs(
  "pass",
  `--config-setting|--config-settings|-C= --config-settings-package|--config-setting-package=
   --no-build-isolation --build-isolation --no-build-isolation-package=
   --require-build-hashes --no-require-build-hashes`,
);

/** In projects. */
const BUILDS = specs("pass", "--no-build --no-build-package= --no-binary --no-binary-package=");
/** In `uv pip`, where each of them means something else. */
const PIP_BUILDS = specs("pass", "--no-build --only-binary= --no-binary= --cert=");

const LISTING = specs(
  { refused: "what it finds has no publisher: leave it out" },
  "--emit-find-links",
);

const INSTALLING = specs("pass", "--reinstall --reinstall-package= --compile-bytecode");

const CHOOSING = specs(
  "pass",
  `--extra= --all-extras --no-extra= --no-dev --dev --only-dev --group= --no-group=
   --no-default-groups --only-group= --all-groups --no-editable --no-editable-package=
   --all-packages --python-platform=`,
);

const LOCKED = specs("take", "--locked --frozen");
const PACKAGE = specs("pass", "--package=");
const INSTALLED_PART = specs(
  "pass",
  "--no-install-project --no-install-workspace --no-install-local --no-install-package=",
);
const UNFROZEN = specs(
  { refused: "what is installed is what was verified: leave it out" },
  "--no-frozen --no-locked",
);
const UNHASHED = specs(
  { refused: "what was verified is known by its hashes: leave it out" },
  "--no-verify-hashes --no-require-hashes",
);
const UNSYNCED = specs(
  { refused: "what is installed would not be checked: leave it out" },
  "--no-sync",
);

const PROJECT = [...GLOBAL, ...RESOLVING, ...BUILDING, ...BUILDS, ...UNFROZEN];

/** Files with requirements, which are looked through before uv reads them. */
const REQUIREMENT_FILES = specs(
  "take",
  "--constraints|--constraint|-c= --overrides|--override= --excludes|--exclude= " +
    "--build-constraints|--build-constraint|-b=",
);

/** The commands of uv that are wrapped. */
export const UV_COMMANDS = [
  "sync",
  "run",
  "lock",
  "add",
  "remove",
  "export",
  "pip install",
  "pip sync",
  "pip compile",
  "tool install",
  "tool run",
] as const;

/** One of {@link UV_COMMANDS}. */
export type UvCommandName = (typeof UV_COMMANDS)[number];

/** By command. */
export const OPTIONS: Readonly<Record<UvCommandName, readonly OptionSpec[]>> = {
  sync: [
    ...PROJECT,
    ...INSTALLING,
    ...CHOOSING,
    ...LOCKED,
    ...PACKAGE,
    ...INSTALLED_PART,
    ...specs("take", "--script="),
    ...specs("pass", "--output-format= --inexact --exact --active --no-active --dry-run --check"),
  ],
  run: [
    ...PROJECT,
    ...INSTALLING,
    ...CHOOSING,
    ...LOCKED,
    ...PACKAGE,
    ...UNSYNCED,
    ...specs("take", "--with|-w= --with-editable= --with-requirements= --script|-s --gui-script"),
    ...specs("take", "--no-project --module|-m"),
    ...specs("pass", "--env-file= --no-env-file --isolated --exact --active --no-active"),
  ],
  lock: [
    ...PROJECT,
    ...specs("take", "--check|--locked --check-exists|--frozen --dry-run --script="),
  ],
  add: [
    ...PROJECT,
    ...INSTALLING,
    ...specs("take", "--no-sync --locked --frozen --script= --requirements|--requirement|-r="),
    ...specs("take", "--constraints|--constraint|-c="),
    ...specs(
      "pass",
      `--marker|-m= --dev --optional= --group= --editable --no-editable --raw --bounds= --rev=
       --tag= --branch= --lfs --extra= --workspace --no-workspace`,
    ),
    ...specs("take", "--active --no-active --package="),
    ...specs(
      "take",
      "--no-install-project --no-install-workspace --no-install-local --no-install-package=",
    ),
  ],
  remove: [
    ...PROJECT,
    ...INSTALLING,
    ...specs("take", "--no-sync --locked --frozen --script= --active --no-active --package="),
    ...specs("pass", "--dev --optional= --group="),
  ],
  export: [
    ...PROJECT,
    ...LISTING,
    ...specs({ refused: "the index would be pubpin's own: leave it out" }, "--emit-index-url"),
    ...CHOOSING,
    ...LOCKED,
    ...PACKAGE,
    ...specs("take", "--script="),
    ...specs(
      "pass",
      `--format= --prune= --no-annotate --no-header --no-hashes
       --output-file|-o= --no-emit-project --no-emit-workspace --no-emit-local --no-emit-package=`,
    ),
  ],
  "pip install": [
    ...GLOBAL,
    ...RESOLVING,
    ...BUILDING,
    ...PIP_BUILDS,
    ...INSTALLING,
    ...REQUIREMENT_FILES,
    ...UNHASHED,
    ...specs("take", "--requirements|--requirement|-r= --editable|-e="),
    ...specs(
      "pass",
      `--no-editable --no-editable-package= --extra= --all-extras --group= --no-deps
       --require-hashes --system --no-system --break-system-packages --no-break-system-packages
       --target|-t= --prefix= --python-version= --python-platform= --exact --inexact --strict
       --no-strict --dry-run --check --output-format= --user`,
    ),
  ],
  "pip sync": [
    ...GLOBAL,
    ...RESOLVING,
    ...BUILDING,
    ...PIP_BUILDS,
    ...INSTALLING,
    ...REQUIREMENT_FILES,
    ...UNHASHED,
    ...specs(
      "pass",
      `--extra= --all-extras --group= --require-hashes --system --no-system
       --break-system-packages --no-break-system-packages --target|-t= --prefix=
       --allow-empty-requirements --no-allow-empty-requirements --python-version=
       --python-platform= --strict --no-strict --dry-run --check --output-format=`,
    ),
  ],
  "pip compile": [
    ...LISTING,
    ...GLOBAL,
    ...RESOLVING,
    ...BUILDING,
    ...PIP_BUILDS,
    ...REQUIREMENT_FILES,
    ...specs("take", "--output-file|-o="),
    ...specs(
      "pass",
      `--extra= --all-extras --group= --no-deps --format= --no-strip-extras --strip-extras
       --no-strip-markers --strip-markers --no-annotate --annotate --no-header --header
       --annotation-style= --custom-compile-command= --system --no-system --generate-hashes
       --no-generate-hashes --python-platform= --python-version= --universal --no-universal
       --no-emit-package|--unsafe-package= --emit-index-url --emit-build-options
       --emit-index-annotation`,
    ),
  ],
  "tool install": [
    ...GLOBAL,
    ...RESOLVING,
    ...BUILDING,
    ...BUILDS,
    ...INSTALLING,
    ...REQUIREMENT_FILES,
    ...specs("take", "--with|-w= --with-editable= --with-requirements= --with-executables-from="),
    ...specs("pass", "--editable|-e --force --lfs --python-platform="),
  ],
  "tool run": [
    ...GLOBAL,
    ...RESOLVING,
    ...BUILDING,
    ...BUILDS,
    ...INSTALLING,
    ...REQUIREMENT_FILES,
    ...specs("take", "--from= --with|-w= --with-editable= --with-requirements="),
    ...specs("pass", "--isolated --env-file= --no-env-file --lfs --python-platform="),
  ],
};
