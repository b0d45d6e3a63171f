/** What a provenance document can hold, and what is known once it verified. */
import { inspectProvenance, verifyProvenance } from "@pubpin/shared";
import {
  type AttestOptions,
  DEFAULT_TIME,
  drop,
  type JsonObject,
  later,
  type Publisher,
  put,
} from "@pubpin/test-kit";
import { describe, expect, test } from "vitest";
import { withClaims } from "../support/extensions.ts";
import { FILE, GITHUB, PUBLISHER, root, sigstore, tryProvenance } from "../support/instance.ts";
import { codeOf } from "../support/refusal.ts";
import { PUBLISHERS } from "../support/refusals-attestation.ts";

const PUBLISH = "https://docs.pypi.org/attestations/publish/v1";
const SLSA = "https://slsa.dev/provenance/v1";
const UNKNOWN = "https://example.org/predicate/v1";
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const NOTHING = { workflow: null, ref: null, commit: null, repositoryId: null, ownerId: null };
const forge = { ref: "refs/tags/v1.0", commit: COMMIT, repositoryId: "1001", ownerId: "2002" };

const EXPECTED: Readonly<Record<Publisher["kind"], object>> = {
  GitHub: {
    ...forge,
    url: "https://github.com/octo/example",
    workflow: "release.yml",
    issuer: GITHUB,
  },
  GitLab: {
    ...forge,
    url: "https://gitlab.com/group/sub/example",
    workflow: ".gitlab-ci.yml",
    issuer: "https://gitlab.com",
  },
  Google: {
    ...NOTHING,
    url: "mailto:robot@project.iam.gserviceaccount.com",
    issuer: "https://accounts.google.com",
  },
  CircleCI: {
    ...NOTHING,
    url:
      "https://circleci.com/api/v2/projects/11111111-2222-3333-4444-555555555555" +
      "/pipeline-definitions/66666666-7777-8888-9999-000000000000",
    ref: "refs/heads/main",
    issuer: "https://oidc.circleci.com",
  },
};

test.each(PUBLISHERS)(
  "a $kind publisher is known by all that its certificate says",
  async (publisher) => {
    const { kind } = publisher;
    const { publishers, unknownPredicates } = await tryProvenance({ publisher });
    expect(unknownPredicates).toEqual([]);
    expect(publishers).toEqual([
      {
        kind,
        ...EXPECTED[kind],
        predicateType: PUBLISH,
        time: later(DEFAULT_TIME, 1),
        logIndex: expect.any(BigInt) as bigint,
      },
    ]);
  },
);

describe("a GitHub publisher", () => {
  const url = "https://github.com/octo/example";

  test.each([
    [
      "at a branch",
      { 14: "refs/heads/main", 18: `${url}/.github/workflows/release.yml@refs/heads/main` },
    ],
    ["at a commit", { 18: `${url}/.github/workflows/release.yml@${COMMIT}` }],
    [
      "at a tag with an at sign",
      { 14: "refs/tags/@octo/x@1", 18: `${url}/.github/workflows/release.yml@refs/tags/@octo/x@1` },
    ],
  ])("may have its workflow %s", async (_, claims) => {
    const { publishers } = await tryProvenance({ signer: withClaims(PUBLISHER, claims) });
    expect(publishers[0]?.workflow).toBe("release.yml");
  });

  test("may have been run by a reusable workflow of others", async () => {
    const signerUri = "https://github.com/shared/ci/.github/workflows/publish.yml@refs/tags/v4";
    const { publishers } = await tryProvenance({
      publisher: { kind: "GitHub", repository: "octo/example", signerUri },
    });
    expect(publishers[0]).toMatchObject({ url, workflow: "release.yml" });
  });

  test("may have no numeric ids, in certificates that lack them", async () => {
    const signer = withClaims(PUBLISHER, { 15: undefined, 17: undefined });
    const { publishers } = await tryProvenance({ signer });
    expect(publishers[0]).toMatchObject({ repositoryId: null, ownerId: null });
  });

  test("may have a certificate with the older form of its issuer alone", async () => {
    const { publishers } = await tryProvenance({ signer: withClaims(PUBLISHER, { 8: undefined }) });
    expect(publishers[0]?.issuer).toBe(GITHUB);
  });
});

