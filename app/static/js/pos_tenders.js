/** Paying otherwise than in cash: one row for each payment, with its amount and its number. */
import { find, make } from "./dom.js";
import { plain } from "./pos_cart.js";

/** @import { Cart, Tender } from "./pos_cart.js" */

const NUMBERED = ["card", "yape", "plin", "transfer"];

/**
 * What the customer's account pays at most, in soles; none without a customer.
 * @param {Cart} cart @param {string} method
 */
function most(cart, method) {
  const buyer = cart.customer;
  if (!buyer) return 0;
  return Number({ wallet: buyer.wallet, points: buyer.points_worth, credit: buyer.credit }[method] ?? 0);
}

/**
 * @param {object} place
 * @param {Cart} place.cart
 * @param {HTMLElement} place.means the buttons, by `data-means`
 * @param {HTMLElement} place.list
 * @param {DOMStringMap} place.texts
 */
export function startTenders({ cart, means, list, texts }) {
  let drawn = "";

  /** @param {string} method */
  const label = (method) => find(`[data-means="${method}"] span`, HTMLElement, means)?.textContent ?? method;

  /** @param {Tender} tender @param {number} index */
  const row = (tender, index) => {
    const item = make("li", "till-tender");
    const amount = make("input", "form-control amount");
    Object.assign(amount, { value: tender.amount, inputMode: "decimal", autocomplete: "off", ariaLabel: `${label(tender.method)}: ${texts.amount}` });
    const keep = () => {
      tender.amount = amount.value;
      tender.reference = number.value;
      drawn = JSON.stringify(cart.tenders);
      cart.save();
    };
    const number = make("input", "form-control");
    Object.assign(number, { value: tender.reference, autocomplete: "off", maxLength: 64, placeholder: texts.reference, ariaLabel: `${label(tender.method)}: ${texts.reference}` });
    for (const input of [amount, number]) input.addEventListener("change", keep);
    number.hidden = !NUMBERED.includes(tender.method);
    const remove = make("button", "btn btn-icon btn-sm btn-quiet");
    remove.type = "button";
    remove.ariaLabel = `${texts.remove}: ${label(tender.method)}`;
    remove.append(make("i", "ti ti-x"));
    remove.addEventListener("click", () => {
      cart.tenders.splice(index, 1);
      cart.save();
    });
    item.append(make("span", "till-tender-name", label(tender.method)), number, amount, remove);
    return item;
  };

  /** @param {string} method */
  const add = (method) => {
    const left = Math.max(cart.total - cart.exact, 0);
    const own = NUMBERED.includes(method) ? left : Math.min(left, Math.round(most(cart, method) * 100));
    if (!own) return;
    cart.tenders.push({ method, amount: plain(own), reference: "" });
    cart.save();
    const inputs = list.lastElementChild?.querySelectorAll("input") ?? [];
    const wanted = [...inputs].find((input) => !input.hidden);
    wanted?.focus();
    wanted?.select();
  };

  means.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-means]") : null;
    if (button instanceof HTMLElement) add(button.dataset.means ?? "");
  });

  return {
    draw: () => {
      // Rows that are the same stay, so that the person stays in the field.
      const mark = JSON.stringify(cart.tenders);
      if (mark !== drawn) list.replaceChildren(...cart.tenders.map(row));
      drawn = mark;
      for (const button of means.querySelectorAll("[data-means]")) {
        const method = /** @type {HTMLElement} */ (button).dataset.means ?? "";
        /** @type {HTMLElement} */ (button).hidden = !NUMBERED.includes(method) && !most(cart, method);
      }
    },
    /** What lacks a number, said; empty when nothing does. */
    problem: () => {
      const lacking = cart.tenders.find((tender) => NUMBERED.includes(tender.method) && !tender.reference.trim());
      return lacking ? (texts.numberMissing ?? "").replace("{means}", label(lacking.method)) : "";
    },
  };
}
