/** The permission matrix as a grid: keys, search, whole columns, what is changed so far. */
import { all, find, fold } from "./dom.js";
import { goToStart, startKeys } from "./matrix_keys.js";

/** @typedef {import("./matrix_keys.js").Row} Row */

const form = find("form[data-matrix]", HTMLFormElement);
const table = form && find("table.matrix", HTMLTableElement, form);

/** @type {Map<string, Uint8Array>} bits of the rights that each role had when the page was made */
const seen = new Map();
/** @type {Row[]} */
const rows = [];
/** @type {Map<string, {whole: HTMLInputElement, boxes: HTMLInputElement[]}>} boxes below a toggle */
const columns = new Map();
const mayChange = find("[data-review]", HTMLElement) !== null;
let leaving = false;

/** @param {HTMLInputElement} input */
function isChanged(input) {
  const right = Number(input.value);
  const had = ((seen.get(input.name)?.[right >> 3] ?? 0) >> (right & 7)) & 1;
  return (had === 1) !== input.checked;
}

/**
 * The bytes of a hexadecimal number, lowest first.
 * @param {string} mask
 */
function bytesOf(mask) {
  const text = mask.length % 2 ? `0${mask}` : mask;
  return Uint8Array.from({ length: text.length / 2 }, (_, index) => Number.parseInt(text.slice(text.length - 2 * index - 2, text.length - 2 * index), 16));
}

/** @param {HTMLInputElement} input */
function mark(input) {
  input.classList.toggle("changed", isChanged(input));
}

/** Read the table once: rows of checkboxes for the keys, columns of each domain for its toggles. */
function readTable() {
  if (!form || !table) return;
  for (const hidden of all('input[name^="seen-"]', form)) {
    if (hidden instanceof HTMLInputElement) seen.set(hidden.name.replace("seen-", "r"), bytesOf(hidden.value));
  }
  const heads = headsOf(table);
  [...table.tBodies].forEach((body, group) => {
    for (const element of [...body.rows]) {
      /** @type {Row} */
      const row = { element, stops: [] };
      const [head, ...cells] = element.cells;
      const domain = element.classList.contains("domain-row") ? (head.textContent ?? "").trim() : "";
      cells.forEach((cell, place) => {
        if (domain && heads[place]) addWhole(cell, `${group}-${place}`, `${domain} ${heads[place]}`);
        for (let child = cell.firstElementChild; child; child = child.nextElementSibling) {
          const input = child instanceof HTMLInputElement ? child : child.firstElementChild;
          if (!(input instanceof HTMLInputElement)) continue;
          row.stops.push({ input, column: place });
          if (domain) continue;
          columns.get(`${group}-${place}`)?.boxes.push(input);
          if (isChanged(input)) mark(input);
        }
      });
      rows.push(row);
    }
  });
  for (const name of columns.keys()) drawWhole(name);
}

/**
 * What each column is called, “Read” or “Read Cashier”; the special ones have no name.
 * @param {HTMLTableElement} grid
 * @returns {string[]}
 */
function headsOf(grid) {
  const [actions, roles] = grid.tHead?.rows ?? [];
  const named = [...(actions?.cells ?? [])].slice(1);
  const names = named.flatMap((cell) => Array(cell.colSpan).fill(cell.classList.contains("special") ? "" : cell.textContent?.trim()));
  return roles ? names.map((name, place) => name && `${name} ${roles.cells[place].textContent?.trim()}`) : names;
}

/**
 * A toggle for a column of a domain, in the row of the domain's name.
 * @param {HTMLTableCellElement} cell
 * @param {string} name
 * @param {string} label
 */
function addWhole(cell, name, label) {
  const whole = document.createElement("input");
  whole.type = "checkbox";
  whole.disabled = !mayChange;
  whole.setAttribute("aria-label", `${label} ${form?.dataset.whole}`);
  whole.dataset.column = name;
  cell.append(whole);
  columns.set(name, { whole, boxes: [] });
}

/** @param {string} name */
function drawWhole(name) {
  const column = columns.get(name);
  if (!column) return;
  const ticked = column.boxes.filter((box) => box.checked).length;
  column.whole.hidden = column.boxes.length === 0;
  column.whole.checked = ticked > 0 && ticked === column.boxes.length;
  column.whole.indeterminate = ticked > 0 && ticked < column.boxes.length;
}

