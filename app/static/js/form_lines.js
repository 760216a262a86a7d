/** Rows of another table in a form: adding, removing, moving them, and what they come to. */
import { all, find, locale } from "./dom.js";
import { startInputs } from "./form_inputs.js";
import { enhance } from "./selects.js";

/** Sortable's global, which its script makes before modules run. */
const Sortable = /** @type {any} */ (globalThis).Sortable;

/** @param {HTMLFormElement} form */
export function startLines(form) {
  for (const section of all("[data-lines]", form)) lines(section);
}

/** @param {HTMLElement} section */
function lines(section) {
  const body = find("[data-line-rows]", HTMLElement, section);
  if (!body) return;
  const changed = () => {
    showEnds(section, body);
    showAmounts(section, body);
    section.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const add = find("[data-line-add]", HTMLElement, section);
  if (add) add.hidden = false;
  add?.addEventListener("click", () => addRow(section, body, changed));
  section.addEventListener("input", () => showAmounts(section, body));
  section.addEventListener("change", () => showAmounts(section, body));
  body.addEventListener("click", (event) => pressed(event, section, body, changed));
  body.addEventListener("keydown", (event) => {
    // Enter in a row goes to the next one rather than sending an unfinished form.
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement) || event.target.type === "checkbox") return;
    event.preventDefault();
    const row = event.target.closest("tr");
    if (row && row === body.lastElementChild && add) add.click();
    else find("input:not([type=hidden]), select", HTMLElement, row?.nextElementSibling ?? body)?.focus();
  });
  if ("movable" in section.dataset) startMoving(body, changed);
  for (const row of all("[data-line]", body)) showButtons(row);
  showEnds(section, body);
  showAmounts(section, body);
}

/**
 * @param {HTMLElement} section
 * @param {HTMLElement} body
 * @param {() => void} changed
 */
function addRow(section, body, changed) {
  const pattern = find("template[data-line-blank]", HTMLTemplateElement, section);
  if (!pattern) return;
  const holder = document.createElement("tbody");
  const number = `n${Date.now().toString(36).slice(-6)}${body.children.length}`;
  holder.innerHTML = pattern.innerHTML.replaceAll("__new__", number);
  const row = holder.firstElementChild;
  if (!(row instanceof HTMLElement)) return;
  body.append(row);
  showButtons(row);
  enhance(row);
  startInputs(row);
  changed();
  find("select.tomselected + .ts-wrapper input, input:not([type=hidden]), select", HTMLElement, row)?.focus();
}

/**
 * @param {MouseEvent} event
 * @param {HTMLElement} section
 * @param {HTMLElement} body
 * @param {() => void} changed
 */
function pressed(event, section, body, changed) {
  if (!(event.target instanceof Element)) return;
  const row = event.target.closest("[data-line]");
  if (!(row instanceof HTMLElement)) return;
  const remove = event.target.closest("[data-line-remove]");
  if (remove instanceof HTMLInputElement) {
    const saved = find('input[name$="-pk"]', HTMLInputElement, row)?.value;
    if (!saved) {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      (find("[data-line-remove]", HTMLElement, next ?? section) ?? find("[data-line-add]", HTMLElement, section))?.focus();
    }
    changed();
    return;
  }
  const up = event.target.closest("[data-line-up]");
  const down = event.target.closest("[data-line-down]");
  if (up && row.previousElementSibling) row.previousElementSibling.before(row);
  else if (down && row.nextElementSibling) row.nextElementSibling.after(row);
  else return;
  changed();
  const button = up ?? down;
  if (button instanceof HTMLButtonElement) (button.disabled ? find("[data-line-up]:enabled, [data-line-down]:enabled", HTMLElement, row) : button)?.focus();
  const said = find("[data-line-said]", HTMLElement, section);
  const place = [...body.children].indexOf(row) + 1;
  if (said) {
    said.textContent = (said.dataset.moved ?? "").replace("{place}", String(place)).replace("{count}", String(body.children.length));
  }
}

/**
 * @param {HTMLElement} body
 * @param {() => void} changed
 */
function startMoving(body, changed) {
  if (Sortable) Sortable.create(body, { handle: "[data-line-grip]", animation: 120, onEnd: changed });
}

/** @param {HTMLElement} row */
function showButtons(row) {
  for (const button of all("[data-line-up], [data-line-down]", row)) button.hidden = false;
  for (const grip of all("[data-line-grip]", row)) grip.hidden = !Sortable;
}

/**
 * @param {HTMLElement} section
 * @param {HTMLElement} body
 */
function showEnds(section, body) {
  for (const row of all("[data-line]", body)) {
    const up = find("[data-line-up]", HTMLButtonElement, row);
    const down = find("[data-line-down]", HTMLButtonElement, row);
    if (up) up.disabled = row === body.firstElementChild;
    if (down) down.disabled = row === body.lastElementChild;
  }
  const none = find("[data-line-none]", HTMLElement, section);
  if (none) none.hidden = body.children.length > 0;
}

/**
 * What the rows come to as they stand; the database computes what is saved.
 * @param {HTMLElement} section
 * @param {HTMLElement} body
 */
function showAmounts(section, body) {
  if (!("amount" in section.dataset)) return;
  const columns = section.dataset;
  const total = find("[data-line-total]", HTMLElement, section);
  const format = new Intl.NumberFormat(locale(), { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  let sum = 0;
  for (const row of all("[data-line]", body)) {
    const value = (/** @type {string | undefined} */ name) => (name ? Number(find(`[data-column="${name}"] input`, HTMLInputElement, row)?.value ?? 0) : 0);
    const gross = value(columns.quantity) * value(columns.price) * (1 - value(columns.percent) / 100);
    const amount = toCents(gross) - value(columns.less);
    const place = find("[data-line-amount]", HTMLElement, row);
    if (place) place.textContent = Number.isFinite(amount) ? format.format(amount) : "–";
    const gone = find("[data-line-remove]", HTMLInputElement, row)?.checked;
    if (!gone && Number.isFinite(amount)) sum += amount;
  }
  if (total) total.textContent = `${total.dataset.currency ?? ""} ${format.format(toCents(sum))}`.trim();
}

/**
 * Half a cent away from zero, as the database rounds.
 * @param {number} amount
 */
function toCents(amount) {
  return (Math.sign(amount) * Math.round(Math.abs(amount) * 100 + 1e-6)) / 100;
}
