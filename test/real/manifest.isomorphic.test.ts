import {
  embeddedTrustedRoot,
  inspectProvenance,
  parseTrustedRoot,
  type VerifiedPublisher,
  verifyBundle,
  verifyProvenance,
} from "@pubpin/shared";
import { expect, test } from "vitest";
import { describeWithData } from "../support/data.ts";
import {
  bundleOf,
  provenanceAround,
  type RealObject,
  realObjects,
  stagingTrustedRootJson,
} from "./objects.ts";

const ISSUERS: Readonly<Record<string, string>> = {
  GitHub: "https://token.actions.githubusercontent.com",
  GitLab: "https://gitlab.com",
  Google: "https://accounts.google.com",
};
const WORKFLOW_FOLDERS: Readonly<Record<string, string>> = {
  GitHub: "/.github/workflows/",
  GitLab: "//",
};

function fileOf({ distribution, sha256 }: RealObject): { filename: string; sha256: string } {
  return { filename: distribution, sha256 };
}

/** The certificate's extension .18, put together again from its parts. */
function workflowUris({ kind, url, workflow, ref, commit }: VerifiedPublisher): readonly string[] {
  return [ref, commit].map((at) => `${url}${WORKFLOW_FOLDERS[kind]}${workflow}@${at}`);
}

describeWithData("real provenance objects", async () => {
  const objects = await realObjects();
  const production = objects.filter(({ root }) => root === "production");
  const staged = objects.filter(({ root }) => root === "staging");
  const root = await embeddedTrustedRoot();
  const stagingRoot = await parseTrustedRoot(await stagingTrustedRootJson());

  test("are eight of the production instance, of three kinds, and two of staging", () => {
    expect([production.length, staged.length]).toEqual([8, 2]);
    expect(new Set(production.map(({ kind }) => kind))).toEqual(new Set(Object.keys(ISSUERS)));
  });

  test.each(production)("$file gives the publisher of the manifest", async (object) => {
    const { publishers, unknownPredicates } = await inspectProvenance(
      object.bytes,
      fileOf(object),
      root,
    );
    expect(unknownPredicates).toEqual([]);
    for (const publisher of publishers) {
      expect(publisher).toMatchObject({
        kind: object.kind,
        url: object.publisher,
        repositoryId: object["repository-id"],
        ownerId: object["owner-id"],
        issuer: ISSUERS[object.kind ?? ""],
      });
      expect(publisher.workflow === null).toBe(object.workflow === null);
      if (object.workflow !== null) expect(workflowUris(publisher)).toContain(object.workflow);
      expect(publisher.time.getTime()).toBeLessThan(Date.now());
    }
  });

  test("the one with two attestations gives the publisher of each", async () => {
    const object = production.find(({ file }) => file.includes("two-attestations"));
    if (object === undefined) throw new Error("the object is missing");
    const publishers = await verifyProvenance(object.bytes, fileOf(object), root);
    expect(publishers.map(({ predicateType }) => predicateType)).toEqual([
      "https://docs.pypi.org/attestations/publish/v1",
      "https://slsa.dev/provenance/v1",
    ]);
  });

  test("a renamed repository keeps its number and its owner's", async () => {
    const publishers = await Promise.all(
      production
        .filter(({ publisher }) => publisher?.includes("/trailofbits/") === true)
        .map(async (object) => verifyProvenance(object.bytes, fileOf(object), root)),
    );
    expect(new Set(publishers.flat().map(({ url }) => url)).size).toBe(2);
    expect(new Set(publishers.flat().map(({ repositoryId }) => repositoryId)).size).toBe(1);
    expect(new Set(publishers.flat().map(({ ownerId }) => ownerId)).size).toBe(1);
  });

  test.each(production)("$file is refused for the bytes of another file", async (object) => {
    const other = { filename: object.distribution, sha256: "0".repeat(64) };
    await expect(verifyProvenance(object.bytes, other, root)).rejects.toMatchObject({
      code: "ARTIFACT_MISMATCH",
    });
  });

  test.each(production)("$file is refused for another project's file name", async (object) => {
    const other = { filename: `x${object.distribution}`, sha256: object.sha256 };
    await expect(verifyProvenance(object.bytes, other, root)).rejects.toMatchObject({
      code: "SUBJECT_MISMATCH",
    });
  });

  test.each(production)("$file is unknown to the staging trust root", async (object) => {
    await expect(verifyProvenance(object.bytes, fileOf(object), stagingRoot)).rejects.toMatchObject(
      { code: "TRUST_ROOT_UNKNOWN_KEY" },
    );
  });

  test.each(staged)("$file is unknown to the production trust root", async (object) => {
    const provenance = provenanceAround(object.bytes, { kind: "GitHub" });
    await expect(verifyProvenance(provenance, fileOf(object), root)).rejects.toMatchObject({
      code: "TRUST_ROOT_UNKNOWN_KEY",
    });
  });

  test.each(staged)(
    "$file verifies under staging, and is of no kind of publisher",
    async (object) => {
      const provenance = provenanceAround(object.bytes, { kind: "GitHub" });
      const verified = verifyProvenance(provenance, fileOf(object), stagingRoot);
      // The kind is read from a certificate that held: everything before this step passed.
      await expect(verified).rejects.toMatchObject({
        code: "PUBLISHER_KIND_UNKNOWN",
        message: expect.stringContaining("https://github.com/login/oauth") as string,
      });
    },
  );

  test.each(staged)("$file holds under staging as a bundle, but for the signer", async (object) => {
    const artifact = { sha256: object.sha256 };
    const nobody = { kind: "certificate", subject: "nobody@example.org", issuer: "none" } as const;
    const verified = verifyBundle(bundleOf(object.bytes), artifact, nobody, stagingRoot);
    await expect(verified).rejects.toMatchObject({
      code: "IDENTITY_MISMATCH",
      message: expect.stringContaining('by "https://github.com/login/oauth"') as string,
    });
  });

  test.each(staged)("$file is refused under staging for other bytes", async (object) => {
    const provenance = provenanceAround(object.bytes, { kind: "GitHub" });
    const other = { filename: object.distribution, sha256: "0".repeat(64) };
    await expect(verifyProvenance(provenance, other, stagingRoot)).rejects.toMatchObject({
      code: "ARTIFACT_MISMATCH",
    });
  });
});
