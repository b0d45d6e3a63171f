import { DECISION_CODES, PubpinError } from "@pubpin/shared";
import { describe, expect, test } from "vitest";
import { PUBLISH_PREDICATE, SLSA_PREDICATE } from "../../../packages/shared/src/addresses.ts";
import { decide, type Evidence } from "../../../packages/shared/src/decide.ts";
import type { DecideOptions } from "../../../packages/shared/src/decide/ruling.ts";
import type {
  Candidate,
  Decision,
  Verdict,
  VerifiedPublisher,
} from "../../../packages/shared/src/model.ts";
import { parsePins } from "../../../packages/shared/src/pins/file.ts";

const INDEX = "https://index.example/simple";
const SHA = "5a".repeat(32);
const OTHER_SHA = "5b".repeat(32);
const OPTIONS: DecideOptions = { strict: false, mode: "lock", defaultIndex: INDEX };
const STRICT: DecideOptions = { ...OPTIONS, strict: true };
const GUARD: DecideOptions = { ...OPTIONS, mode: "guard" };

const CANDIDATE: Candidate = {
  name: "build",
  version: "1.0",
  filename: "build-1.0-py3-none-any.whl",
  origin: { kind: "index", url: INDEX },
  hashes: [{ algorithm: "sha256", value: SHA }],
  place: { path: "uv.lock", line: 3 },
};

const PUBLISHER: VerifiedPublisher = {
  kind: "GitHub",
  url: "https://github.com/pypa/build",
  workflow: "release.yml",
  ref: "refs/tags/v1.0",
  commit: "01".repeat(20),
  repositoryId: "123",
  ownerId: "456",
  issuer: "https://token.actions.githubusercontent.com",
  predicateType: PUBLISH_PREDICATE,
  time: new Date("2026-01-02T03:04:05Z"),
  logIndex: 7n,
};

const PIN =
  "build  https://github.com/pypa/build#repository-id=123&owner-id=456&workflow=release.yml";
const PIN_WITHOUT_IDS = "build  https://github.com/pypa/build";
const GIT = { kind: "source", source: "git+https://github.com/pypa/build" } as const;

function rule(
  pins: string,
  evidence: Evidence,
  candidate: Partial<Candidate> = {},
  options: DecideOptions = OPTIONS,
): Decision {
  const file = parsePins(new TextEncoder().encode(pins === "" ? "" : `${pins}\n`));
  return decide({ ...CANDIDATE, ...candidate }, evidence, file, options);
}

type Row = readonly [
  claim: string,
  code: string,
  verdict: Verdict,
  pins: string,
  evidence: Evidence,
  candidate?: Partial<Candidate>,
  options?: DecideOptions,
];

const error = (code: ConstructorParameters<typeof PubpinError>[0]): PubpinError =>
  new PubpinError(code, "planted");

