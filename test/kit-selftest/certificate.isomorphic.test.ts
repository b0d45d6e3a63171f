import { expect, test } from "vitest";
import {
  type LeafChanges,
  type Publisher,
  OID,
  createSigstore,
  derAt,
  editDer,
  extension,
  flipBit,
  hex,
  indefiniteLength,
  membersOf,
  mintSct,
  nonMinimalLength,
  oid,
  paddedInteger,
  put,
  trailing,
  utf8,
  withKey,
} from "@pubpin/test-kit";
import { claimOf, extensionsOf, isIssuedBy, isPromisedBy } from "./checks.ts";

const sigstore = await createSigstore();
const other = await createSigstore();
const { ca, ctLog } = sigstore.authorities;
const publisher: Publisher = { kind: "GitHub", repository: "octo/example" };

async function issue(change: LeafChanges): Promise<Uint8Array> {
  return (await sigstore.issue(publisher, { change })).certificate;
}

function id(dotted: string): string {
  return hex(oid(dotted).slice(2));
}

/** The signed part as it was before the SCT list came in at its end. */
function withoutSct(certificate: Uint8Array): Uint8Array {
  return editDer(derAt(certificate, [0]), [7, 0], (list) => {
    const count = membersOf(list).length;
    return editDer(list, [count - 1], () => new Uint8Array());
  });
}

test("certificates have the extensions of Fulcio's, in its order and with its criticality", async () => {
  const extensions = extensionsOf(await issue({}));
  const arcs = [1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22];
  const expected = ["2.5.29.15", "2.5.29.37", "2.5.29.14", "2.5.29.35", "2.5.29.17"];
  const all = [...expected, ...arcs.map((arc) => `${OID.fulcio}.${arc}`), OID.sctList];
  expect(extensions.map((each) => each.id)).toEqual(all.map(id));
  const critical = extensions.filter((each) => each.critical).map((each) => each.id);
  expect(critical).toEqual([id("2.5.29.15"), id("2.5.29.17")]);
});

test("chain and SCT hold for whatever the certificate says", async () => {
  const changes: readonly LeafChanges[] = [
    {},
    { leaf: put("notAfter", new Date("1999-01-01T00:00:00Z")) },
    { leaf: put("version", 0) },
    { leaf: put("serial", new Uint8Array()) },
    { leaf: put("extensions.0", extension("1.2.3", utf8("?"), true)) },
    { leaf: (fields) => ({ ...fields, extensions: [...fields.extensions, ...fields.extensions] }) },
    { sct: put("timestamp", 1) },
    { sct: put("extensions", utf8("unknown")) },
  ];
  for (const change of changes) {
    const certificate = await issue(change);
    expect(await isIssuedBy(certificate, ca.signer)).toBe(true);
    const tbs = withoutSct(certificate);
    expect(await isPromisedBy(certificate, tbs, ca.signer.spki, ctLog.signer)).toBe(true);
  }
});

test("the CA signs whatever encoding there is", async () => {
  const edits = [
    (tbs: Uint8Array) => editDer(tbs, [1], nonMinimalLength),
    (tbs: Uint8Array) => editDer(tbs, [1], paddedInteger),
    (tbs: Uint8Array) => editDer(tbs, [3], indefiniteLength),
    (tbs: Uint8Array) => editDer(tbs, [7, 0, 4, 2, 0], trailing),
  ];
  for (const leafTbs of edits) {
    const certificate = await issue({ leafTbs });
    expect(await isIssuedBy(certificate, ca.signer)).toBe(true);
  }
  expect((await issue({ leafDer: trailing })).at(-1)).toBe(0);
});

test.each<{ what: string; change: LeafChanges; issued: boolean; promised: boolean }>([
  {
    what: "the SCT's issuer",
    change: { sct: put("issuerKeyHash", new Uint8Array(32)) },
    issued: true,
    promised: false,
  },
  { what: "the SCT's signature", change: { sctSignature: flipBit }, issued: true, promised: false },
  {
    what: "the certificate after the SCT",
    change: { leafWithSct: put("serial", utf8("1")) },
    issued: true,
    promised: false,
  },
  {
    what: "the certificate's signature",
    change: { leafSignature: flipBit },
    issued: false,
    promised: true,
  },
])("a change of $what breaks one signature and no other", async ({ change, issued, promised }) => {
  const certificate = await issue(change);
  expect(await isIssuedBy(certificate, ca.signer)).toBe(issued);
  const tbs = withoutSct(certificate);
  expect(await isPromisedBy(certificate, tbs, ca.signer.spki, ctLog.signer)).toBe(promised);
});

test("further logs can promise the same certificate", async () => {
  const certificate = await issue({
    scts: async (scts, precertificate) => [
      ...scts,
      await mintSct(other.authorities.ctLog, precertificate),
    ],
  });
  expect(await isIssuedBy(certificate, ca.signer)).toBe(true);
  const one = extensionsOf(await issue({})).at(-1)?.value.length ?? 0;
  expect(extensionsOf(certificate).at(-1)?.value.length).toBeGreaterThan(one + 100);
});

test("another key can sign in a known party's name", async () => {
  const impostor = withKey(ca, other.authorities.ca.signer);
  const { certificate } = await sigstore.issue(publisher, { using: { ca: impostor } });
  expect(hex(derAt(certificate, [0, 3]))).toBe(hex(ca.subject));
  expect(await isIssuedBy(certificate, ca.signer)).toBe(false);
  expect(await isIssuedBy(certificate, other.authorities.ca.signer)).toBe(true);
});

test("claims are a publisher's own", async () => {
  const { certificate } = await sigstore.issue({
    kind: "GitHub",
    repository: "octo/example",
    workflow: "publish.yml",
    ref: "refs/heads/main",
    commit: "f".repeat(40),
    repositoryId: "11",
    ownerId: "22",
  });
  const expected = {
    8: "https://token.actions.githubusercontent.com",
    12: "https://github.com/octo/example",
    13: "f".repeat(40),
    14: "refs/heads/main",
    15: "11",
    16: "https://github.com/octo",
    17: "22",
    18: "https://github.com/octo/example/.github/workflows/publish.yml@refs/heads/main",
  };
  for (const [arc, value] of Object.entries(expected)) {
    expect(claimOf(certificate, Number(arc))).toBe(value);
  }
});

test.each<{ publisher: Publisher; claims: Readonly<Record<number, string | undefined>> }>([
  {
    publisher: { kind: "GitLab", repository: "group/sub/example", ref: "refs/heads/main" },
    claims: {
      8: "https://gitlab.com",
      12: "https://gitlab.com/group/sub/example",
      16: "https://gitlab.com/group/sub",
      18: "https://gitlab.com/group/sub/example//.gitlab-ci.yml@refs/heads/main",
    },
  },
  {
    publisher: { kind: "Google", email: "a@b.example" },
    claims: { 1: "https://accounts.google.com", 8: "https://accounts.google.com", 12: undefined },
  },
  {
    publisher: {
      kind: "CircleCI",
      projectId: "p",
      pipelineDefinitionId: "d",
      vcsOrigin: "github.com/o/r",
    },
    claims: {
      8: "https://oidc.circleci.com",
      9: "https://circleci.com/api/v2/projects/p/pipeline-definitions/d",
      12: "github.com/o/r",
      14: undefined,
    },
  },
])("a $publisher.kind publisher has the claims of its kind", async ({ publisher: who, claims }) => {
  const { certificate } = await sigstore.issue(who);
  for (const [arc, value] of Object.entries(claims)) {
    expect(claimOf(certificate, Number(arc))).toBe(value);
  }
});
