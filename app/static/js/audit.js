/** The filters of the audit log: what one says decides what another offers. */
import { find } from "./dom.js";
import { enhance } from "./selects.js";

const form = find("[data-audit-search]", HTMLFormElement);
const period = form && find('select[name="period"]', HTMLSelectElement, form);

/** Typed days are meant: they make the time a custom one; another time takes them away. */
function startDays() {
  if (!form || !period) return;
  const days = ["from", "until"].map((name) => find(`input[name="${name}"]`, HTMLInputElement, form));
  for (const day of days) day?.addEventListener("change", () => (period.value = "custom"));
  period.addEventListener("change", () => {
    if (period.value !== "custom") for (const day of days) if (day) day.value = "";
  });
}

/** The fields offered are those of the table: another table is asked for at once. */
function startTable() {
  const field = form && find('select[name="field"]', HTMLSelectElement, form);
  const table = form && find('select[name="table"]', HTMLSelectElement, form);
  if (!form || !field || !table) return;
  field.disabled = !table.value;
  table.addEventListener("change", () => {
    field.disabled = true;
    form.requestSubmit();
  });
}

/** An address holds what was chosen, not what was left empty. */
function startSending() {
  form?.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
    if (event.formData.get("period") !== "custom") {
      event.formData.delete("from");
      event.formData.delete("until");
    }
  });
}

startDays();
startTable();
startSending();
if (form) enhance(form);