const ROWS: readonly Row[] = [
  [
    "1: an index that does not answer passes nothing",
    "UNVERIFIABLE",
    "unverifiable",
    PIN,
    error("INDEX_UNREACHABLE"),
  ],
  [
    "1: provenance that is named and not had passes nothing",
    "UNVERIFIABLE",
    "unverifiable",
    PIN,
    error("PROVENANCE_UNAVAILABLE"),
  ],
  [
    "1: comes before a pinned file",
    "UNVERIFIABLE",
    "unverifiable",
    `#file:build-1.0-py3-none-any.whl  sha256:${SHA}`,
    error("INDEX_ERROR"),
  ],
  [
    "2: an unknown key accuses nobody",
    "TRUST_ROOT_UNKNOWN_KEY",
    "unverifiable",
    PIN,
    error("TRUST_ROOT_UNKNOWN_KEY"),
  ],
  [
    "3: a quarantined project fails, whoever signed it",
    "PROJECT_QUARANTINED",
    "fail",
    PIN,
    error("PROJECT_QUARANTINED"),
  ],
  ["4: an entry without a hash fails", "HASH_UNUSABLE", "fail", PIN, [PUBLISHER], { hashes: [] }],
  [
    "4: a weaker alternative fails",
    "HASH_UNUSABLE",
    "fail",
    PIN,
    [PUBLISHER],
    { hashes: [...CANDIDATE.hashes, { algorithm: "md5", value: "00".repeat(16) }] },
  ],
  ["4: a hash of no file fails", "HASH_UNUSABLE", "fail", PIN, error("HASH_UNUSABLE")],
  [
    "5: a file of another project fails",
    "FILE_MISMATCH",
    "fail",
    PIN,
    [PUBLISHER],
    { filename: "evil-1.0-py3-none-any.whl" },
  ],
  [
    "5: a file of another version fails",
    "FILE_MISMATCH",
    "fail",
    PIN,
    [PUBLISHER],
    { filename: "build-1.1-py3-none-any.whl" },
  ],
  [
    "5: a file that is no distribution fails",
    "FILE_MISMATCH",
    "fail",
    PIN,
    [PUBLISHER],
    { filename: "build-1.0.exe" },
  ],
  [
    "6: a pinned file with other bytes fails",
    "FILE_CHANGED",
    "fail",
    `#file:build-1.0-py3-none-any.whl  sha256:${OTHER_SHA}`,
    [PUBLISHER],
  ],
  [
    "6: a pinned file passes by its bytes",
    "FILE_PINNED",
    "pass",
    `#file:build-1.0-py3-none-any.whl  sha256:${SHA}`,
    "none",
  ],
  [
    "6: a second hash beside the pinned one fails",
    "FILE_CHANGED",
    "fail",
    `#file:build-1.0-py3-none-any.whl  sha256:${SHA}`,
    "none",
    { hashes: [...CANDIDATE.hashes, { algorithm: "sha256", value: OTHER_SHA }] },
  ],
  [
    "6: the name of a pinned file accepts no archive of which no hash is known",
    "NOT_FROM_INDEX",
    "fail",
    `#file:build-1.0-py3-none-any.whl  sha256:${SHA}`,
    "none",
    {
      origin: { kind: "source", source: "https://evil.example/build-1.0-py3-none-any.whl" },
      hashes: [],
    },
    STRICT,
  ],
  [
    "7: a pinned package that moved to Git fails",
    "SOURCE_CHANGED",
    "fail",
    PIN,
    "none",
    { origin: GIT, filename: null, hashes: [] },
  ],
  [
    "7: another repository than the accepted one fails",
    "SOURCE_CHANGED",
    "fail",
    "#source:build  git+https://github.com/evil/build",
    "none",
    { origin: GIT, filename: null, hashes: [] },
  ],
  [
    "7: an index in place of the accepted repository fails",
    "SOURCE_CHANGED",
    "fail",
    "#source:build  git+https://github.com/pypa/build",
    [PUBLISHER],
  ],
  [
    "7: the accepted repository passes",
    "SOURCE_PINNED",
    "pass",
    "#source:build  git+https://github.com/pypa/build",
    "none",
    { origin: GIT, filename: null, hashes: [] },
  ],
  [
    "7: an unknown repository passes with a notice",
    "NOT_FROM_INDEX",
    "pass",
    "",
    "none",
    { origin: GIT, filename: null, hashes: [] },
  ],
  [
    "7: an unknown repository fails under strict",
    "NOT_FROM_INDEX",
    "fail",
    "",
    "none",
    { origin: GIT, filename: null, hashes: [] },
    STRICT,
  ],
  [
    "8: another index than the default fails",
    "INDEX_CHANGED",
    "fail",
    PIN,
    [PUBLISHER],
    { origin: { kind: "index", url: "https://other.example/simple" } },
  ],
  [
    "8: another index than the pinned one fails",
    "INDEX_CHANGED",
    "fail",
    `#index:build  https://other.example/simple\n${PIN}`,
    [PUBLISHER],
  ],
  [
    "8: the file's default index counts for every project",
    "PUBLISHER_MATCH",
    "pass",
    `#index:*  https://other.example/simple\n${PIN}`,
    [PUBLISHER],
    { origin: { kind: "index", url: "https://other.example/simple" } },
  ],
  [
    "9: bytes that the index does not have fail",
    "HASH_NOT_ON_INDEX",
    "fail",
    PIN,
    error("HASH_NOT_ON_INDEX"),
  ],
  [
    "9: a project that the index does not have fails",
    "HASH_NOT_ON_INDEX",
    "fail",
    PIN,
    error("PROJECT_NOT_ON_INDEX"),
  ],
  [
    "10: an attestation that does not verify fails",
    "ATTESTATION_INVALID",
    "fail",
    PIN,
    error("SIGNATURE_INVALID"),
  ],
  [
    "10: an empty list of attestations fails",
    "ATTESTATION_INVALID",
    "fail",
    "",
    error("PROVENANCE_EMPTY"),
  ],
  ["11: the pinned publisher passes", "PUBLISHER_MATCH", "pass", PIN, [PUBLISHER]],
  [
    "11: a pin without identifiers matches by its URL, whatever the case",
    "PUBLISHER_MATCH",
    "pass",
    "build  https://github.com/PyPA/Build",
    [PUBLISHER],
  ],
  [
    "11: another workflow passes with a notice",
    "PUBLISHER_MATCH",
    "pass",
    PIN,
    [{ ...PUBLISHER, workflow: "other.yml" }],
  ],
  [
    "11: a further accepted publisher passes",
    "PUBLISHER_MATCH",
    "pass",
    "#also:build:2  https://github.com/old/build\nbuild  https://github.com/new/build",
    [{ ...PUBLISHER, url: "https://github.com/old/build" }],
  ],
  [
    "12: a renamed repository passes with a notice",
    "REPOSITORY_RENAMED",
    "pass",
    PIN,
    [{ ...PUBLISHER, url: "https://github.com/pypa/build-ng" }],
  ],
  [
    "13: a repository with another owner fails",
    "REPOSITORY_TRANSFERRED",
    "fail",
    PIN,
    [{ ...PUBLISHER, url: "https://github.com/evil/build", ownerId: "666" }],
  ],
  [
    "13: another owner under the same URL fails",
    "REPOSITORY_TRANSFERRED",
    "fail",
    PIN,
    [{ ...PUBLISHER, ownerId: "666" }],
  ],
  [
    "14: another repository under the same URL fails",
    "REPOSITORY_REPLACED",
    "fail",
    PIN,
    [{ ...PUBLISHER, repositoryId: "999" }],
  ],
  [
    "14: another spelling of the URL does not hide it",
    "REPOSITORY_REPLACED",
    "fail",
    PIN,
    [{ ...PUBLISHER, url: "https://github.com/PyPA/build", repositoryId: "999" }],
  ],
  [
    "15: another publisher fails",
    "PUBLISHER_CHANGED",
    "fail",
    PIN,
    [{ ...PUBLISHER, url: "https://github.com/evil/build", repositoryId: "9", ownerId: "9" }],
  ],
  [
    "15: another kind of publisher fails",
    "PUBLISHER_CHANGED",
    "fail",
    PIN,
    [{ ...PUBLISHER, kind: "GitLab" }],
  ],
  [
    "15: a certificate without identifiers never matches a pin with them",
    "PUBLISHER_CHANGED",
    "fail",
    PIN,
    [{ ...PUBLISHER, repositoryId: null, ownerId: null }],
  ],
  [
    "15: another workflow fails under strict",
    "PUBLISHER_CHANGED",
    "fail",
    PIN,
    [{ ...PUBLISHER, workflow: "other.yml" }],
    {},
    STRICT,
  ],
  ["16: attested without a pin fails", "PUBLISHER_UNPINNED", "fail", "", [PUBLISHER]],
  [
    "16: being allowed unsigned is no pin",
    "PUBLISHER_UNPINNED",
    "fail",
    "#unsigned:build  allowed",
    [PUBLISHER],
  ],
  ["17: a pinned package without attestation fails", "ATTESTATION_MISSING", "fail", PIN, "none"],
  [
    "17: being allowed unsigned never overrides a pin",
    "ATTESTATION_MISSING",
    "fail",
    `#unsigned:build  allowed\n${PIN}`,
    "none",
  ],
  [
    "17: a builder's provenance alone is no publication",
    "ATTESTATION_MISSING",
    "fail",
    PIN,
    [{ ...PUBLISHER, predicateType: SLSA_PREDICATE }],
  ],
  ["18: unsigned passes in a lock", "UNSIGNED", "pass", "", "none"],
  ["18: unsigned fails under strict", "UNSIGNED", "fail", "", "none", {}, STRICT],
  [
    "18: seen unsigned fails under strict",
    "UNSIGNED",
    "fail",
    "#unsigned:build  seen",
    "none",
    {},
    STRICT,
  ],
  [
    "18: allowed unsigned passes under strict",
    "UNSIGNED",
    "pass",
    "#unsigned:build  allowed",
    "none",
    {},
    STRICT,
  ],
  ["18: unsigned is blocked by the guard", "UNSIGNED", "fail", "", "none", {}, GUARD],
  [
    "18: allowed unsigned passes the guard",
    "UNSIGNED",
    "pass",
    "#unsigned:build  allowed",
    "none",
    {},
    GUARD,
  ],
];

