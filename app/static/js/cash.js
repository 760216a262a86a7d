/** The count of a till: shows the difference while the amount is typed. */
import { find } from "./dom.js";
import { money, toCents } from "./pos_money.js";

const form = find("form[data-count]", HTMLFormElement);
const input = form && find("[name=counted]", HTMLInputElement, form);
const line = form && find("[data-difference]", HTMLElement, form);
const shown = form && find("[data-difference-amount]", HTMLElement, form);

if (form && input && line && shown) {
  const expected = Math.round(Number(form.dataset.count) * 100);
  input.addEventListener("input", () => {
    const counted = toCents(input.value);
    line.hidden = counted === null;
    if (counted === null) return;
    shown.textContent = money(counted - expected);
    line.dataset.sign = counted === expected ? "none" : counted < expected ? "minus" : "plus";
  });
}