test("an index may say more of a publisher than is compared, and it is not believed", async () => {
  const document = put("attestation_bundles.0.publisher", (publisher: object) => ({
    ...publisher,
    environment: "release",
    claims: { repository_id: "666" },
    repositoryId: "666",
  }));
  const { publishers } = await tryProvenance({ document });
  expect(publishers[0]?.repositoryId).toBe("1001");
});

test("an index may leave out what is optional of a CircleCI publisher", async () => {
  const publisher = PUBLISHERS.find(({ kind }) => kind === "CircleCI") ?? PUBLISHER;
  for (const change of [drop, (path: string) => put(path, null)]) {
    const document = (usual: JsonObject): JsonObject => {
      const by = "attestation_bundles.0.publisher";
      return change(`${by}.vcs_ref`)(change(`${by}.vcs_origin`)(usual));
    };
    const { publishers } = await tryProvenance({ publisher, document });
    expect(publishers[0]?.ref).toBe("refs/heads/main");
  }
});

test("a CircleCI certificate may name its origin with a scheme, and the index without", async () => {
  const publisher = PUBLISHERS.find(({ kind }) => kind === "CircleCI") ?? PUBLISHER;
  const signer = withClaims(publisher, { 12: "https://github.com/octo/example" });
  const { publishers } = await tryProvenance({ publisher, signer });
  expect(publishers).toHaveLength(1);
});

describe("a document", () => {
  test.each<readonly [string, AttestOptions]>([
    ["dsse 0.0.1", {}],
    ["intoto 0.0.2", { entry: "intoto" }],
    ["a leaf key on P-384", { leafKey: "P-384" }],
    ["an Ed25519 leaf key", { leafKey: "Ed25519" }],
    ["a SLSA predicate", { predicate: "slsa" }],
  ])("may have an attestation with %s", async (_, options) => {
    expect((await tryProvenance(options)).publishers).toHaveLength(1);
  });

  test("may hold several attestations of one publisher", async () => {
    const { bytes } = await sigstore.provenance(FILE, {
      bundles: [{ publisher: PUBLISHER, attestations: [{}, { predicate: "slsa" }] }],
    });
    const publishers = await verifyProvenance(bytes, FILE, root);
    expect(publishers.map(({ predicateType }) => predicateType)).toEqual([PUBLISH, SLSA]);
  });

  test("may hold several publishers, each in its place", async () => {
    const bundles = PUBLISHERS.map((publisher) => ({ publisher }));
    const { bytes } = await sigstore.provenance(FILE, { bundles });
    const publishers = await verifyProvenance(bytes, FILE, root);
    expect(publishers.map(({ kind }) => kind)).toEqual(PUBLISHERS.map(({ kind }) => kind));
  });

  test("is refused as a whole when the last of its attestations is", async () => {
    const bundles = [
      ...PUBLISHERS.map((publisher) => ({ publisher })),
      { publisher: PUBLISHER, attestations: [{}, { change: { signature: reversed } }] },
    ];
    const { bytes } = await sigstore.provenance(FILE, { bundles });
    const refused = verifyProvenance(bytes, FILE, root);
    await expect(refused).rejects.toMatchObject({
      code: "SIGNATURE_INVALID",
      message: expect.stringContaining("attestation_bundles[4].attestations[1]: ") as string,
    });
  });

  test("may have an unknown predicate beside a known one, which is reported and proves nothing", async () => {
    const elsewhere = put("subject.0.name", "other-1.0.tar.gz");
    const unknown = {
      change: {
        statement: (usual: JsonObject) => elsewhere(put("predicateType", UNKNOWN)(usual)),
      },
    };
    for (const attestations of [
      [{}, unknown],
      [unknown, {}],
    ]) {
      const bundles = [{ publisher: PUBLISHER, attestations }];
      const { bytes } = await sigstore.provenance(FILE, { bundles });
      const { publishers, unknownPredicates } = await inspectProvenance(bytes, FILE, root);
      expect(publishers.map(({ predicateType }) => predicateType)).toEqual([PUBLISH]);
      expect(unknownPredicates).toEqual([UNKNOWN]);
      expect(await verifyProvenance(bytes, FILE, root)).toEqual(publishers);
    }
  });

  test("must have signatures that hold, whatever the predicates", async () => {
    const unknown = { statement: put("predicateType", UNKNOWN) };
    for (const attestations of [
      [{ change: unknown }, { change: { signature: reversed } }],
      [{}, { change: { ...unknown, signature: reversed } }],
    ]) {
      const bundles = [{ publisher: PUBLISHER, attestations }];
      const { bytes } = await sigstore.provenance(FILE, { bundles });
      expect(await codeOf(() => verifyProvenance(bytes, FILE, root))).toBe("SIGNATURE_INVALID");
    }
  });

  test("may hold 64 attestations, in 16 bundles", async () => {
    const leaf = await sigstore.issue(PUBLISHER);
    const attestations = Array.from({ length: 4 }, () => ({}));
    const bundles = Array.from({ length: 16 }, () => ({
      publisher: PUBLISHER,
      signer: leaf,
      attestations,
    }));
    const { bytes } = await sigstore.provenance(FILE, { bundles });
    expect(await verifyProvenance(bytes, FILE, root)).toHaveLength(64);
  });

  test("may be written with any white space and escapes", async () => {
    const { document } = await sigstore.provenance(FILE, { bundles: [{ publisher: PUBLISHER }] });
    const text = `\r\n\t ${JSON.stringify(document, null, "\t")}\n`.replaceAll("/", "\\/");
    const bytes = new TextEncoder().encode(text.replace('"kind"', '"\\u006bind"'));
    expect(await verifyProvenance(bytes, FILE, root)).toHaveLength(1);
  });
});

