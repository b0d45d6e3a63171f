import { expect, test } from "vitest";
import { attack } from "./attack.ts";
import { documentedDisagreements } from "./disagreement-codes.ts";
import { SEED } from "./random.ts";
import { mintedSpecimens } from "./specimens.ts";

const COUNT = 5000;

test(
  `of ${COUNT} mutants of minted objects (PUBPIN_MUTATION_SEED=${SEED}) none is accepted in ` +
    "another meaning, or against sigstore-js, and every refusal has a code",
  { timeout: 600_000 },
  async () => {
    const account = await attack(await mintedSpecimens(), COUNT, SEED);
    expect(account.defects).toEqual([]);
    expect(await documentedDisagreements()).toEqual(
      expect.arrayContaining([...account.disagreements.keys()]),
    );
    expect(account.accepted).toBeGreaterThan(200);
    expect(account.compared).toBeGreaterThan(1500);
    expect(account.refused.size).toBeGreaterThan(25);
  },
);
