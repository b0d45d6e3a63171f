import {
  type CheckIo,
  createIndexes,
  type Decision,
  fail,
  pinnedPublisher,
  type PinsEntry,
  samePublisherUrl,
  sameRepository,
} from "@pubpin/shared";
import type { Session } from "./session.ts";

/**
 * Asks a second verifier about each publisher that is about to be pinned: both must accept an
 * attestation of theirs, and agree on who signed it. Nothing is pinned on one verifier's word.
 *
 * @throws SECOND_OPINION_DISAGREES, and the codes of the index where the file is gone meanwhile
 */
export async function agreeOnPins(
  session: Session,
  io: CheckIo,
  decisions: readonly Decision[],
  entries: readonly PinsEntry[],
): Promise<void> {
  if (!entries.some(({ kind }) => kind === "pin" || kind === "also")) return;
  // The second verifier takes long to load, and most runs pin nothing.
  const { requireAgreement, secondOpinion } = await import("./node/second-opinion.ts");
  const { json } = await session.trustRoot();
  const indexes = createIndexes(io);
  for (const entry of entries) {
    if (entry.kind !== "pin" && entry.kind !== "also") continue;
    const decision = decisions.find(
      ({ name, found }) =>
        name === entry.name && found.some((each) => samePublisherUrl(each, entry.publisher)),
    );
    const { filename = null, sha256 = null, index = null } = decision ?? {};
    if (filename === null || sha256 === null || index === null) {
      fail("SECOND_OPINION_DISAGREES", `${entry.name}: there is no file to ask about`);
    }
    const client = indexes.at(index);
    const file = (await client.project(entry.name)).files.get(filename);
    const provenance = file === undefined ? null : await client.provenance(file);
    if (provenance === null) {
      fail("SECOND_OPINION_DISAGREES", `${filename}: its attestation is gone`);
    }
    const opinion = await secondOpinion(provenance, { filename, sha256 }, json);
    const agreed = requireAgreement(opinion).map(pinnedPublisher);
    if (!agreed.some((each) => sameRepository(each, entry.publisher))) {
      fail("SECOND_OPINION_DISAGREES", `${filename}: the publishers differ`);
    }
  }
}
