/** Keys of a grid of checkboxes: one stop for Tab, arrows inside, Space ticks. */

/**
 * @typedef {{input: HTMLInputElement, column: number}} Stop one checkbox; `column` lines up rows
 * @typedef {{element: HTMLElement, stops: Stop[]}} Row
 */

/** @type {Row[]} */
let rows = [];
let rowAt = 0;
let stopAt = 0;

/** @param {number} row @param {number} stop */
function go(row, stop) {
  const next = rows[row]?.stops[stop]?.input;
  if (!next) return;
  enter(row, stop);
  next.focus();
}

/** @param {number} row @param {number} stop */
function enter(row, stop) {
  setTab(-1);
  [rowAt, stopAt] = [row, stop];
  setTab(0);
}

/** @param {number} index */
function setTab(index) {
  const input = rows[rowAt]?.stops[stopAt]?.input;
  if (input) input.tabIndex = index;
}

/** @param {Row} row */
function isOpen(row) {
  return !row.element.hidden && !row.element.parentElement?.hidden && row.stops.some(({ input }) => !input.hidden);
}

/**
 * The next row that can be gone to, and in it the place in the same column.
 * @param {number} step
 * @param {number} [times]
 */
function goDown(step, times = 1) {
  const column = rows[rowAt]?.stops[stopAt]?.column;
  let found = null;
  for (let row = rowAt + step, left = times; row >= 0 && row < rows.length && left > 0; row += step) {
    const stop = isOpen(rows[row]) ? rows[row].stops.findIndex((s) => s.column === column && !s.input.hidden) : -1;
    if (stop < 0) continue;
    found = [row, stop];
    left -= 1;
  }
  if (found) go(found[0], found[1]);
}

/** @param {number} step */
function goAside(step) {
  const stops = rows[rowAt]?.stops ?? [];
  let stop = stopAt + step;
  while (stops[stop]?.input.hidden) stop += step;
  go(rowAt, stop);
}

/** @param {number} row @param {number} step where to look from the row's end: 1 its first box */
function goToEdge(row, step) {
  const stops = rows[row]?.stops ?? [];
  let stop = step > 0 ? 0 : stops.length - 1;
  while (stops[stop]?.input.hidden) stop += step;
  go(row, stop);
}

/** To the first box that is shown. */
export function goToStart() {
  goToEdge(rows.findIndex(isOpen), 1);
}

function goToEnd() {
  goToEdge(rows.findLastIndex(isOpen), -1);
}

/** @type {Record<string, (whole: boolean) => void>} */
const MOVES = {
  ArrowRight: () => goAside(1),
  ArrowLeft: () => goAside(-1),
  ArrowDown: () => goDown(1),
  ArrowUp: () => goDown(-1),
  PageDown: () => goDown(1, 10),
  PageUp: () => goDown(-1, 10),
  Home: (whole) => (whole ? goToStart() : goToEdge(rowAt, 1)),
  End: (whole) => (whole ? goToEnd() : goToEdge(rowAt, -1)),
  // Enter would send the form.
  Enter: () => rows[rowAt]?.stops[stopAt]?.input.click(),
};

/**
 * Make the table a grid; where the person clicks, the keys go on from.
 * @param {HTMLTableElement} table
 * @param {Row[]} its rows in order, with the boxes of each
 */
export function startKeys(table, its) {
  rows = its;
  table.setAttribute("role", "grid");
  for (const { stops } of rows) for (const { input } of stops) input.tabIndex = -1;
  const first = Math.max(rows.findIndex(isOpen), 0);
  enter(first, Math.max(rows[first]?.stops.findIndex(({ input }) => !input.hidden) ?? 0, 0));
  table.addEventListener("keydown", (event) => {
    const move = MOVES[event.key];
    if (!move || event.altKey || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    move(event.ctrlKey || event.metaKey);
  });
  table.addEventListener("focusin", (event) => {
    const line = event.target instanceof Element ? event.target.closest("tr") : null;
    const row = rows.findIndex(({ element }) => element === line);
    const stop = rows[row]?.stops.findIndex(({ input }) => input === event.target) ?? -1;
    if (stop >= 0) enter(row, stop);
  });
}
