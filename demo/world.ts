/** An index on this machine, with wheels that a Sigstore of its own signs on the spot. */
import { createHash } from "node:crypto";
import { createSigstore, type Publisher, type VirtualSigstore } from "@pubpin/test-kit";
import {
  type LocalFile,
  type LocalIndex,
  type MintedWheel,
  mintWheel,
  startLocalIndex,
} from "@pubpin/test-kit/node";

/**
 * What an attacker did to a release: signed it as somebody else, left the signature out, or changed
 * the wheel after its publisher had signed it.
 */
export type Attack = "other-publisher" | "no-attestation" | "other-bytes";

/** A release of a package. */
export interface Release {
  readonly name: string;
  readonly version: string;
  readonly requires?: readonly string[];
  readonly attack?: Attack;
}

/** The index, and what is needed to verify what it has. */
export interface World {
  readonly index: LocalIndex;
  /** Sigstore's trust root, as JSON. */
  readonly trustedRoot: Uint8Array;
  /** The wheel of a release, as the index has it. */
  readonly wheel: (name: string, version: string) => MintedWheel;
}

const OWNER = "example-org";
const OWNER_IDS = { repositoryId: "1234", ownerId: "5678" };
const ATTACKER = "someone-else";
const ATTACKER_IDS = { repositoryId: "9999", ownerId: "8888" };
const WORKFLOW = "release.yml";

/** The line of a `.provenance.txt` that pins a package to its true publisher. */
export function pinOf(name: string): string {
  const { repositoryId, ownerId } = OWNER_IDS;
  const ids = `repository-id=${repositoryId}&owner-id=${ownerId}&workflow=${WORKFLOW}`;
  return `${name} https://github.com/${OWNER}/${name}#${ids}`;
}

/** Starts an index that has these releases. */
export async function startWorld(releases: readonly Release[]): Promise<World> {
  const sigstore = await createSigstore();
  const wheels = new Map<string, MintedWheel>();
  const files: LocalFile[] = [];
  for (const release of releases) {
    const wheel = mintWheel({ ...release, files: moduleOf(release, release.attack) });
    wheels.set(`${release.name} ${release.version}`, wheel);
    const provenance = await provenanceOf(release, wheel, sigstore);
    files.push({ filename: wheel.filename, content: wheel.bytes, provenance });
  }
  return {
    index: await startLocalIndex({ sigstore, files }),
    trustedRoot: await sigstore.trustedRootJson(),
    wheel: (name, version) => {
      const found = wheels.get(`${name} ${version}`);
      if (found === undefined) throw new Error(`no wheel of ${name} ${version}`);
      return found;
    },
  };
}

async function provenanceOf(
  release: Release,
  { filename }: MintedWheel,
  sigstore: VirtualSigstore,
): Promise<LocalFile["provenance"]> {
  const bundles = [{ publisher: publisherOf(release) }];
  if (release.attack === "no-attestation") return undefined;
  if (release.attack !== "other-bytes") return bundles;
  const { sha256 } = mintWheel({ ...release, files: moduleOf(release) });
  return (await sigstore.provenance({ filename, sha256 }, { bundles })).bytes;
}

function publisherOf({ name, version, attack }: Release): Publisher {
  const isForeign = attack === "other-publisher";
  return {
    kind: "GitHub",
    repository: `${isForeign ? ATTACKER : OWNER}/${name}`,
    ...(isForeign ? ATTACKER_IDS : OWNER_IDS),
    workflow: WORKFLOW,
    ref: `refs/tags/v${version}`,
    commit: createHash("sha1").update(`${name} ${version}`).digest("hex"),
  };
}

/** The one module of a package. An attacker's has a line more. */
function moduleOf({ name, version }: Release, attack?: Attack): Readonly<Record<string, string>> {
  const evil = attack === undefined ? "" : 'print("this must never run")\n';
  return { [`${name.replaceAll("-", "_")}/__init__.py`]: `__version__ = "${version}"\n${evil}` };
}
