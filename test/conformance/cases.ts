/** The cases of the Sigstore conformance suite, as they lie in the data folder. */
import { listData, readData } from "../support/data.ts";

const FOLDER = "sigstore-conformance";
const DEFAULT_ISSUER = "https://token.actions.githubusercontent.com";
const DEFAULT_IDENTITY =
  "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/" +
  ".github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";

/** How many cases the suite has. */
export const CASE_COUNT = 70;

/** One case: paths are relative to the data folder. */
export interface ConformanceCase {
  readonly name: string;
  readonly isRefused: boolean;
  readonly bundle: string;
  readonly artifact: string;
  readonly trustedRoot: string | null;
  /** What stands for the signer on the command line, with paths still to be resolved. */
  readonly key: string | null;
  readonly identity: string;
  readonly issuer: string;
}

/** Every case of the suite, in the order of the names. */
export async function conformanceCases(): Promise<readonly ConformanceCase[]> {
  const names = (await listData(FOLDER)).filter((name) => name !== "a.txt");
  return Promise.all(names.map(readCase));
}

async function readCase(name: string): Promise<ConformanceCase> {
  const folder = `${FOLDER}/${name}`;
  const files = await listData(folder);
  const textOf = async (file: string, otherwise: string): Promise<string> =>
    files.includes(file) ? decode(await readData(`${folder}/${file}`)) : otherwise;
  const pathOf = (file: string): string | null =>
    files.includes(file) ? `${folder}/${file}` : null;
  return {
    name,
    isRefused: name.endsWith("fail"),
    bundle: `${folder}/bundle.sigstore.json`,
    artifact: pathOf("artifact") ?? `${FOLDER}/a.txt`,
    trustedRoot: pathOf("trusted_root.json"),
    key: pathOf("key.pub"),
    identity: await textOf("identity", DEFAULT_IDENTITY),
    issuer: await textOf("issuer", DEFAULT_ISSUER),
  };
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes).trim();
}

/** The client's arguments for a case, as the official suite gives them. */
export function argumentsOf(
  { bundle, artifact, trustedRoot, key, identity, issuer }: ConformanceCase,
  resolvePath: (path: string) => string,
  fileOrDigest: string = resolvePath(artifact),
): readonly string[] {
  const signer =
    key === null
      ? ["--certificate-identity", identity, "--certificate-oidc-issuer", issuer]
      : ["--key", resolvePath(key)];
  const root = trustedRoot === null ? [] : ["--trusted-root", resolvePath(trustedRoot)];
  return ["verify-bundle", "--bundle", resolvePath(bundle), ...signer, ...root, fileOrDigest];
}
