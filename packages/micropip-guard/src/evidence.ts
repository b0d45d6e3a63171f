/** Who published a file: asked of the index while the file is still on its way. */
import {
  type Candidate,
  fail,
  findEvidence,
  findFiles,
  type FoundEvidence,
  type IndexClient,
  type Indexes,
  type IndexProject,
  PubpinError,
  requireNotQuarantined,
  type TrustRootSource,
} from "@pubpin/shared";

/** A candidate, with the name that its index has for it, and what was found out about it. */
export interface Found extends FoundEvidence {
  readonly candidate: Candidate;
}

/** Finds evidence, once for each file of a page's life. */
export interface EvidenceSource {
  /** Asks an index for a project's page anew, for the `find` to come. */
  readonly prepare: (index: string, name: string) => void;
  /** Never rejects with a PubpinError: that is evidence. */
  readonly find: (candidate: Candidate) => Promise<Found>;
  /** Forgets the pages: what an index has may change, what it signed for a file does not. */
  readonly settle: () => void;
}

/** A source that asks these indexes and verifies with this trust root. */
export function evidenceSource(indexes: Indexes, root: TrustRootSource): EvidenceSource {
  const pages = new Map<string, Promise<IndexProject>>();
  const known = new Map<string, Promise<FoundEvidence>>();

  const ask = (index: string, name: string): Promise<IndexProject> => {
    const page = askForPage(indexes, index, name);
    // Whoever needs it awaits it; until then its failure concerns nobody.
    page.catch(() => undefined);
    pages.set(`${index} ${name}`, page);
    return page;
  };

  const verify = async (
    candidate: Candidate,
    page: IndexProject,
    client: IndexClient,
  ): Promise<FoundEvidence> => {
    const key = [page.index, candidate.filename, sha256Of(candidate)].join(" ");
    const found = known.get(key) ?? findEvidence(candidate, page, client, root);
    known.set(key, found);
    const { evidence } = await found;
    // What was signed stays signed; all else may be otherwise the next time.
    if (evidence === "none" || evidence instanceof Error) known.delete(key);
    return found;
  };

  return {
    prepare: (index, name) => {
      void ask(index, name);
    },
    settle: () => {
      pages.clear();
    },
    async find(candidate) {
      if (candidate.origin.kind !== "index") return { candidate, evidence: "none", notices: [] };
      const { url } = candidate.origin;
      try {
        const page = await (pages.get(`${url} ${candidate.name}`) ?? ask(url, candidate.name));
        requireNotQuarantined(page);
        const named = withNameOnPage(candidate, page);
        return { candidate: named, ...(await verify(named, page, indexes.at(url))) };
      } catch (error) {
        if (!(error instanceof PubpinError)) throw error;
        return { candidate, evidence: error, notices: [] };
      }
    },
  };
}

async function askForPage(indexes: Indexes, index: string, name: string): Promise<IndexProject> {
  return indexes.at(index).project(name);
}

/** The candidate under the name that the page has for its bytes, whatever it was called before. */
function withNameOnPage(candidate: Candidate, page: IndexProject): Candidate {
  const { filename, name } = candidate;
  const sha256 = sha256Of(candidate);
  if (filename !== null && page.files.get(filename)?.sha256 === sha256) return candidate;
  const [file] = findFiles(page, null, [sha256]).flatMap(({ files }) => files);
  if (file !== undefined) return { ...candidate, filename: file.filename };
  if (filename !== null) return candidate;
  return fail("HASH_NOT_ON_INDEX", `${page.index} has no file of ${name} with sha256:${sha256}`);
}

function sha256Of({ hashes }: Candidate): string {
  return hashes[0]?.value ?? "";
}
