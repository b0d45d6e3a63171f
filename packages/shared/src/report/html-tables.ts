/** The tables of packages and publishers. The script sorts and searches them; without it they are whole. */
import type { Decision, Report } from "../model.ts";
import { hasPublished, type Release, releasesOf } from "./findings.ts";
import { publisherLink } from "./html-findings.ts";
import { type Markup, markup, NOTHING } from "./html-markup.ts";
import { type Outcome, OUTCOME_WORDS, OUTCOMES, outcomeOf, worstOutcome } from "./outcome.ts";
import { expectedLines, foundLines, type PublisherShare, publisherShares } from "./publishers.ts";
import { plural, show, showMessage, showPackage, showPath, showPlace } from "./show.ts";

/** Packages that are named of one publisher before the rest is folded away. */
const MAX_NAMES = 6;

interface Column {
  readonly title: string;
  readonly kind: "text" | "number";
}

const PACKAGE_COLUMNS: readonly Column[] = [
  { title: "Package", kind: "text" },
  { title: "Outcome", kind: "number" },
  { title: "Publisher", kind: "text" },
  { title: "Files", kind: "number" },
];
const PUBLISHER_COLUMNS: readonly Column[] = [
  { title: "Publisher", kind: "text" },
  { title: "Outcome", kind: "number" },
  { title: "Packages", kind: "number" },
  { title: "Files", kind: "number" },
];

/** Every package with its files, with a field to search both tables. */
export function packagesSection(reports: readonly Report[]): Markup {
  const releases = releasesOf(reports);
  if (releases.length === 0) return NOTHING;
  const present = OUTCOMES.filter((outcome) => releases.some((each) => each.outcome === outcome));
  return markup`<section aria-labelledby="packages">
<h2 id="packages">Packages</h2>
${searchForm(present)}
<table class="list" data-list="packages" role="table" aria-labelledby="packages">
${head(PACKAGE_COLUMNS)}
${releases.map((release, index) => packageRow(release, index))}
</table>
</section>
`;
}

/** Everybody who published something. */
export function publishersSection(reports: readonly Report[]): Markup {
  const shares = publisherShares(reports);
  if (shares.length === 0) return NOTHING;
  return markup`<section aria-labelledby="publishers">
<h2 id="publishers">Publishers</h2>
<table class="list publishers" data-list="publishers" role="table" aria-labelledby="publishers">
${head(PUBLISHER_COLUMNS)}
${shares.map(publisherRow)}
</table>
</section>
`;
}

/** Hidden until the script is there to serve it. */
function searchForm(present: readonly Outcome[]): Markup {
  return markup`<div class="tools" hidden>
<label class="search"><span>Search packages, publishers, files</span><input type="search" autocomplete="off" spellcheck="false" placeholder="Press / to search"></label>
<div class="filters" role="group" aria-label="Show only">
${present.length > 1 ? present.map(filterButton) : NOTHING}</div>
<p class="count" role="status"></p>
</div>`;
}

function filterButton(outcome: Outcome): Markup {
  return markup`<button type="button" class="badge ${outcome}" aria-pressed="false" data-outcome="${outcome}">${OUTCOME_WORDS[outcome].short}</button>
`;
}

function head(columns: readonly Column[]): Markup {
  const cell = ({ title, kind }: Column): Markup =>
    markup`<th scope="col" role="columnheader" class="${kind}" data-kind="${kind}">${title}</th>`;
  return markup`<thead role="rowgroup"><tr role="row">${columns.map(cell)}</tr></thead>`;
}

function packageRow(release: Release, index: number): Markup {
  const { decisions, outcome, name } = release;
  const [{ place }] = decisions;
  const where = place === null ? showPath(release.subject) : showPlace(place);
  const publishers = [
    ...new Set(
      decisions.flatMap(({ found }) => found.filter(hasPublished).map(({ url }) => show(url))),
    ),
  ];
  return markup`<tbody role="rowgroup" data-row data-outcome="${outcome}">
<tr role="row">
<td role="cell" data-sort="${show(name)}"><span class="name">${show(name)}</span> <span class="version">${show(release.version ?? "")}</span> <span class="place">${where}</span></td>
${outcomeCell(outcome)}
<td role="cell" data-sort="${publishers.join(" ")}">${publishers.length === 0 ? markup`<span class="none">none</span>` : publishers.map(publisherLink)}</td>
<td role="cell" class="number" data-sort="${decisions.length}"><button type="button" class="toggle" aria-expanded="true" aria-controls="files-${index}" hidden>${plural(decisions.length, "file")}</button><span class="plain-count">${plural(decisions.length, "file")}</span></td>
</tr>
<tr role="row" class="files" id="files-${index}"><td role="cell" colspan="4"><ul>
${decisions.map(fileItem)}</ul></td></tr>
</tbody>
`;
}

function fileItem(decision: Decision): Markup {
  const { filename, code, message, sha256, found } = decision;
  const outcome = outcomeOf(decision);
  const publisher = found.find(hasPublished);
  return markup`<li><span class="dot ${outcome}"></span><span class="filename">${show(filename ?? "no file")}</span> <code class="code">${code}</code>
<p>${showMessage(message)}</p>
${publisher === undefined ? NOTHING : markup`<p class="details">${foundLines(publisher).details}; log entry ${String(publisher.logIndex)}</p>`}${sha256 === null ? NOTHING : markup`<p class="details digest">sha256:${show(sha256)}</p>`}</li>
`;
}

function publisherRow({ publisher, releases, files }: PublisherShare): Markup {
  const outcome = worstOutcome(releases.flatMap(({ decisions }) => decisions));
  const { url, details } = expectedLines(publisher);
  return markup`<tbody role="rowgroup" data-row data-outcome="${outcome}">
<tr role="row">
<td role="cell" data-sort="${url}">${publisherLink(url)} <span class="kind">${publisher.kind}</span><span class="details">${details}</span><span class="names">${names(releases)}</span></td>
${outcomeCell(outcome)}
<td role="cell" class="number" data-sort="${releases.length}">${plural(releases.length, "package")}</td>
<td role="cell" class="number" data-sort="${files}">${plural(files, "file")}</td>
</tr>
</tbody>
`;
}

function names(releases: readonly Release[]): Markup {
  const all = releases.map(showPackage);
  const rest = all.slice(MAX_NAMES);
  const first = all.slice(0, MAX_NAMES).join(", ");
  if (rest.length === 0) return markup`${first}`;
  return markup`${first} <details class="inline"><summary>and ${rest.length} more</summary>${rest.join(", ")}</details>`;
}

function outcomeCell(outcome: Outcome): Markup {
  return markup`<td role="cell" data-sort="${OUTCOMES.indexOf(outcome)}"><span class="badge ${outcome}">${OUTCOME_WORDS[outcome].short}</span></td>`;
}
