/** Publishers in words, and who published what. */
import type { ExpectedPublisher, Report, VerifiedPublisher } from "../model.ts";
import { hasPublished, type Release, releasesOf } from "./findings.ts";
import { show, showDay } from "./show.ts";

/** A publisher in two lines: its URL, and what tells it from others at the same URL. */
export interface PublisherLines {
  readonly url: string;
  /** Empty where nothing more is known. */
  readonly details: string;
}

/** Somebody who published files, with the releases that these belong to. */
export interface PublisherShare {
  readonly publisher: VerifiedPublisher;
  readonly releases: readonly Release[];
  readonly files: number;
}

/** An accepted publisher in words. */
export function expectedLines(publisher: ExpectedPublisher): PublisherLines {
  return { url: show(publisher.url), details: identifiers(publisher).join(", ") };
}

/** A verified publisher in words. */
export function foundLines(publisher: VerifiedPublisher): PublisherLines {
  const { ref, commit, time } = publisher;
  const details = [
    ...identifiers(publisher),
    ...(ref === null ? [] : [show(ref)]),
    ...(commit === null ? [] : [`commit ${show(commit.slice(0, 12))}`]),
    `signed ${showDay(time)}`,
    ...(hasPublished(publisher) ? [] : ["no publish attestation"]),
  ];
  return { url: show(publisher.url), details: details.join(", ") };
}

/** Everybody who published a file of these reports, by URL, and by identifier where URLs agree. */
export function publisherShares(reports: readonly Report[]): readonly PublisherShare[] {
  const published = releasesOf(reports).flatMap((release) =>
    release.decisions.flatMap(({ found }) =>
      found.filter(hasPublished).map((publisher) => ({ publisher, release })),
    ),
  );
  const groups = Map.groupBy(published, ({ publisher: { kind, url, repositoryId } }) =>
    JSON.stringify([url, kind, repositoryId]),
  );
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, all]) => {
      const [first] = all;
      if (first === undefined) return [];
      const releases = [...new Set(all.map(({ release }) => release))];
      return [{ publisher: first.publisher, releases, files: all.length }];
    });
}

function identifiers({ repositoryId, ownerId, workflow }: ExpectedPublisher): readonly string[] {
  return [
    ...(repositoryId === null ? [] : [`repository ${show(repositoryId)}`]),
    ...(ownerId === null ? [] : [`owner ${show(ownerId)}`]),
    ...(workflow === null ? [] : [show(workflow)]),
  ];
}

/** Whether a URL can be made a link: a web page, in characters that mean nothing else anywhere. */
export function isPlainUrl(url: string): boolean {
  return /^https:\/\/[A-Za-z0-9.-]+(?:\/[A-Za-z0-9._~-]+)*\/?$/.test(url);
}
