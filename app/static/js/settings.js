/** The settings page: putting a default back into its field; the open group is in view. */
import { all, find } from "./dom.js";

/**
 * What is in a field, as the server would get it.
 * @param {Element} control
 */
function textOf(control) {
  if (control instanceof HTMLInputElement && control.type === "checkbox") return String(control.checked);
  return /** @type {HTMLInputElement} */ (control).value.trim();
}

/**
 * Put a text into a field as if somebody had typed it.
 * @param {Element} control
 * @param {string} text
 */
function fill(control, text) {
  const select = /** @type {any} */ (control).tomselect;
  if (select && control instanceof HTMLTextAreaElement) {
    for (const line of text.split("\n")) select.addOption({ value: line, text: line });
    select.setValue(text.split("\n"));
  } else if (select) select.setValue(text);
  else if (control instanceof HTMLInputElement && control.type === "checkbox") control.checked = text === "true";
  else /** @type {HTMLInputElement} */ (control).value = text;
  for (const kind of ["input", "change"]) control.dispatchEvent(new Event(kind, { bubbles: true }));
}

function startResets() {
  for (const setting of all("[data-setting]")) {
    const reset = find("[data-reset]", HTMLButtonElement, setting);
    const control = setting.querySelector(":is(input, select, textarea)[name]:not([type=hidden])");
    if (!reset || !control) continue;
    const standard = setting.dataset.default ?? "";
    const show = () => (reset.hidden = textOf(control) === standard);
    reset.addEventListener("click", () => {
      fill(control, standard);
      show();
      if (control instanceof HTMLElement && !("tomselect" in control)) control.focus();
    });
    setting.addEventListener("input", show);
    setting.addEventListener("change", show);
  }
}

/** On a narrow screen the groups scroll sideways. */
function showGroup() {
  const list = find(".settings-groups", HTMLElement);
  const current = find(".settings-groups [aria-current]", HTMLElement);
  if (list && current) list.scrollLeft = current.offsetLeft - list.offsetLeft - 16;
}

startResets();
showGroup();
