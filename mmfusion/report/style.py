"""The look of the page: one style sheet, light, dark and on paper."""

STYLE = """
:root { color-scheme: light dark;
  --paper: #fbfbf9; --card: #ffffff; --ink: #1d1e22; --soft: #5f636b;
  --line: #e3e3de; --accent: #2f56c6; --accent-rgb: 47 86 198;
  --wrong-rgb: 196 84 40; --top: #b06a00; --yes: #1c7a4a; --unsure: #8a6300;
  --no: #b03a3a; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #15161a; --card: #1c1e23; --ink: #e9e9e6; --soft: #a0a4ad;
  --line: #33363d; --accent: #8ea9ff; --accent-rgb: 100 132 240;
  --wrong-rgb: 214 110 66; --top: #e0a44b; --yes: #63c794; --unsure: #e0b35a;
  --no: #ef8d8d; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto,
    "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
  font-variant-numeric: tabular-nums; }
main { max-width: 1020px; margin: 0 auto; padding: 56px 24px 72px; }
header { margin-bottom: 40px; }
header p { margin: 0; color: var(--soft); }
.brand { font-size: 13px; letter-spacing: .08em; text-transform: uppercase; }
h1 { margin: 6px 0 8px; font-size: 34px; line-height: 1.2; font-weight: 650;
  letter-spacing: -.015em; overflow-wrap: anywhere; }
h2 { margin: 0 0 18px; font-size: 20px; font-weight: 650; }
h3 { margin: 30px 0 10px; font-size: 15px; font-weight: 650; }
section { background: var(--card); border: 1px solid var(--line);
  border-radius: 12px; padding: 28px 32px 30px; margin: 0 0 24px; }
.block + .block { margin-top: 40px; }
.block > h3:first-child, h2 + h3 { margin-top: 0; }
.answer { margin: 0 0 26px; font-size: 19px; line-height: 1.5;
  max-width: 46em; text-wrap: pretty; }
.answer .yes { color: var(--yes); }
.answer .no { color: var(--no); }
.answer .not-shown { color: var(--unsure); }
.legend, .notes, .meaning { color: var(--soft); font-size: 14px; }
.legend { margin: 10px 0 0; }
.legend span + span { margin-left: 22px; }
.legend .key { display: inline-block; height: 14px; margin-right: 8px;
  vertical-align: -2px; border-left: 3px solid var(--top); }
.legend .key.usual { border-left: 2px dashed var(--soft); }
.notes { margin: 14px 0 0; padding-left: 18px; max-width: 56em; }
.meaning { margin: 26px 0 0; }
.meaning div { margin: 2px 0; }
.meaning dt { display: inline; color: var(--ink); font-weight: 600; }
.meaning dt::after { content: ": "; }
.meaning dd { display: inline; margin: 0; }
table { border-collapse: collapse; }
th { font-weight: 400; text-align: left; }
thead th { color: var(--soft); font-size: 13px; }
.scroll { overflow-x: auto; }

.scores { width: 100%; }
.scores th, .scores td { padding: 0 0 0 20px; white-space: nowrap; }
.scores th:first-child { padding-left: 0; white-space: normal;
  overflow-wrap: anywhere; line-height: 1.3; }
.scores tbody th { min-width: 13em; }
.scores td.plot, .scores th.plot { width: 50%; padding: 0 10px 0 24px; }
.scores .value, .scores .range, .scores .ceiling { text-align: right; }
.scores td.value { font-weight: 650; }
.scores td.range, .scores td.ceiling { color: var(--soft); font-size: 14px; }
.scores i { display: none; }
.scores tr.first:not(:first-child) > * { padding-top: 10px; }
.scores .fused th { font-weight: 650; }
.scores svg { display: block; overflow: visible; }
.scores circle { fill: var(--ink); }
.scores .band { stroke: var(--ink); stroke-width: 11; opacity: .25; }
.scores .fused circle { fill: var(--accent); }
.scores .fused .band { stroke: var(--accent); opacity: .35; }
.scores .masked circle { fill: var(--card); stroke: var(--ink);
  stroke-width: 1.5; }
.scores svg .grid { stroke: var(--line); stroke-width: 1; }
.scores svg .usual { stroke: var(--soft); stroke-width: 1.5;
  stroke-dasharray: 3 4; }
.scores svg .top { stroke: var(--top); stroke-width: 3; }
.scores text, .curve text { fill: var(--soft); font-size: 12px; }

.plain { margin-top: 26px; }
h3 + * .plain, h2 + * .plain, h3 + .plain { margin-top: 0; }
.plain th, .plain td { padding: 5px 0 5px 32px; text-align: right;
  border-top: 1px solid var(--line); }
.plain thead th { border-top: 0; vertical-align: bottom; }
.plain td { white-space: nowrap; }
.plain th:first-child { padding-left: 0; text-align: left; max-width: 24em;
  overflow-wrap: anywhere; }
.plain tfoot > tr > * { border-top: 1.5px solid var(--soft);
  font-weight: 600; }
.plain td.text, .pairs th:nth-child(2) { text-align: left; }
.none { color: var(--soft); }

.diagram { display: block; width: 100%; height: auto; margin: 0 auto; }
.diagram.small { display: none; }
.diagram rect { fill: var(--paper); stroke: var(--soft); stroke-width: 1.25; }
.diagram rect.optional, .arrow.optional { stroke-dasharray: 5 4; }
.diagram .fusion rect, .diagram .decision rect { stroke: var(--accent);
  stroke-width: 2; }
.diagram text { text-anchor: middle; fill: var(--soft); font-size: 12px; }
.diagram .kind { font-size: 10.5px; letter-spacing: .07em;
  text-transform: uppercase; }
.diagram .name { fill: var(--ink); font-size: 14px; font-weight: 650; }
.diagram.small .detail { font-size: 11px; }
.diagram.small .name { font-size: 12.5px; }
.arrow { fill: none; stroke: var(--soft); stroke-width: 1.25; }

.charts { display: grid; gap: 22px 30px;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr)); }
.charts.small { margin-top: 26px; gap: 22px;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 270px), 1fr)); }
figure { margin: 0; }
figcaption { margin-bottom: 4px; font-size: 14px; color: var(--soft); }
figcaption b { color: var(--ink); font-weight: 600; }
.curve { display: block; width: 100%; max-width: 440px; height: auto; }
.small .curve { max-width: 330px; }
.curve .grid { stroke: var(--line); }
.curve path { fill: none; stroke-width: 2; stroke-linejoin: round; }
.curve path.training { stroke: var(--soft); stroke-dasharray: 4 3; }
.curve path.validation { stroke: var(--accent); }
.curve .line-0, .curve .line-1 { stroke: var(--ink); }
.curve .line-2, .curve .line-3 { stroke: var(--soft); }
.curve path.line-1, .curve path.line-3 { stroke-dasharray: 6 4; }
.curve circle[class^="line"] { stroke: none; fill: var(--ink); }
.curve text[class^="line"] { stroke: none; fill: var(--ink); }
.curve circle.training { fill: var(--soft); }
.curve circle.validation, .curve text.validation { fill: var(--accent); }
.scatter { max-width: 400px; }
.scatter rect { fill: rgb(var(--accent-rgb) / calc(.1 + var(--share) * .9)); }
.scatter circle { fill: var(--accent); opacity: .5; }
.scatter .as-it-is { stroke: var(--soft); stroke-dasharray: 4 4; }
.charts h3 { margin-top: 0; }
.errors { width: 100%; }
.errors tr:first-child > * { border-top: 0; font-weight: 600; }
.curve text.end { text-anchor: end; }
.curve text.middle { text-anchor: middle; }

.matrix { border-collapse: separate; border-spacing: 2px; font-size: 14px; }
.matrix tbody th { padding-right: 10px; text-align: right; position: sticky;
  left: 0; background: var(--card); }
.matrix thead th { text-align: center; vertical-align: bottom;
  padding: 0 2px 4px; color: var(--ink); }
.matrix bdi { display: inline-block; max-width: 9em; overflow: hidden;
  text-overflow: ellipsis; white-space: nowrap; vertical-align: bottom; }
.matrix thead .corner { color: var(--soft); text-align: right;
  padding-right: 10px; white-space: nowrap; }
.matrix td { min-width: 84px; height: 58px; padding: 2px; text-align: center;
  line-height: 1.25; border-radius: 4px; }
.matrix td.right { background: rgb(var(--accent-rgb) /
  calc(var(--share) * .5)); }
.matrix td.wrong { background: rgb(var(--wrong-rgb) /
  calc(var(--share) * .7)); }
.matrix td.none { background: rgb(128 128 128 / .06); }
.matrix small { display: block; font-size: 11px; opacity: .8; }
.matrix.some td { min-width: 58px; height: 46px; }
.matrix.many { font-size: 12px; }
.matrix.many td { min-width: 38px; height: 38px; padding: 1px; }
.matrix.many small { font-size: 10px; }
.matrix.turned thead th:not(.corner) { writing-mode: vertical-rl;
  transform: rotate(180deg); text-align: left; vertical-align: top;
  padding: 4px 0 0; }
.matrix.turned thead bdi { max-width: none; max-height: 9em; }

.facts { margin: 0; font-size: 15px; }
.facts div { display: grid; grid-template-columns: 9em 1fr; gap: 0 20px;
  padding: 7px 0; border-top: 1px solid var(--line); }
.facts div:first-child { border-top: 0; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }

@media screen and (max-width: 680px) {
  main { padding: 28px 12px 40px; }
  header { padding: 0 6px; margin-bottom: 24px; }
  h1 { font-size: 27px; }
  section { padding: 20px 16px 22px; border-radius: 10px; }
  .answer { font-size: 17px; }
  .diagram.wide { display: none; } .diagram.small { display: block; }
  .legend span { display: block; margin: 0; }
  .legend span + span { margin: 4px 0 0; }
  .scores, .scores tbody, .scores thead { display: block; }
  .scores tr { display: grid; grid-template-columns: 1fr auto;
    gap: 0 12px; align-items: baseline; margin-bottom: 14px; }
  .scores thead tr { margin-bottom: 2px; }
  .scores thead th:not(.plot) { display: none; }
  .scores th:first-child, .scores td { padding: 0; }
  .scores tbody th { width: auto; min-width: 0; }
  .scores tr.first:not(:first-child) > * { padding-top: 0; }
  .scores .plot, .scores td.plot, .scores th.plot { grid-column: 1 / -1;
    order: 9; width: auto; padding: 0 12px; }
  .scores .range { order: 10; text-align: left; }
  .scores .ceiling { order: 11; }
  .scores td.range, .scores td.ceiling { font-size: 13px; }
  .scores i { display: inline; font-style: normal; }
  .scores .ceiling:empty { display: none; }
  .plain { width: 100%; font-size: 14px; }
  .plain th, .plain td { padding: 6px 0 6px 10px; }
  .facts div { grid-template-columns: 1fr; }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --card: #fff; --ink: #111;
    --soft: #555; --line: #ddd; --accent: #2f56c6; --accent-rgb: 47 86 198;
    --wrong-rgb: 196 84 40; --top: #b06a00; --yes: #1c7a4a;
    --unsure: #8a6300; --no: #b03a3a; }
  body { font-size: 12px; print-color-adjust: exact;
    -webkit-print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  section { border: 0; padding: 0; margin: 0 0 26px; }
  .answer { font-size: 15px; }
  .legend, .notes, .meaning, .facts, figcaption { font-size: 11px; }
  .scores td.range, .scores td.ceiling, thead th { font-size: 11px; }
  .charts { grid-template-columns: 1fr 1fr; }
  .charts.small { grid-template-columns: 1fr 1fr 1fr; }
  .scroll { overflow: visible; }
  tr, figure, svg { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .matrix td { min-width: 0; }
}
"""