/** @param {HTMLInputElement} input */
function nameOfColumn(input) {
  const cell = input.closest("td");
  const body = input.closest("tbody");
  return cell && body && table ? `${[...table.tBodies].indexOf(body)}-${cell.cellIndex - 1}` : "";
}

/** How much is changed, in the bar below. */
function count() {
  const changed = table ? all("input.changed", table) : [];
  const given = changed.filter((input) => input instanceof HTMLInputElement && input.checked).length;
  const note = find("[data-changes]", HTMLElement);
  const button = find("[data-review]", HTMLButtonElement);
  const text = changed.length ? `+${given} ${form?.dataset.given ?? ""}, −${changed.length - given} ${form?.dataset.taken ?? ""}` : "";
  if (note && note.textContent !== text) note.textContent = text;
  if (button) button.disabled = changed.length === 0;
  return changed.length;
}

function startToggles() {
  table?.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement)) return;
    const name = input.dataset.column;
    if (name) {
      for (const box of columns.get(name)?.boxes ?? []) {
        if (box.closest("tr")?.hidden) continue;
        box.checked = input.checked;
        mark(box);
      }
      drawWhole(name);
    } else {
      mark(input);
      drawWhole(nameOfColumn(input));
    }
    count();
  });
}

/* What is shown: the search, and only what differs. */

/** @param {Row} row */
function differs(row) {
  /** @type {Map<string, Set<boolean>>} */
  const states = new Map();
  for (const { input } of row.stops) states.set(input.value, (states.get(input.value) ?? new Set()).add(input.checked));
  return [...states.values()].some((state) => state.size > 1);
}

function narrow() {
  const box = find("[data-find]", HTMLInputElement);
  const only = find("[data-differences]", HTMLInputElement)?.checked ?? false;
  const words = fold(box?.value ?? "").split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const body of table?.tBodies ?? []) {
    const title = fold(body.rows[0].cells[0].textContent ?? "");
    let left = 0;
    for (const row of rows) {
      if (row.element.parentElement !== body || !("row" in row.element.dataset)) continue;
      const text = `${title} ${fold(row.element.querySelector("th")?.textContent ?? "")} ${row.element.dataset.name ?? ""}`;
      row.element.hidden = !words.every((word) => text.includes(word)) || (only && !differs(row));
      if (!row.element.hidden) left += 1;
    }
    body.hidden = left === 0;
    shown += left;
  }
  const none = find(".matrix-none", HTMLElement);
  if (none) none.hidden = shown > 0;
}

function startNarrowing() {
  const place = find("[data-find-box]", HTMLElement);
  const box = find("[data-find]", HTMLInputElement);
  const only = find("[data-differences]", HTMLInputElement);
  if (place) place.hidden = false;
  box?.addEventListener("input", narrow);
  // The page's own shortcut leaves alone who is in an input, and here all are.
  table?.addEventListener("keydown", (event) => {
    if (event.key !== "/" || !box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
  box?.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
    if (event.key === "ArrowDown" || event.key === "Enter") goToStart();
  });
  only?.addEventListener("change", narrow);
  if (only?.checked) narrow();
}

/** Choosing roles without a change is an address that can be kept; with one, the page carries it. */
function startChoosing() {
  const picks = all("input[name=role]", form ?? document).filter((pick) => pick instanceof HTMLInputElement);
  const everything = find("[data-pick-all]", HTMLButtonElement);
  if (everything) {
    everything.hidden = false;
    everything.addEventListener("click", () => picks.forEach((pick) => (pick.checked = true)));
  }
  find("[data-show]", HTMLButtonElement)?.addEventListener("click", (event) => {
    if (count() > 0) return;
    event.preventDefault();
    const address = new URL(location.pathname.replace(/draft$/, ""), location.href);
    for (const pick of picks) if (pick.checked) address.searchParams.append("role", pick.value);
    location.assign(address);
  });
}

function startLeaving() {
  addEventListener("beforeunload", (event) => {
    if (!leaving && count() > 0) event.preventDefault();
  });
  form?.addEventListener("submit", () => (leaving = true));
  find("[data-leave]", HTMLElement)?.addEventListener("click", () => (leaving = true));
  addEventListener("pageshow", () => (leaving = false));
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    find("[data-review]", HTMLButtonElement)?.click();
  });
}

if (form && table) {
  readTable();
  startToggles();
  startKeys(table, rows);
  startNarrowing();
  startChoosing();
  startLeaving();
  count();
}
