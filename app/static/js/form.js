/** Forms: searchable selects, colours, the warning about lost changes, saving by Ctrl+S. */
import { all, find } from "./dom.js";
import { enhance } from "./selects.js";

/** @param {HTMLFormElement} form */
function stateOf(form) {
  return new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)])).toString();
}

/** Leaving a changed form asks first. */
function startGuard() {
  const form = find("form[data-guard]", HTMLFormElement);
  if (!form) return;
  const note = find("[data-unsaved]", HTMLElement, form);
  // A form that came back with mistakes holds changes that nobody has saved.
  const refused = find(".is-invalid, .conflicts", HTMLElement) !== null;
  const before = stateOf(form);
  const changed = () => refused || stateOf(form) !== before;
  const show = () => note && (note.hidden = !changed());
  const ask = (/** @type {BeforeUnloadEvent} */ event) => {
    if (changed()) event.preventDefault();
  };
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  addEventListener("beforeunload", ask);
  form.addEventListener("submit", () => removeEventListener("beforeunload", ask));
  find("[data-leave]", HTMLElement, form)?.addEventListener("click", () => removeEventListener("beforeunload", ask));
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    form.requestSubmit(find("[data-save]", HTMLButtonElement, form));
  });
  show();
}

/** A colour is text that may be empty; the picker beside it writes into it. */
function startColors() {
  for (const picker of all("[data-color-for]")) {
    const text = find(`#${CSS.escape(picker.dataset.colorFor ?? "")}`, HTMLInputElement);
    if (!text || !(picker instanceof HTMLInputElement)) continue;
    const copy = () => /^#[0-9a-f]{6}$/i.test(text.value) && (picker.value = text.value);
    copy();
    text.addEventListener("input", copy);
    picker.addEventListener("input", () => {
      text.value = picker.value;
      text.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

/** Broken JSON is told before the form is sent. */
function startJson() {
  for (const editor of all('textarea[data-kind="json"]')) {
    if (!(editor instanceof HTMLTextAreaElement)) continue;
    const check = () => {
      try {
        if (editor.value.trim()) JSON.parse(editor.value);
        editor.setCustomValidity("");
      } catch (error) {
        editor.setCustomValidity(error instanceof Error ? error.message : "JSON");
      }
    };
    editor.addEventListener("change", check);
    editor.addEventListener("input", () => editor.setCustomValidity(""));
  }
}

/** Start where the work is: the first mistake, else the first empty field of a new record. */
function startFocus() {
  const wrong = find(".is-invalid", HTMLElement);
  const first = find("form[data-guard] .field :is(input, select, textarea):not([type=hidden], [readonly])", HTMLElement);
  // On a phone the keyboard would cover the form.
  const byKeyboard = matchMedia("(pointer: fine)").matches && document.activeElement === document.body;
  const target = wrong ?? (byKeyboard ? first : null);
  if (target && "tomselect" in target) return;
  target?.focus({ preventScroll: !wrong });
}

enhance(document);
startColors();
startJson();
startFocus();
startGuard();