describe("the decision table", () => {
  const rows = ROWS.map(([claim, code, verdict, ...given]) => ({ claim, code, verdict, given }));
  test.each(rows)("$claim", ({ code, verdict, given }) => {
    expect(rule(...given)).toMatchObject({ code, verdict });
  });

  test("has a row here for every code", () => {
    expect(new Set(ROWS.map(([, code]) => code))).toEqual(new Set(DECISION_CODES));
  });

  test("one accepted publisher of several is enough, and the others are noticed", () => {
    const other = { ...PUBLISHER, url: "https://github.com/evil/build", repositoryId: "9" };
    const decision = rule(PIN, [other, PUBLISHER]);
    expect(decision).toMatchObject({ code: "PUBLISHER_MATCH", verdict: "pass" });
    expect(decision.notices.map(({ code }) => code)).toEqual(["FURTHER_PUBLISHER"]);
  });

  test("an accepted builder beside another publisher does not pass", () => {
    const builder = { ...PUBLISHER, predicateType: SLSA_PREDICATE };
    const other = { ...PUBLISHER, url: "https://github.com/evil/build", repositoryId: "9" };
    expect(rule(PIN, [builder, other])).toMatchObject({ code: "PUBLISHER_CHANGED" });
  });

  test("a failing decision names what was expected and what was found", () => {
    const found = { ...PUBLISHER, url: "https://github.com/evil/build", repositoryId: "9" };
    const { message } = rule(PIN, [found]);
    expect(message).toContain("https://github.com/pypa/build");
    expect(message).toContain("https://github.com/evil/build");
  });

  test("a pin without identifiers does not match another URL", () => {
    const moved = { ...PUBLISHER, url: "https://github.com/pypa/build-ng" };
    expect(rule(PIN_WITHOUT_IDS, [moved])).toMatchObject({ code: "PUBLISHER_CHANGED" });
  });
});
