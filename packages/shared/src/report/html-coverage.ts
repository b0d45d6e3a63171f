/** The picture of coverage: a ring of packages by outcome, and the same as a table. */
import { type Markup, markup, NOTHING } from "./html-markup.ts";
import { type Outcome, OUTCOME_WORDS, OUTCOMES } from "./outcome.ts";
import { plural } from "./show.ts";
import type { Summary } from "./summary.ts";

/** In hundredths of the ring: what is there is seen, however little it is. */
const MIN_SHARE = 1.5;
const GAP = 0.6;
/** From what is good to what is not, clockwise from the top. */
const CLOCKWISE: readonly Outcome[] = [
  "matched",
  "accepted",
  "unattested",
  "unpinned",
  "unverifiable",
  "failed",
];

/** The section with picture and table. */
export function coverageSection(summary: Summary): Markup {
  if (summary.packages === 0) return NOTHING;
  const rows = OUTCOMES.filter((outcome) => summary.fileOutcomes[outcome] > 0);
  return markup`<section class="coverage" aria-labelledby="coverage">
<h2 id="coverage">Coverage</h2>
<div class="picture">
${ring(summary)}
<table class="legend">
<thead><tr><th scope="col">Outcome</th><th scope="col">Packages</th><th scope="col">Files</th></tr></thead>
<tbody>
${rows.map((outcome) => legendRow(outcome, summary))}
</tbody>
</table>
</div>
</section>
`;
}

function ring(summary: Summary): Markup {
  const { packages, packageOutcomes } = summary;
  const matched = percent(packageOutcomes.matched, packages);
  const words = CLOCKWISE.filter((outcome) => packageOutcomes[outcome] > 0)
    .map((outcome) => `${OUTCOME_WORDS[outcome].short}: ${packageOutcomes[outcome]}`)
    .join(", ");
  return markup`<svg class="ring" viewBox="0 0 120 120" role="img" aria-label="${plural(packages, "package")}. ${words}.">
<g transform="rotate(-90 60 60)">
${arcs(packageOutcomes)}
</g>
<text x="60" y="61" class="ring-number">${matched}</text>
<text x="60" y="74" class="ring-words">publisher matches</text>
</svg>`;
}

/** Each outcome's part of the ring: circles with one dash each, the circumference being 100. */
function arcs(counts: Readonly<Record<Outcome, number>>): readonly Markup[] {
  const present = CLOCKWISE.filter((outcome) => counts[outcome] > 0);
  const total = present.reduce((sum, outcome) => sum + counts[outcome], 0);
  const wanted = present.map((outcome) => Math.max((counts[outcome] / total) * 100, MIN_SHARE));
  const scale = 100 / wanted.reduce((sum, share) => sum + share, 0);
  const gap = present.length > 1 ? GAP : 0;
  let start = 0;
  return present.map((outcome, index) => {
    const share = (wanted[index] ?? 0) * scale;
    const dash = `${round(share - gap)} ${round(100 - share + gap)}`;
    const arc = markup`<circle class="arc ${outcome}" cx="60" cy="60" r="48" pathLength="100" stroke-dasharray="${dash}" stroke-dashoffset="${round(-start)}"><title>${OUTCOME_WORDS[outcome].short}: ${counts[outcome]}</title></circle>
`;
    start += share;
    return arc;
  });
}

function legendRow(outcome: Outcome, { packageOutcomes, fileOutcomes }: Summary): Markup {
  const { short, long } = OUTCOME_WORDS[outcome];
  return markup`<tr><th scope="row"><span class="badge ${outcome}">${short}</span> <span class="long">${long}</span></th><td>${packageOutcomes[outcome]}</td><td>${fileOutcomes[outcome]}</td></tr>
`;
}

/** Whole per cents: all only where it is all, none only where it is none. */
function percent(part: number, whole: number): string {
  const exact = (part / whole) * 100;
  if (exact > 99 && exact < 100) return "99%";
  return exact > 0 && exact < 1 ? "<1%" : `${Math.round(exact)}%`;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
