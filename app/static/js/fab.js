/** Lists of Flask-AppBuilder's own views: actions on ticked rows and filters. */
import { all, find } from "./dom.js";
import { confirm } from "./messages.js";

function startActions() {
  const form = find("#action_form", HTMLFormElement);
  if (!form) return;
  const ticks = () => all('input[name="rowid"]').filter((tick) => tick instanceof HTMLInputElement);
  const everything = find("[data-check-all]", HTMLInputElement);
  everything?.addEventListener("change", () => {
    for (const tick of ticks()) tick.checked = everything.checked;
  });
  for (const button of all("[data-fab-action]")) {
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      if (!ticks().some((tick) => tick.checked)) return;
      const question = button.dataset.question;
      if (question && !(await confirm(question, button.textContent?.trim()))) return;
      const action = find("#action", HTMLInputElement, form);
      if (action) action.value = button.dataset.fabAction ?? "";
      form.submit();
    });
  }
}

function startFilters() {
  const form = find("#filter_form", HTMLFormElement);
  const rows = form && find("[data-filter-rows]", HTMLElement, form);
  const adder = form && find("[data-filter-add]", HTMLSelectElement, form);
  if (!form || !rows || !adder) return;

  /** @param {string} column @param {string} [condition] @param {string} [value] */
  const add = (column, condition, value) => {
    const template = find(`template[data-filter="${CSS.escape(column)}"]`, HTMLTemplateElement, form);
    const row = template?.content.firstElementChild?.cloneNode(true);
    if (!(row instanceof HTMLElement)) return;
    const operator = find("[data-operator]", HTMLSelectElement, row);
    const input = row.querySelector("[data-value] input, [data-value] select, [data-value] textarea");
    if (!operator || !(input instanceof HTMLInputElement || input instanceof HTMLSelectElement || input instanceof HTMLTextAreaElement)) return;
    const chosen = [...operator.options].find((option) => option.text === condition);
    if (chosen) operator.value = chosen.value;
    if (value !== undefined) input.value = value;
    input.removeAttribute("id");
    const rename = () => (input.name = `_flt_${operator.value}_${column}`);
    operator.addEventListener("change", rename);
    rename();
    row.querySelector("[data-remove]")?.addEventListener("click", () => row.remove());
    rows.append(row);
  };
  adder.addEventListener("change", () => {
    if (adder.value) add(adder.value);
    adder.value = "";
  });
  /** @type {[string, string, string | string[]][]} */
  const active = JSON.parse(form.dataset.fabFilters || "[]");
  for (const [column, condition, values] of active) {
    for (const value of [values].flat()) add(column, condition, value);
  }
}

startActions();
startFilters();
