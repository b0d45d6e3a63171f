/** What did not pass, and the notices, as sections of the page. */
import { fillIn } from "./acceptance.ts";
import {
  acceptCommands,
  adviceFor,
  type DocumentedCode,
  docsPath,
  fileHint,
  remedyFor,
} from "./advice.ts";
import type { Finding, NoticeFinding } from "./findings.ts";
import { type Markup, markup, NOTHING, prose } from "./html-markup.ts";
import { NOTICE_WORDS } from "./notice-words.ts";
import { outcomeOf } from "./outcome.ts";
import { expectedLines, foundLines, isPlainUrl, type PublisherLines } from "./publishers.ts";
import { plural, showMessage, showPackage, showPath, showPlace } from "./show.ts";

/** Findings or notices of one kind that are open at first; the rest are one click away. */
const MAX_OPEN = 8;

/** A card for each code and cause, with everything it is about. */
export function findingsSection(findings: readonly Finding[]): Markup {
  if (findings.length === 0) return NOTHING;
  const kinds = Map.groupBy(findings, ({ code, cause }) => `${code} ${cause ?? ""}`);
  return markup`<section aria-labelledby="findings">
<h2 id="findings">Not passed</h2>
${[...kinds.values()].map(card)}
</section>
`;
}

/** The notices, by kind. */
export function noticesSection(notices: readonly NoticeFinding[]): Markup {
  if (notices.length === 0) return NOTHING;
  const kinds = Map.groupBy(notices, ({ notice }) => notice.code);
  return markup`<section aria-labelledby="notices">
<h2 id="notices">Notices</h2>
${[...kinds.values()].map(noticeCard)}
</section>
`;
}

/** A link to a publisher's page, where it has one that can be a link. */
export function publisherLink(url: string): Markup {
  if (!isPlainUrl(url)) return markup`<span class="url">${url}</span>`;
  return markup`<a class="url" href="${url}" rel="noopener noreferrer">${url.replace("https://", "")}</a>`;
}

function card(findings: readonly Finding[]): Markup {
  const [first] = findings;
  if (first === undefined) return NOTHING;
  const { title, meaning, remedy, documented } = adviceFor(first);
  const advice = findings.length === 1 ? remedyFor(first) : remedy;
  return markup`<article class="card">
<h3><span class="dot ${outcomeOf(first)}"></span>${title} <code class="code">${first.code}</code></h3>
<p>${prose(meaning)}</p>
<p><b>What to do:</b> ${prose(advice)}</p>
<p class="links">${documented.map(docsLink)}</p>
${folded(findings, (items) => markup`${items.map(findingItem)}`)}
</article>
`;
}

function noticeCard(notices: readonly NoticeFinding[]): Markup {
  const [first] = notices;
  if (first === undefined) return NOTHING;
  const { title, meaning, remedy } = NOTICE_WORDS[first.notice.code];
  const advice = notices.length === 1 ? fillIn(remedy, first.decisions[0]) : remedy;
  return markup`<article class="card">
<h3><span class="dot unattested"></span>${title} <code class="code">${first.notice.code}</code></h3>
<p>${prose(meaning)} ${prose(advice)}</p>
${folded(notices, (items) => markup`<ul class="plain">${items.map(noticeItem)}</ul>`)}
</article>
`;
}

function docsLink(code: DocumentedCode): Markup {
  return markup`<code>${docsPath(code)}</code> `;
}

function findingItem(finding: Finding): Markup {
  const place = finding.place === null ? showPath(finding.subject) : showPlace(finding.place);
  const commands = finding.verdict === "fail" ? acceptCommands(finding) : [];
  const files = fileHint(finding);
  return markup`<div class="finding">
<h4>${showPackage(finding)} <span class="place">${place}</span></h4>
${files === null ? NOTHING : markup`<p class="files">${files}</p>`}
${compared(finding)}
${commands.length === 0 ? NOTHING : markup`<div class="accept"><span>To accept it</span>${folded(commands, (items) => markup`${items.map((command) => markup`<code class="command">${command}</code>`)}`)}</div>`}
</div>
`;
}

function compared({ expected, found, message }: Finding): Markup {
  if (expected.length === 0 && found.length === 0) {
    return markup`<p class="message">${showMessage(message)}</p>`;
  }
  return markup`<dl class="compared">
<div><dt>Expected</dt>${publishers(expected.map(expectedLines), "nobody is pinned")}</div>
<div><dt>Found</dt>${publishers(found.map(foundLines), "no attestation")}</div>
</dl>`;
}

function publishers(lines: readonly PublisherLines[], none: string): readonly Markup[] {
  if (lines.length === 0) return [markup`<dd>${none}</dd>`];
  return lines.map(
    ({ url, details }) =>
      markup`<dd>${publisherLink(url)}<span class="details">${details}</span></dd>`,
  );
}

function noticeItem(finding: NoticeFinding): Markup {
  const { notice, decisions } = finding;
  const more = decisions.length === 1 ? "" : ` (${plural(decisions.length, "file")})`;
  return markup`<li><b>${showPackage(finding)}</b> ${showMessage(notice.message)}${more}</li>`;
}

/** The first items, and the rest behind a line that says how many there are. */
function folded<T>(items: readonly T[], list: (items: readonly T[]) => Markup): Markup {
  const rest = items.slice(MAX_OPEN);
  if (rest.length === 0) return list(items);
  return markup`${list(items.slice(0, MAX_OPEN))}<details><summary>${rest.length} more</summary>${list(rest)}</details>`;
}
