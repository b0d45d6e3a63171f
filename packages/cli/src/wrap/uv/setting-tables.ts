/** The settings of uv's configuration files (uv documentation, "Settings") that are understood. */

/** Given to uv as they are. */
export const PASSED_SETTINGS: ReadonlySet<string> = new Set(
  `required-version system-certs native-tls offline no-cache cache-dir preview preview-features
   python-preference python-downloads concurrent-downloads concurrent-builds concurrent-installs
   index-strategy keyring-provider http-proxy https-proxy no-proxy allow-insecure-host resolution
   prerelease prerelease-package fork-strategy dependency-metadata config-settings
   config-settings-package no-build-isolation require-build-hashes no-build-isolation-package
   extra-build-dependencies extra-build-variables exclude-newer exclude-newer-package link-mode
   compile-bytecode no-sources no-sources-package upgrade upgrade-package reinstall
   reinstall-package no-build no-build-package no-binary no-binary-package python-install-mirror
   pypy-install-mirror graalpy-install-mirror pyodide-install-mirror python-downloads-json-url
   add-bounds override-dependencies exclude-dependencies constraint-dependencies
   build-constraint-dependencies`.split(/\s+/),
);

/** Read here: where packages come from. */
export const INDEX_SETTINGS: ReadonlySet<string> = new Set([
  "index",
  "index-url",
  "extra-index-url",
]);

/** What uv reads from pyproject.toml itself, or nothing that is wrapped needs. */
export const LEFT_SETTINGS: ReadonlySet<string> = new Set(
  `publish-url trusted-publishing check-url audit cache-keys environments required-environments
   minimum-libc-version conflicts workspace sources managed package default-groups
   dependency-groups dev-dependencies build-backend`.split(/\s+/),
);

/** Of the table `pip`: what says nothing of where packages come from, or of how they are checked. */
export const PIP_SETTINGS: ReadonlySet<string> = new Set(
  `python system break-system-packages target prefix index-strategy keyring-provider no-build
   no-binary only-binary no-build-isolation no-build-isolation-package extra-build-dependencies
   extra-build-variables strict extra all-extras no-extra no-deps group allow-empty-requirements
   resolution prerelease prerelease-package fork-strategy dependency-metadata output-file
   no-strip-extras no-strip-markers no-annotate no-header custom-compile-command generate-hashes
   config-settings config-settings-package python-version python-platform universal exclude-newer
   exclude-newer-package no-emit-package emit-index-url emit-build-options emit-index-annotation
   annotation-style link-mode compile-bytecode require-hashes upgrade upgrade-package reinstall
   reinstall-package no-sources no-sources-package`.split(/\s+/),
);

/** Why settings are refused. */
export const REFUSED_SETTINGS: Readonly<Record<string, string>> = {
  "find-links": "what it finds has no publisher: name an index instead",
  "no-index": "everything comes through an index, which checks it",
  "torch-backend": "it chooses indexes by itself: name them instead",
  "verify-hashes": "what was verified is known by its hashes",
  "emit-find-links": "what it finds has no publisher",
};
