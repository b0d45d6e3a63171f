/**
 * The command-line protocol of the Sigstore conformance suite:
 *
 *   node test/conformance/client.ts verify-bundle [--staging] --bundle FILE
 *     (--certificate-identity ID --certificate-oidc-issuer URL | --key FILE)
 *     [--trusted-root FILE] FILE_OR_DIGEST
 *
 * Exit code 0 when the bundle verifies; 1, with the reason on stderr, when it does not; 2 when it
 * was called wrongly.
 */
import { readFile } from "node:fs/promises";
import { registerHooks } from "node:module";

// The packages' sources, whether or not they were built: the suite calls this file as it is.
registerHooks({
  resolve: (specifier, context, nextResolve) =>
    nextResolve(specifier, { conditions: [...context.conditions, "pubpin-source"] }),
});
const { runClient } = await import("./command.ts");

const result = await runClient(process.argv.slice(2), {
  readFile: async (path) => readFile(path),
  stagingRoot: process.env["PUBPIN_STAGING_ROOT"],
});
if (result.exitCode !== 0) process.stderr.write(`${result.reason}\n`);
process.exitCode = result.exitCode;
