/** A package for each row of the decision table. */
import type { DecisionCode } from "@pubpin/shared";
import { createSigstore } from "@pubpin/test-kit";
import type { LocalFile, LocalIndex } from "@pubpin/test-kit/node";
import {
  type LockedPackage,
  locked,
  OCTO,
  OCTO_PIN,
  type Setting,
  wheel,
} from "./support/project.ts";

type Verdict = "pass" | "fail" | "unverifiable";

/** A package that reaches a row. */
export interface Row {
  readonly code: DecisionCode;
  readonly verdict: Verdict;
  readonly strictVerdict: Verdict;
  readonly locked: LockedPackage;
  /** Lines of `.provenance.txt`. */
  readonly pins: readonly string[];
  /** What its message says. */
  readonly message: RegExp;
}

type Options = Partial<Pick<Row, "verdict" | "strictVerdict" | "pins">> & {
  /** What the index has; by default the wheel that OCTO signed. */
  readonly publisher?: LocalFile["provenance"] | null;
  readonly source?: string;
  /** What the lock says of its file, if not what the index says. */
  readonly filename?: string;
  readonly hash?: string;
};

const GIT = "https://github.com/octo/example";
const COMMIT = "ab".repeat(20);
const GIT_SOURCE = `{ git = "${GIT}?rev=main#${COMMIT}" }`;

/** Makes a row, and puts what it needs into the index. */
type MakeRow = (code: DecisionCode, name: string, message: RegExp, options: Options) => Row;

/** Fills the setting's index, and says what its packages lead to. */
export async function decisionTable({ index }: Setting): Promise<readonly Row[]> {
  const stranger = await createSigstore({ domain: "stranger.example" });
  const unknown = await stranger.provenance(
    { filename: "unknown_key-1.0-py3-none-any.whl", sha256: "5".repeat(64) },
    { bundles: [{ publisher: OCTO }] },
  );
  const quarantine = { kind: "project-status", status: "quarantined" } as const;
  index.setFault({ part: "page", name: "quarantined", fault: quarantine });
  index.setFault({ part: "page", name: "refused", fault: { kind: "status", status: 403 } });
  const make = rowMaker(index);
  return [
    ...indexRows(make, unknown.bytes),
    ...fileRows(make),
    ...sourceRows(make),
    ...publisherRows(make),
  ];
}

function rowMaker(index: LocalIndex): MakeRow {
  return (code, name, message, options) => {
    const { verdict = "fail", publisher = [{ publisher: OCTO }], pins = [], source } = options;
    const listed = wheel(name, "5");
    index.addFile({ ...listed, ...(publisher === null ? {} : { provenance: publisher }) });
    const file = locked(listed);
    const { filename = file.filename, hash = file.hash } = options;
    const files = source === undefined ? [{ filename, hash }] : [];
    return {
      code,
      verdict,
      strictVerdict: options.strictVerdict ?? verdict,
      pins,
      message,
      locked: { name, version: "1.0", files, ...(source === undefined ? {} : { source }) },
    };
  };
}

function pinned(name: string, pin: string = OCTO_PIN): readonly string[] {
  return [`${name}  ${pin}`];
}

/** What the index, the trust root and the lock's own words lead to. */
function indexRows(row: MakeRow, unknownKey: Uint8Array): readonly Row[] {
  return [
    row("UNVERIFIABLE", "refused", /403/, { verdict: "unverifiable", pins: pinned("refused") }),
    row("TRUST_ROOT_UNKNOWN_KEY", "unknown-key", /trust root|not know/, {
      verdict: "unverifiable",
      publisher: unknownKey,
      pins: pinned("unknown-key"),
    }),
    row("PROJECT_QUARANTINED", "quarantined", /quarantined/, { pins: pinned("quarantined") }),
    row("HASH_UNUSABLE", "weak-hash", /expected SHA-256 and no other hash, found "sha512"/, {
      hash: `sha512:${"5".repeat(128)}`,
      pins: pinned("weak-hash"),
    }),
  ];
}

