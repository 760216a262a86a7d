/**
 * Changing a cell of a list in its place: double click, or Enter or F2 where the focus is. One cell
 * of the table is a tab stop; the arrows go on from there.
 */
import { all, find, isTyping } from "./dom.js";
import { notifyFailure } from "./messages.js";
import { enhance } from "./selects.js";

/** A second click within this time makes a double click of the first; then the row isn't opened. */
const DOUBLE = 250;
const CONFLICT = 409;
const REFUSED = 422;

/** @type {{cell: HTMLElement, form: HTMLFormElement} | null} */
let open = null;

/** @param {HTMLTableElement} table */
function start(table) {
  const cells = () => all("[data-editable]", table);
  cells().forEach((cell, index) => (cell.tabIndex = index ? -1 : 0));

  let waiting = 0;
  table.addEventListener("click", (event) => {
    const cell = cellAt(event.target);
    if (!cell || !event.isTrusted || event.ctrlKey || event.metaKey) return;
    if (event.target instanceof Element && event.target.closest("a, button, input, label")) return;
    event.stopPropagation();
    clearTimeout(waiting);
    if (event.detail === 1) waiting = setTimeout(() => cell.dispatchEvent(new MouseEvent("click", { bubbles: true })), DOUBLE);
  });
  table.addEventListener("dblclick", (event) => {
    const cell = cellAt(event.target);
    if (!cell) return;
    clearTimeout(waiting);
    getSelection()?.removeAllRanges();
    edit(cell);
  });
  table.addEventListener("focusin", (event) => {
    const cell = event.target instanceof HTMLElement && "editable" in event.target.dataset ? event.target : null;
    if (!cell) return;
    for (const other of cells()) other.tabIndex = other === cell ? 0 : -1;
  });
  table.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!(cell instanceof HTMLElement) || !("editable" in cell.dataset) || isTyping(cell)) return;
    if (event.key === "Enter" || event.key === "F2") edit(cell);
    else if (!move(cell, event.key)) return;
    event.preventDefault();
  });
}

/** @param {EventTarget | null} target */
function cellAt(target) {
  const cell = target instanceof Element && !target.closest("[data-inline-form]") ? target.closest("[data-editable]") : null;
  return cell instanceof HTMLElement ? cell : null;
}

/**
 * @param {HTMLElement} cell
 * @param {string} key
 * @returns {boolean} whether it was an arrow
 */
function move(cell, key) {
  const row = cell.closest("[data-row]");
  if (!row) return false;
  const rows = all("[data-row]");
  const step = { ArrowUp: -1, ArrowDown: 1 }[key];
  const side = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (step) {
    const other = rows[rows.indexOf(/** @type {HTMLElement} */ (row)) + step];
    if (other) find(`[data-editable][data-column="${CSS.escape(cell.dataset.column ?? "")}"]`, HTMLElement, other)?.focus();
  } else if (side) {
    const beside = all("[data-editable]", row);
    beside[beside.indexOf(cell) + side]?.focus();
  }
  return Boolean(step ?? side);
}

/** @param {HTMLElement} cell */
async function edit(cell) {
  const row = cell.closest("[data-row]");
  if (!(row instanceof HTMLElement) || open?.cell === cell) return;
  close();
  try {
    const answer = await fetch(`${row.dataset.inline}${cell.dataset.column}`, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(String(answer.status));
    put(cell, await answer.text());
  } catch {
    notifyFailure();
  }
}

/**
 * Show the form over the cell.
 * @param {HTMLElement} cell
 * @param {string} html
 */
function put(cell, html) {
  close();
  const place = document.createElement("template");
  place.innerHTML = html;
  const form = find("[data-inline-form]", HTMLFormElement, place.content);
  if (!form) return notifyFailure();
  open = { cell, form };
  document.body.append(form);
  lay(form, cell);
  enhance(form);
  const control = find("input:not([type=hidden]), select, textarea", HTMLElement, form);
  // A searchable select takes the focus by its own input.
  const box = find(".ts-control input", HTMLInputElement, form) ?? control;
  box?.focus();
  if (box instanceof HTMLInputElement && box.type !== "checkbox") box.select();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close(true);
    else if (event.key === "Enter" && event.target instanceof HTMLTextAreaElement && !event.ctrlKey) return;
    else if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement) && !isListOpen(form)) save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  find("[data-inline-cancel]", HTMLElement, form)?.addEventListener("click", () => close(true));
}

/** @param {HTMLFormElement} form */
function isListOpen(form) {
  return form.querySelector(".ts-wrapper.dropdown-active") !== null;
}

/**
 * At the cell, within the window.
 * @param {HTMLFormElement} form
 * @param {HTMLElement} cell
 */
function lay(form, cell) {
  const at = cell.getBoundingClientRect();
  const width = Math.min(Math.max(at.width, 260), innerWidth - 16);
  form.style.width = `${width}px`;
  form.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  form.style.top = `${Math.max(8, Math.min(at.top, innerHeight - form.offsetHeight - 8))}px`;
}

/** @param {boolean} [back] whether the cell gets the focus again */
function close(back = false) {
  if (!open) return;
  const { cell, form } = open;
  open = null;
  form.remove();
  if (back) cell.focus();
}

async function save() {
  if (!open || open.form.dataset.saving) return;
  const { cell, form } = open;
  const row = cell.closest("[data-row]");
  const body = new FormData(form);
  const name = find("[data-field]", HTMLElement, form)?.dataset.field ?? "";
  body.append(`${name}-here`, "1");
  for (const other of all("[data-column]", row ?? cell)) body.append("columns", other.dataset.column ?? "");
  form.dataset.saving = "";
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
    const text = await answer.text();
    if (answer.status === REFUSED || answer.status === CONFLICT) return put(cell, text);
    if (!answer.ok || !row) throw new Error(String(answer.status));
    redraw(row, text);
    close(true);
  } catch {
    delete form.dataset.saving;
    notifyFailure();
  }
}

/**
 * @param {Element} row
 * @param {string} html
 */
function redraw(row, html) {
  const place = document.createElement("template");
  place.innerHTML = html;
  for (const fresh of all("[data-column]", place.content)) {
    const cell = find(`td[data-column="${CSS.escape(fresh.dataset.column ?? "")}"]`, HTMLElement, row);
    if (!cell) continue;
    const link = find("a.row-link", HTMLAnchorElement, cell);
    if (link && !fresh.querySelector("a")) link.replaceChildren(...fresh.childNodes);
    else {
      const box = find("[data-pick]", HTMLInputElement, cell);
      cell.replaceChildren(...(box ? [box] : []), ...fresh.childNodes);
    }
  }
}

const table = find("[data-records]", HTMLTableElement);
if (table?.querySelector("[data-editable]")) start(table);
document.addEventListener("pointerdown", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (open && !target?.closest("[data-inline-form], .ts-dropdown, dialog")) close();
});
