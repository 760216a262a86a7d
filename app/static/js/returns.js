/** Returns: counting what comes back, what is still to be given back, and the way to the till. */
import { all, find } from "./dom.js";
import { money, toCents } from "./pos_money.js";

export const TAKEN = "qhatu.exchange";

const form = find("form[data-return]", HTMLFormElement);

/** What the amounts leave of what is due; said while they are typed. */
function showMissing() {
  const means = form && find("[data-due]", HTMLElement, form);
  const line = means && find("[data-missing]", HTMLElement, means);
  if (!means || !line) return;
  const typed = all("[data-refund]", means).map((input) => (input instanceof HTMLInputElement ? toCents(input.value || "0") ?? 0 : 0));
  const missing = Math.round(Number(means.dataset.due) * 100) - typed.reduce((sum, amount) => sum + amount, 0);
  line.hidden = !missing;
  line.textContent = ((missing > 0 ? line.dataset.less : line.dataset.more) ?? "").replace("{amount}", money(Math.abs(missing)));
}

/** @param {HTMLInputElement} input @param {number} pieces */
function setPieces(input, pieces) {
  input.value = String(Math.min(Math.max(pieces, 0), Number(input.max)));
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Everything that is left comes back. */
function takeAll() {
  for (const input of form ? all(".return-count input", form) : []) {
    if (input instanceof HTMLInputElement) setPieces(input, Number(input.max));
  }
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || find("dialog[open]", HTMLDialogElement)) return;
  if (event.key === "F9") find("[data-submit]", HTMLButtonElement)?.click();
  else if (event.key === "F4") takeAll();
  else return;
  event.preventDefault();
}

/** Enter in a number of pieces goes on to the next, as scanning does; it sends nothing. @param {KeyboardEvent} event */
function onEnter(event) {
  const input = event.target;
  if (event.key !== "Enter" || !(input instanceof HTMLInputElement) || input.type !== "number") return;
  event.preventDefault();
  const inputs = form ? all(".return-count input, #reason", form) : [];
  const next = inputs[inputs.indexOf(input) + 1];
  next?.focus();
  if (next instanceof HTMLInputElement) next.select();
}

/** Goods that pay for others at the till: they wait in this window until it opens. */
function takeToTill() {
  const place = find("[data-to-till]", HTMLElement);
  if (!place) return;
  sessionStorage.setItem(TAKEN, place.dataset.taken ?? "");
  location.replace(place.dataset.toTill ?? "/");
}

if (form) {
  form.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-step]") : null;
    const input = button && button.parentElement && find("input", HTMLInputElement, button.parentElement);
    if (button instanceof HTMLElement && input) setPieces(input, (Number(input.value) || 0) + Number(button.dataset.step));
  });
  form.addEventListener("input", showMissing);
  form.addEventListener("keydown", onEnter);
  document.addEventListener("htmx:after:swap", showMissing);
  document.addEventListener("keydown", onKey);
  find("[data-all]", HTMLButtonElement)?.addEventListener("click", takeAll);
  showMissing();
}
takeToTill();
