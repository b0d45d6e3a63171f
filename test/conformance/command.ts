/** What the conformance client does, wherever it runs: files come through a function. */
import {
  type Artifact,
  embeddedTrustedRoot,
  type ErrorCode,
  type Identity,
  parseTrustedRoot,
  PubpinError,
  type TrustedRoot,
  verifyBundle,
} from "@pubpin/shared";

/** What the client needs from where it runs. */
export interface ClientEnvironment {
  readonly readFile: (path: string) => Promise<Uint8Array>;
  /** The file that `--staging` stands for: that trust root is none of the product's. */
  readonly stagingRoot: string | undefined;
}

/** How the client ends: 0 verified, 1 refused, 2 called wrongly. The reason belongs on stderr. */
export type ClientResult =
  | { readonly exitCode: 0 }
  | { readonly exitCode: 1; readonly code: ErrorCode; readonly reason: string }
  | { readonly exitCode: 2; readonly reason: string };

const OPTIONS = [
  "bundle",
  "certificate-identity",
  "certificate-oidc-issuer",
  "key",
  "trusted-root",
] as const;
type Option = (typeof OPTIONS)[number];

interface Arguments {
  readonly options: ReadonlyMap<Option, string>;
  readonly staging: boolean;
  readonly positionals: readonly string[];
}

/** Runs the client with the arguments that follow its name. */
export async function runClient(
  args: readonly string[],
  environment: ClientEnvironment,
): Promise<ClientResult> {
  try {
    await verify(parseArguments(args), environment);
    return { exitCode: 0 };
  } catch (error) {
    if (error instanceof PubpinError) {
      return { exitCode: 1, code: error.code, reason: `${error.code}: ${error.message}` };
    }
    return { exitCode: 2, reason: error instanceof Error ? error.message : String(error) };
  }
}

function parseArguments(args: readonly string[]): Arguments {
  const options = new Map<Option, string>();
  const positionals: string[] = [];
  let staging = false;
  for (let index = 0; index < args.length; index++) {
    const argument = args[index] as string;
    const [, name, attached] = /^--([^=]*)(?:=(.*))?$/s.exec(argument) ?? [];
    const option = OPTIONS.find((known) => known === name);
    if (name === undefined) positionals.push(argument);
    else if (argument === "--staging") staging = true;
    else if (option === undefined) throw new Error(`the option --${name} is not known`);
    else options.set(option, attached ?? args[++index] ?? missing(option));
  }
  return { options, staging, positionals };
}

async function verify(
  { options, staging, positionals }: Arguments,
  environment: ClientEnvironment,
): Promise<void> {
  const [command, artifact, extra] = positionals;
  if (command !== "verify-bundle" || artifact === undefined || extra !== undefined) {
    throw new Error("usage: client.ts verify-bundle --bundle FILE [options] FILE_OR_DIGEST");
  }
  const rootFile = options.get("trusted-root") ?? (staging ? stagingRoot(environment) : undefined);
  await verifyBundle(
    await environment.readFile(options.get("bundle") ?? missing("bundle")),
    await readArtifact(artifact, environment),
    await readIdentity(options, environment),
    await readRoot(rootFile, environment),
  );
}

async function readArtifact(
  fileOrDigest: string,
  { readFile }: ClientEnvironment,
): Promise<Artifact> {
  const [, sha256] = /^sha256:([0-9a-f]{64})$/.exec(fileOrDigest) ?? [];
  return sha256 === undefined ? { bytes: await readFile(fileOrDigest) } : { sha256 };
}

async function readIdentity(
  options: Arguments["options"],
  { readFile }: ClientEnvironment,
): Promise<Identity> {
  const key = options.get("key");
  if (key !== undefined) {
    return { kind: "key", publicKeyPem: new TextDecoder().decode(await readFile(key)) };
  }
  return {
    kind: "certificate",
    subject: options.get("certificate-identity") ?? missing("certificate-identity"),
    issuer: options.get("certificate-oidc-issuer") ?? missing("certificate-oidc-issuer"),
  };
}

async function readRoot(
  file: string | undefined,
  { readFile }: ClientEnvironment,
): Promise<TrustedRoot> {
  return file === undefined ? embeddedTrustedRoot() : parseTrustedRoot(await readFile(file));
}

function stagingRoot({ stagingRoot: file }: ClientEnvironment): string {
  if (file !== undefined) return file;
  throw new Error("--staging needs --trusted-root, or PUBPIN_STAGING_ROOT in the environment");
}

function missing(option: Option): never {
  throw new Error(`the option --${option} is missing, or its value`);
}