function reversed(signature: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(signature.toReversed());
}

describe("a file", () => {
  test.each([
    ["example-1.0.tar.gz", "Example-1.0.0.tar.gz"],
    ["my_pkg-1.0rc1.tar.gz", "My.Pkg-1.0.RC.1.tar.gz"],
    ["example-1.0-py2.py3-none-any.whl", "example-1.0-py3.py2-none-any.whl"],
    ["example-1.0-01-py3-none-any.whl", "example-1.0-1-py3-none-any.whl"],
  ])("%s is attested by a statement about %s", async (asked, named) => {
    const { publishers } = await tryProvenance({
      file: { ...FILE, filename: asked },
      attested: { ...FILE, filename: named },
    });
    expect(publishers).toHaveLength(1);
  });

  test("shares its certificate with the other files of a release", async () => {
    const leaf = await sigstore.issue(PUBLISHER);
    const names = [
      "example-1.0-py3-none-any.whl",
      "example-1.0.tar.gz",
      "example-1.0-cp313-cp313-win_amd64.whl",
    ];
    const files = names.map((filename, index) => ({ filename, sha256: `0${index}`.repeat(32) }));
    const documents = await Promise.all(
      files.map((file) =>
        sigstore.provenance(file, { bundles: [{ publisher: PUBLISHER, signer: leaf }] }),
      ),
    );
    for (const [index, file] of files.entries()) {
      const bytes = documents[index]?.bytes ?? new Uint8Array();
      expect(await verifyProvenance(bytes, file, root)).toHaveLength(1);
      const other = files.find((each) => each !== file);
      expect(await codeOf(() => verifyProvenance(bytes, other ?? file, root))).toBe(
        "ARTIFACT_MISMATCH",
      );
    }
  });
});
