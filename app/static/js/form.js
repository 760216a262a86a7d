/** Forms: searchable selects, colours, JSON, rows, drafts, the warning about lost changes, Ctrl+S. */
import { all, find } from "./dom.js";
import { startConflicts } from "./form_conflicts.js";
import { startCreating } from "./form_create.js";
import { startDrafts } from "./form_drafts.js";
import { startInputs } from "./form_inputs.js";
import { startLines } from "./form_lines.js";
import { enhance } from "./selects.js";

/** @param {HTMLFormElement} form */
function stateOf(form) {
  return new URLSearchParams(
    [...new FormData(form)].map(([name, value]) => [name, value instanceof File ? value.name : value]),
  ).toString();
}

/**
 * Leaving a changed form asks first.
 * @param {HTMLFormElement} form
 */
function startGuard(form) {
  const note = find("[data-unsaved]", HTMLElement, form);
  // A form that came back with mistakes, or from a draft, holds changes that nobody has saved.
  const unsaved = find(".is-invalid, .is-wrong, .conflict-card", HTMLElement) !== null || /[?&]draft=/.test(location.search);
  const before = stateOf(form);
  const changed = () => unsaved || stateOf(form) !== before;
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
    if (!find("dialog[open]", HTMLDialogElement)) form.requestSubmit(find("[data-save]", HTMLButtonElement, form));
  });
  show();
  startDrafts(form, changed);
}

/** Start where the work is: the first mistake, else the first empty field of a new record. */
function startFocus() {
  const wrong = find(".is-invalid", HTMLElement);
  const first = find("form[data-guard] .field :is(input, select, textarea):not([type=hidden], [readonly])", HTMLElement);
  // On a phone the keyboard would cover the form.
  const byKeyboard = matchMedia("(pointer: fine)").matches && document.activeElement === document.body;
  const target = wrong ?? (byKeyboard && !location.hash ? first : null);
  if (target && "tomselect" in target) return;
  target?.focus({ preventScroll: !wrong });
}

/** The part that is on the screen is marked among the links to the parts. */
function startContents() {
  const links = all(".form-contents a");
  if (!links.length) return;
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const link = links.find((one) => one.getAttribute("href") === `#${entry.target.id}`);
        if (entry.isIntersecting) for (const one of links) one.toggleAttribute("aria-current", one === link);
      }
    },
    { rootMargin: "-15% 0px -70% 0px" },
  );
  for (const link of links) {
    const part = document.getElementById((link.getAttribute("href") ?? "#").slice(1));
    if (part) watcher.observe(part);
  }
}

enhance(document);
startInputs(document);
for (const form of all("form[data-guard]")) {
  if (!(form instanceof HTMLFormElement)) continue;
  startLines(form);
  startConflicts(form);
  startGuard(form);
}
startCreating();
startFocus();
startContents();
