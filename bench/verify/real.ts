/** Real objects to verify, from the folder of real-world data. */
import { readFile } from "node:fs/promises";
import { TRUSTED_ROOT_JSON } from "../../packages/shared/src/generated/trusted-root.ts";
import { dataPath, whyNoData } from "../../test/support/data-folder.ts";
import type { Job, JobSet } from "./jobs.ts";

interface Manifest {
  readonly objects: readonly {
    readonly file: string;
    readonly distribution: string;
    readonly sha256: string;
    readonly root: string;
  }[];
}

interface Provenance {
  readonly attestation_bundles: readonly {
    readonly attestations: readonly {
      readonly verification_material: { readonly certificate: string };
    }[];
  }[];
}

/**
 * Objects with one attestation and a certificate of their own, signed under the production
 * instance; or why there are none.
 */
export async function realJobs(): Promise<JobSet | string> {
  const missing = whyNoData();
  if (missing !== null) return "real objects, for want of their folder (PUBPIN_DATA=/path/to/data)";
  const manifest = JSON.parse(await readFile(dataPath("manifest.json"), "utf8")) as Manifest;
  const usable = manifest.objects.filter(
    ({ file, root }) => root === "production" && file.endsWith(".provenance"),
  );
  const byCertificate = new Map<string, Job>();
  for (const { file, distribution, sha256 } of usable) {
    const provenance = await readFile(dataPath("pep740", file), "utf8");
    const [certificate, second] = certificatesOf(provenance);
    if (certificate === undefined || second !== undefined) continue;
    byCertificate.set(certificate, { filename: distribution, sha256, provenance });
  }
  const [warmUp, ...jobs] = byCertificate.values();
  if (warmUp === undefined || jobs.length === 0) return "real objects, as there are too few";
  return { trustedRoot: TRUSTED_ROOT_JSON, warmUp, jobs };
}

function certificatesOf(provenance: string): readonly string[] {
  const { attestation_bundles: bundles } = JSON.parse(provenance) as Provenance;
  return bundles.flatMap(({ attestations }) =>
    attestations.map(({ verification_material: material }) => material.certificate),
  );
}
