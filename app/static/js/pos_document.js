/** Which document the sale gets: a boleta, a factura or, where it is allowed, a nota de venta. */
import { all, find } from "./dom.js";

/** @import { Cart } from "./pos_cart.js" */

const FACTURA = "01";

/**
 * @param {object} place
 * @param {Cart} place.cart
 * @param {HTMLElement | null} place.group the choices; none where there is nothing to choose
 * @param {DOMStringMap} place.texts
 * @param {(reason: string) => void} place.askWho ask for a customer with a RUC, and say why
 */
export function startDocument({ cart, group, texts, askWho }) {
  const radios = group ? all("input", group).filter((one) => one instanceof HTMLInputElement) : [];

  /** Of the kinds that are offered; the first is usual. */
  const chosen = () => (radios.find(({ value }) => value === cart.document) ?? radios[0])?.value ?? "";
  const problem = () => (chosen() === FACTURA && !cart.customer?.ruc ? texts.rucNeeded ?? "" : "");

  /** @param {string} kind */
  const choose = (kind) => {
    cart.document = kind;
    cart.save();
    if (problem()) askWho(problem());
  };

  group?.addEventListener("change", () => choose(radios.find(({ checked }) => checked)?.value ?? ""));

  return {
    draw: () => {
      for (const radio of radios) radio.checked = radio.value === chosen();
    },
    /** The next kind, and after the last the first. */
    next: () => {
      const at = radios.findIndex(({ value }) => value === chosen());
      if (radios.length) choose(radios[(at + 1) % radios.length].value);
      if (!find("dialog[open]", HTMLDialogElement)) radios.find(({ checked }) => checked)?.focus();
    },
    /** What the server is told; nothing where there is no choice. */
    chosen,
    /** What lacks for the document, said; empty when nothing does. */
    problem,
  };
}
