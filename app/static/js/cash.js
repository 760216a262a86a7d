/** Counting a till: sums and the difference while pieces are typed; Enter and the arrows go on. */
import { all, find } from "./dom.js";
import { cents } from "./pos_cart.js";
import { money, toCents } from "./pos_money.js";

/**
 * Pieces of a note or coin; none for what is no number.
 * @param {HTMLInputElement} input
 */
function pieces(input) {
  const text = input.value.trim();
  return /^\d{1,6}$/.test(text) ? Number(text) : 0;
}

/** @param {HTMLFormElement} form */
function startCount(form) {
  const expected = cents(form.dataset.count ?? "0");
  const inputs = all("[data-value]", form).filter((input) => input instanceof HTMLInputElement);
  const amount = find("[name=counted]", HTMLInputElement, form);
  const total = find("[data-total]", HTMLElement, form);
  const line = find("[data-difference]", HTMLElement, form);
  const shown = find("[data-difference-amount]", HTMLElement, form);

  /** What was counted so far in céntimos; null while nothing was. */
  const counted = () => {
    if (amount) return toCents(amount.value);
    if (inputs.every((input) => !input.value.trim())) return null;
    return inputs.reduce((sum, input) => sum + pieces(input) * cents(input.dataset.value ?? "0"), 0);
  };

  const draw = () => {
    for (const input of inputs) {
      const place = input.closest("tr")?.querySelector("[data-amount]");
      const sum = pieces(input) * cents(input.dataset.value ?? "0");
      if (place) place.textContent = sum ? money(sum) : "–";
    }
    const found = counted();
    if (total) total.textContent = money(found ?? 0);
    if (!line || !shown) return;
    line.hidden = found === null;
    if (found === null) return;
    shown.textContent = money(found - expected);
    line.dataset.sign = found === expected ? "none" : found < expected ? "minus" : "plus";
  };

  /** @param {KeyboardEvent} event */
  const move = (event) => {
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    const here = inputs.findIndex((input) => input === event.target);
    if (!step || here < 0) return;
    event.preventDefault();
    const next = inputs[here + step];
    if (next) next.select();
    else if (step > 0) find("button:not([name])", HTMLButtonElement, form)?.focus();
  };

  form.addEventListener("input", draw);
  form.addEventListener("keydown", move);
  draw();
}

for (const form of all("form[data-count]")) {
  if (form instanceof HTMLFormElement) startCount(form);
}
