/** Who may import whom: the rules of ARCHITECTURE.md as data. */

const FOUNDATION = ["model", "errors", "limits"];
const BASE = [...FOUNDATION, "bytes", "names", "addresses"];

/** The rooms of packages/shared/src (folders, and files of their own) and what each may import. */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  limits: [],
  addresses: [],
  generated: [],
  model: ["errors", "limits"],
  bytes: FOUNDATION,
  names: [...FOUNDATION, "bytes"],
  lock: BASE,
  index: BASE,
  pins: BASE,
  decide: [...BASE, "pins"],
  report: [...BASE, "pins"],
  x509: BASE,
  sigstore: [...BASE, "x509"],
  "embedded-root": [...BASE, "sigstore", "generated"],
  attestation: [...BASE, "sigstore", "x509"],
  check: [...BASE, "index", "attestation", "sigstore", "decide", "pins"],
};

/** The rooms of packages/shared/src that may import packages of others, and which. */
export const ROOM_DEPENDENCIES: Readonly<Record<string, readonly string[]>> = {
  lock: ["smol-toml"],
};

/** What a workspace package may import by name: other workspace packages, and whether Node. */
interface PackageRule {
  readonly name: string;
  readonly workspace: readonly string[];
  readonly node: boolean;
  /** A folder that may import Node where the package may not: an entry of its own. */
  readonly nodeFolder?: string;
}

/** The packages by their folders. Folders that are not here may import anything. */
export const PACKAGES: Readonly<Record<string, PackageRule>> = {
  "packages/shared": { name: "@pubpin/shared", workspace: [], node: false },
  "packages/micropip-guard": {
    name: "micropip-guard",
    workspace: ["@pubpin/shared"],
    node: false,
    nodeFolder: "packages/micropip-guard/src/node/",
  },
  "packages/precommit": { name: "pubpin-precommit", workspace: ["@pubpin/shared"], node: true },
  "packages/cli": {
    name: "pubpin",
    workspace: ["@pubpin/shared", "pubpin-precommit"],
    node: true,
  },
};
