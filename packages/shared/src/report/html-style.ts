/** The page's style sheet: light and dark, for phones and desks, and on paper. */
export const STYLE: string = `
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --sheet: #ffffff; --ink: #16202c; --dim: #586473; --line: #dde2e8; --soft: #eef1f4;
  --link: #0b5cad;
  --matched: #14805a; --accepted: #2d6cc0; --unattested: #76818f;
  --unpinned: #a86200; --unverifiable: #7a4fc4; --failed: #c62b38;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e141b; --sheet: #161e27; --ink: #e6ebf1; --dim: #9aa7b5; --line: #2a3541; --soft: #1f2933;
    --link: #7ab8ff;
    --matched: #3ec28f; --accepted: #6aa9ff; --unattested: #8b98a7;
    --unpinned: #e3a33c; --unverifiable: #b394f4; --failed: #ff7480;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; padding-bottom: 3rem; background: var(--page); color: var(--ink); border-top: 6px solid var(--tone);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: anywhere;
}
[hidden] { display: none !important; }
a { color: var(--link); text-underline-offset: 0.15em; text-decoration-thickness: 1px; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.875em; }
h1, h2, h3, h4, p, ul, dl, dd { margin: 0; }
ul { padding: 0; list-style: none; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 3px; }

.matched { --tone: var(--matched); }
.accepted { --tone: var(--accepted); }
.unattested { --tone: var(--unattested); }
.unpinned { --tone: var(--unpinned); }
.unverifiable { --tone: var(--unverifiable); }
.failed { --tone: var(--failed); }

body.ok { --tone: var(--matched); }
body.bad { --tone: var(--failed); }
body.unknown { --tone: var(--unverifiable); }
header, main, footer { max-width: 72rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1.9rem; }
.brand { color: var(--dim); font-weight: 600; letter-spacing: 0.02em; }
h1 { font-size: clamp(1.6rem, 1.1rem + 2.2vw, 2.4rem); line-height: 1.2; letter-spacing: -0.015em; }
.subjects { margin-top: 0.6rem; color: var(--dim); }
.subjects b { color: var(--ink); font-weight: 600; margin-right: 0.35em; }

section { margin-top: 2rem; }
h2 { font-size: 1.25rem; line-height: 1.3; margin-bottom: 0.75rem; letter-spacing: -0.01em; }
.picture, .card, table.list { background: var(--sheet); border: 1px solid var(--line); border-radius: 10px; }

.picture { display: grid; grid-template-columns: minmax(10rem, 15rem) 1fr; gap: 1rem 2.5rem; align-items: center; padding: 1.5rem; }
.ring { width: 100%; display: block; }
.arc { fill: none; stroke: var(--tone); stroke-width: 15; }
.ring-number { font-size: 21px; font-weight: 650; text-anchor: middle; fill: var(--ink); letter-spacing: -0.5px; }
.ring-words { font-size: 6.8px; text-anchor: middle; fill: var(--dim); }
.legend { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.legend th { text-align: left; font-weight: 400; padding: 0.45rem 0; }
.legend td, .legend thead th + th { text-align: right; padding: 0.45rem 0 0.45rem 1.25rem; white-space: nowrap; }
.legend thead th, .legend thead th + th { color: var(--dim); font-size: 0.875rem; padding-top: 0; }
.legend tbody tr { border-top: 1px solid var(--line); }
.long { color: var(--dim); font-size: 0.9rem; margin-left: 0.4rem; }

.badge { display: inline-flex; align-items: center; gap: 0.45em; font-size: 0.9rem; font-weight: 600; white-space: nowrap; color: var(--ink); }
.badge::before, .dot { content: ""; flex: none; width: 0.7em; height: 0.7em; border-radius: 50%; background: var(--tone); }
.badge.failed::before, .dot.failed { border-radius: 1px; transform: rotate(45deg) scale(0.9); }
.badge.unverifiable::before, .dot.unverifiable, .badge.unpinned::before, .dot.unpinned { border-radius: 2px; }
.badge.unattested::before, .dot.unattested { background: none; border: 2px solid var(--tone); }
.dot { display: inline-block; margin-right: 0.5em; }

.card { padding: 1.1rem 1.25rem 1.2rem; }
.card + .card { margin-top: 1rem; }
.card h3 { font-size: 1.0625rem; line-height: 1.4; margin-bottom: 0.25rem; }
.code { color: var(--dim); font-weight: 400; margin-left: 0.35em; font-size: 0.8rem; }
.card > p { max-width: 46rem; }
.finding { margin-top: 1rem; padding-top: 0.9rem; border-top: 1px solid var(--line); }
.finding h4 { font-size: 1rem; }
.place { color: var(--dim); font-weight: 400; font-size: 0.875rem; margin-left: 0.4em; }
.finding .files, .details, .kind, .names { color: var(--dim); font-size: 0.875rem; }
.message { margin-top: 0.5rem; }
.compared { display: grid; grid-template-columns: 1fr 1fr; gap: 0.75rem; margin-top: 0.75rem; }
.compared > div { background: var(--soft); border-radius: 8px; padding: 0.6rem 0.8rem 0.7rem; }
dt { color: var(--dim); font-size: 0.8125rem; }
.url { font-weight: 600; }
.details, .names { display: block; }
.accept { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.4rem 0.75rem; margin-top: 0.75rem; }
.accept > span { color: var(--dim); font-size: 0.875rem; }
.command { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: 0.2rem 0.55rem; user-select: all; -webkit-user-select: all; }
.card > p + p { margin-top: 0.35rem; }
.links { font-size: 0.875rem; }
.links a { margin-right: 0.8em; }
.plain { margin-top: 0.6rem; }
.plain li + li { margin-top: 0.35rem; }
summary { cursor: pointer; color: var(--link); width: fit-content; }
details { margin-top: 0.5rem; }
details.inline { display: inline; }
details.inline summary { display: inline; }

.tools { display: flex; flex-wrap: wrap; gap: 0.75rem 1.25rem; align-items: end; margin-bottom: 0.9rem; }
.search { flex: 1 1 18rem; max-width: 26rem; }
.search span { display: block; color: var(--dim); font-size: 0.875rem; margin-bottom: 0.2rem; }
.search input { width: 100%; font: inherit; color: inherit; background: var(--sheet); border: 1px solid var(--dim); border-radius: 8px; padding: 0.5rem 0.75rem; }
.search input::placeholder { color: var(--dim); opacity: 1; }
.filters { display: flex; flex-wrap: wrap; gap: 0.4rem; }
.filters button { font: inherit; font-size: 0.9rem; font-weight: 600; min-height: 2.6rem; padding: 0 0.8rem; background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; cursor: pointer; }
.filters button:hover { border-color: var(--dim); }
.filters button[aria-pressed="true"] { border-color: var(--tone); box-shadow: inset 0 0 0 1px var(--tone); }
.count { flex-basis: 100%; color: var(--dim); font-size: 0.875rem; font-variant-numeric: tabular-nums; }

table.list { width: 100%; border-collapse: separate; border-spacing: 0; font-size: 0.9375rem; }
.list th { position: sticky; top: 0; z-index: 1; background: var(--sheet); text-align: left; color: var(--dim); font-size: 0.875rem; font-weight: 600; padding: 0.55rem 0.5rem; border-bottom: 1px solid var(--line); border-radius: 10px 10px 0 0; }
.list td { padding: 0.5rem; vertical-align: top; }
.list th:first-child, .list td:first-child { padding-left: 1.1rem; }
.list th:last-child, .list td:last-child { padding-right: 1.1rem; }
.list tbody + tbody td { border-top: 1px solid var(--line); }
.list tbody tr.files td { border-top: 0; padding: 0 1.1rem 0.9rem; }
.list th.number, .list td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.list th:nth-child(2), .list td:nth-child(2) { text-align: left; width: 11.5rem; }
.list td .url { display: block; font-weight: 400; }
.publishers td .url { display: inline; font-weight: 600; }
.list th button { font: inherit; color: inherit; background: none; border: 0; padding: 0.1rem 0; cursor: pointer; }
.list th button::after { content: "\\2195"; display: inline-block; width: 1.2em; text-align: center; opacity: 0.45; }
.list th[aria-sort] button { color: var(--ink); }
.list th[aria-sort="ascending"] button::after { content: "\\2191"; opacity: 1; }
.list th[aria-sort="descending"] button::after { content: "\\2193"; opacity: 1; }
.name { font-weight: 600; }
.version { font-variant-numeric: tabular-nums; }
.list .place { display: block; margin: 0; }
.none { color: var(--dim); }
.toggle { font: inherit; color: var(--link); background: none; border: 0; padding: 0; cursor: pointer; }
.toggle::after { content: "\\25B8"; display: inline-block; width: 1.1em; text-align: right; }
.toggle[aria-expanded="true"]::after { content: "\\25BE"; }
tr.files ul { background: var(--soft); border-radius: 8px; padding: 0.2rem 0.9rem; }
tr.files li { padding: 0.6rem 0; }
tr.files li + li { border-top: 1px solid var(--line); }
tr.files li p { font-size: 0.875rem; }
.filename { font-weight: 600; }
.digest { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 0.8125rem; }

footer { margin-top: 2.5rem; color: var(--dim); font-size: 0.9rem; }
footer p + p { margin-top: 0.3rem; }
footer b { color: var(--ink); font-weight: 600; }

@media (max-width: 44rem) {
  body { padding-bottom: 2rem; }
  header, main, footer { padding: 0 0.9rem; }
  header { padding-top: 1.3rem; }
  .picture { grid-template-columns: minmax(0, 1fr); padding: 1.1rem; }
  .legend td, .legend thead th + th { padding-left: 0.7rem; }
  .ring { max-width: 13rem; margin: 0 auto; }
  .long { display: block; margin: 0; }
  .compared { grid-template-columns: minmax(0, 1fr); }
  .card { padding: 0.9rem 1rem 1rem; }
  .search { max-width: none; flex-basis: 100%; }
  .search input { font-size: 1rem; min-height: 2.75rem; }
  .list, .list thead, .list tbody { display: block; }
  .list thead tr { display: flex; flex-wrap: wrap; gap: 0 0.75rem; padding: 0.1rem 1rem; border-bottom: 1px solid var(--line); }
  .list thead th, .list thead th:first-child, .list thead th:last-child { position: static; border: 0; padding: 0; background: none; }
  .list thead th:nth-child(2) { width: auto; }
  .list th button { min-height: 2.6rem; font-size: 0.8125rem; }
  .list th button::after { width: 1em; }
  .list tbody tr { display: grid; grid-template-columns: 1fr auto; gap: 0.15rem 1rem; padding: 0.75rem 1rem; }
  .list tbody + tbody { border-top: 1px solid var(--line); }
  .list tbody + tbody td { border: 0; }
  .list td, .list td:first-child, .list td:last-child { padding: 0; width: auto; }
  .list td:nth-child(2) { width: auto; grid-column: 2; grid-row: 1; justify-self: end; }
  .list td:nth-child(3) { grid-column: 1 / -1; }
  .list td:nth-child(4) { grid-column: 1 / -1; justify-self: start; }
  .publishers td:first-child { grid-column: 1 / -1; grid-row: 1; }
  .publishers td:nth-child(2) { grid-column: 1; grid-row: 2; justify-self: start; }
  .publishers td:nth-child(3) { grid-column: 2; grid-row: 2; }
  .publishers td:nth-child(4) { grid-column: 2; grid-row: 3; justify-self: end; }
  .list tbody tr.files { display: block; padding: 0 1rem 0.9rem; }
  .list tbody tr.files td { padding: 0; }
  .toggle { min-height: 2rem; }
}
@media print {
  body { max-width: none; background: none; }
  .tools { display: none; }
  .card, .list tbody { break-inside: avoid; }
  .list th { position: static; }
}
`;
