/** The count of a till: shows the difference while the amount is typed. */
import { find } from "./dom.js";

/**
 * An amount as people write it, in céntimos; null when it isn't one.
 * @param {string} text
 * @returns {number | null}
 */
export function toCents(text) {
  let plain = text.replace(/[\s ]|^S\//g, "");
  plain = /^-?\d+,\d{1,2}$/.test(plain) ? plain.replace(",", ".") : plain.replaceAll(",", "");
  return /^-?\d{1,9}(\.\d{0,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : null;
}

/**
 * An amount in céntimos as text.
 * @param {number} cents
 */
export function money(cents) {
  const amount = (Math.abs(cents) / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return `${cents < 0 ? "-" : ""}S/ ${amount}`;
}

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
