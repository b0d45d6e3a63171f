import { parseTrustedRoot, verifyProvenance } from "@pubpin/shared";
import type { Contender } from "./contender.ts";

/** The verifier of this repository. A trust root that was just parsed remembers no certificate. */
export const pubpin: Contender = {
  atOnce: 1000,
  prepare: async ({ trustedRoot, warmUp, jobs }) => {
    const encoder = new TextEncoder();
    const root = await parseTrustedRoot(encoder.encode(trustedRoot));
    await verifyProvenance(encoder.encode(warmUp.provenance), warmUp, root);
    return jobs.map((job) => {
      const provenance = encoder.encode(job.provenance);
      return async () => {
        await verifyProvenance(provenance, job, root);
      };
    });
  },
};