function fileRows(row: MakeRow): readonly Row[] {
  return [
    row("FILE_MISMATCH", "foo", /another project/, {
      filename: "evilbackend-1.0-py3-none-any.whl",
      pins: pinned("foo"),
    }),
    row("FILE_CHANGED", "file-changed", /expected sha256:6{64}, found sha256:5{64}/, {
      pins: [`#file:file_changed-1.0-py3-none-any.whl  sha256:${"6".repeat(64)}`],
    }),
    row("FILE_PINNED", "file-pinned", /accepted by its bytes/, {
      verdict: "pass",
      publisher: null,
      pins: [
        ...pinned("file-pinned"),
        `#file:file_pinned-1.0-py3-none-any.whl  sha256:${"5".repeat(64)}`,
      ],
    }),
  ];
}

function sourceRows(row: MakeRow): readonly Row[] {
  return [
    row("SOURCE_CHANGED", "source-changed", /expected "git\+https:\/\/other\.example\/it"/, {
      source: GIT_SOURCE,
      pins: ["#source:source-changed  git+https://other.example/it"],
    }),
    row("SOURCE_PINNED", "source-pinned", /comes from "git\+/, {
      verdict: "pass",
      source: GIT_SOURCE,
      pins: [`#source:source-pinned  git+${GIT}`],
    }),
    row("NOT_FROM_INDEX", "from-git", /no index vouches/, {
      verdict: "pass",
      strictVerdict: "fail",
      source: GIT_SOURCE,
    }),
    row("INDEX_CHANGED", "index-changed", /expected the index "https:\/\/other\.example/, {
      pins: [...pinned("index-changed"), "#index:index-changed  https://other.example/simple"],
    }),
    row("HASH_NOT_ON_INDEX", "other-hash", /with sha256:5{64}, expected sha256:6{64}/, {
      hash: `sha256:${"6".repeat(64)}`,
      pins: pinned("other-hash"),
    }),
  ];
}

function publisherRows(row: MakeRow): readonly Row[] {
  return [
    row("ATTESTATION_INVALID", "forged", /signature/, {
      publisher: [
        {
          publisher: OCTO,
          attestations: [{ change: { signature: (bytes) => bytes.with(20, 7) } }],
        },
      ],
      pins: pinned("forged"),
    }),
    row("PUBLISHER_MATCH", "match", /published by https:\/\/github\.com\/octo\/example/, {
      verdict: "pass",
      pins: pinned("match"),
    }),
    row("REPOSITORY_RENAMED", "renamed", /published by https:\/\/github\.com\/octo\/example/, {
      verdict: "pass",
      pins: pinned("renamed", OCTO_PIN.replace("octo/example", "octo/old-name")),
    }),
    row("REPOSITORY_TRANSFERRED", "transferred", /owner 1.*owner 456/, {
      pins: pinned("transferred", OCTO_PIN.replace("456", "1")),
    }),
    row("REPOSITORY_REPLACED", "replaced", /repository 1,.*repository 123,/, {
      pins: pinned("replaced", OCTO_PIN.replace("123", "1")),
    }),
    row("PUBLISHER_CHANGED", "changed", /expected https:\/\/github\.com\/someone\/else/, {
      pins: pinned("changed", "https://github.com/someone/else#repository-id=9&owner-id=8"),
    }),
    row("PUBLISHER_UNPINNED", "unpinned", /no publisher is pinned/, {}),
    row("ATTESTATION_MISSING", "missing", /found no attestation/, {
      publisher: null,
      pins: pinned("missing"),
    }),
    row("UNSIGNED", "unsigned", /not attested/, {
      verdict: "pass",
      strictVerdict: "fail",
      publisher: null,
      pins: ["#unsigned:unsigned  seen"],
    }),
  ];
}
