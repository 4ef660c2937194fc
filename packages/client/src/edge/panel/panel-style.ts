// How the panel looks: dark, compact, the same over any page.
//
// Invariant: nothing here reaches the page, and nothing of the page reaches in: it is the style of a shadow root that begins with `all: initial`.
// Units: CSS pixels.

/** One for each series of a graph, told apart also by those who see no red or no green. */
export const seriesColours: readonly string[] = [
  '#5cc8ff',
  '#ffb454',
  '#b18cff',
  '#5fe0a8',
  '#ff7a90',
  '#e6e06a',
  '#8fa3ff',
  '#ff9ad5',
  '#9aa7b4',
  '#6a7785',
];

export const panelStyle = `
:host { all: initial; }
* { box-sizing: border-box; }
.panel {
  --line: #2b3644; --soft: #9fb0c2; --text: #e8eef5; --back: #121922; --raised: #1b2531; --accent: #5cc8ff;
  position: fixed; z-index: 2147483000; top: 8px; right: 8px; bottom: 8px; width: min(430px, calc(100vw - 16px));
  display: flex; flex-direction: column; overflow: hidden;
  color: var(--text); background: rgb(18 25 34 / 0.95); border: 1px solid var(--line); border-radius: 10px;
  box-shadow: 0 12px 40px rgb(0 0 0 / 0.5); font: 12px/1.4 system-ui, sans-serif; font-variant-numeric: tabular-nums; color-scheme: dark;
}
.grip { position: absolute; left: 0; top: 0; bottom: 0; width: 8px; cursor: ew-resize; touch-action: none; z-index: 2; }
.grip::after { content: ''; position: absolute; left: 2px; top: 50%; width: 3px; height: 36px; margin-top: -18px; border-radius: 2px; background: var(--line); }
.grip:hover::after, .grip:focus-visible::after { background: var(--accent); }
header { display: flex; align-items: center; gap: 6px; padding: 8px 8px 6px 14px; }
h2 { margin: 0 auto 0 0; font-size: 13px; font-weight: 650; }
button, select, input, summary { font: inherit; color: inherit; }
button, select, input[type="number"] { background: var(--raised); border: 1px solid var(--line); border-radius: 6px; padding: 3px 8px; min-height: 26px; }
button { cursor: pointer; }
button:hover, select:hover { border-color: #4a5a6d; }
button[aria-pressed="true"] { background: #5a2330; border-color: #ff7a90; }
.close { width: 28px; padding: 0; font-size: 15px; line-height: 1; }
.panel:focus { outline: none; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.verdict { margin: 0 8px 8px 14px; padding: 7px 10px; border-radius: 8px; background: var(--raised); border-left: 3px solid #5fe0a8; list-style: none; }
.verdict.fair { border-left-color: #ffb454; }
.verdict.bad { border-left-color: #ff7a90; }
.verdict li + li { margin-top: 3px; color: var(--soft); }
.quick { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; margin: 0 8px 8px 14px; }
.quick label { color: var(--soft); }
.tabs { display: flex; gap: 2px; padding: 0 8px 0 14px; border-bottom: 1px solid var(--line); }
.tabs button { background: none; border: 0; border-bottom: 2px solid transparent; border-radius: 0; color: var(--soft); padding: 5px 8px; }
.tabs button[aria-selected="true"] { color: var(--text); border-bottom-color: var(--accent); }
.body { flex: 1; min-height: 0; overflow: auto; padding: 8px 8px 12px 14px; overscroll-behavior: contain; scrollbar-width: thin; }
.body[hidden], .graph[hidden] { display: none; }
.graphs { display: grid; grid-template-columns: repeat(auto-fill, minmax(170px, 1fr)); gap: 8px; align-content: start; }
.graph { background: var(--raised); border-radius: 8px; padding: 5px 6px 4px; min-width: 0; overflow: hidden; }
.plot { position: relative; }
.top { position: absolute; left: 0; top: 0; z-index: 1; color: #7d8da0; font-size: 10px; line-height: 1; pointer-events: none; }
.graph.wide { grid-column: 1 / -1; }
.graph h3 { display: flex; justify-content: space-between; gap: 8px; margin: 0; font-size: 11px; font-weight: 500; color: var(--soft); white-space: nowrap; }
.graph h3 b { color: var(--text); font-weight: 650; overflow: hidden; text-overflow: ellipsis; }
.legend { display: flex; flex-wrap: wrap; gap: 0 10px; margin: 2px 0 0; color: var(--soft); font-size: 11px; }
.legend i { display: inline-block; width: 8px; height: 8px; border-radius: 2px; margin-right: 4px; }
.legend b { color: var(--text); font-weight: 600; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: 2px 8px 2px 0; font-weight: 400; }
th { color: var(--soft); white-space: pre; }
td { overflow-wrap: anywhere; }
thead th { border-bottom: 1px solid var(--line); }
.form input[type="number"] { width: 100%; max-width: 84px; }
.form td, .form th { vertical-align: middle; }
.form small { color: var(--soft); }
.note { color: var(--soft); margin: 8px 0 0; }
.row { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; margin: 0 0 8px; }
label { display: inline-flex; align-items: center; gap: 6px; }
details { border-top: 1px solid var(--line); }
details details { border: 0; margin-left: 12px; }
summary { cursor: pointer; padding: 3px 0; }
summary span { color: var(--soft); }
.tree table { margin: 0 0 6px 14px; width: calc(100% - 14px); table-layout: fixed; }
.tree th { width: 24%; overflow: hidden; text-overflow: ellipsis; }
.tree td { font-family: ui-monospace, monospace; font-size: 11px; }
.tree td.fresh { color: #ffb454; }
@media (max-width: 600px) {
  .panel { left: 0; right: 0; top: auto; bottom: 0; width: auto !important; height: 58vh; border-radius: 12px 12px 0 0; border-width: 1px 0 0; }
  .grip { right: 0; bottom: auto; width: auto; height: 18px; cursor: ns-resize; }
  .grip::after { left: 50%; top: 5px; width: 40px; height: 4px; margin: 0 0 0 -20px; }
  header { padding-top: 22px; }
  button, select, input[type="number"] { min-height: 34px; }
  .close { width: 36px; }
  .graphs { grid-template-columns: repeat(2, 1fr); }
}
/* What uPlot needs of its own style sheet. */
.uplot { position: relative; width: 100%; }
.u-wrap { position: relative; user-select: none; }
.u-over, .u-under, .u-axis { position: absolute; }
.u-under { overflow: hidden; }
.uplot canvas { display: block; position: relative; width: 100%; height: 100%; }
`;
