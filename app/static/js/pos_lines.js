/** The lines of the cart on the screen. */
import { make } from "./dom.js";
import { cents, lineTotal } from "./pos_cart.js";
import { money, unitPrice } from "./pos_money.js";

/** @import { Cart, Line } from "./pos_cart.js" */

/**
 * A text of the page with its `{names}` filled in.
 * @param {string | undefined} text
 * @param {Record<string, string | number>} values
 */
export function fill(text, values) {
  return Object.entries(values).reduce((whole, [name, value]) => whole.replace(`{${name}}`, String(value)), text ?? "");
}

/** @param {string} icon @param {string | undefined} label @param {() => void} work */
function iconButton(icon, label, work) {
  const element = make("button", "btn btn-icon btn-sm btn-quiet");
  element.type = "button";
  element.title = label ?? "";
  element.setAttribute("aria-label", label ?? "");
  element.append(make("i", `ti ti-${icon}`));
  element.addEventListener("click", work);
  return element;
}

/** @param {Line} line @param {DOMStringMap} texts */
function problem(line, texts) {
  if (line.problem) return line.problem;
  return line.quantity > line.available ? fill(texts.short, { count: Math.max(line.available, 0) }) : "";
}

/**
 * What is taken off the line, and why.
 * @param {Line} line @param {Cart} cart @param {DOMStringMap} texts
 * @returns {[string, string][]}
 */
function reasons(line, cart, texts) {
  const priced = cart.pricedLine(line);
  if (!priced) return [];
  return Number(priced.by_hand) ? [...priced.why, [texts.byHand ?? "", priced.by_hand]] : priced.why;
}

/** @param {Line} line @param {Cart} cart @param {DOMStringMap} texts */
function words(line, cart, texts) {
  const element = make("div", "till-line-text");
  const each = fill(texts.each, { price: unitPrice(line.price) });
  element.append(make("span", "till-line-name", line.name), make("small", "text-secondary", `${line.sku} · ${each}`));
  for (const [name, amount] of reasons(line, cart, texts)) {
    const why = make("small", "till-line-why");
    why.append(make("span", "", name), make("span", "", money(-cents(amount))));
    element.append(why);
  }
  const trouble = problem(line, texts);
  if (trouble) element.append(make("small", "till-line-problem", trouble));
  return element;
}

/** @param {Line} line @param {Cart} cart @param {DOMStringMap} texts */
function quantity(line, cart, texts) {
  const input = make("input", "form-control till-quantity");
  input.inputMode = "numeric";
  input.value = String(line.quantity);
  input.setAttribute("aria-label", fill(texts.quantity, { name: line.name }));
  // Anything that is no number leaves the quantity as it was; zero takes the line out.
  input.addEventListener("change", () => cart.set(line.id, /^\d+$/.test(input.value.trim()) ? Number(input.value) : line.quantity));
  return input;
}

/**
 * One line of the cart with its buttons.
 * @param {Line} line
 * @param {Cart} cart
 * @param {DOMStringMap} texts
 */
export function drawLine(line, cart, texts) {
  const row = make("li", "till-line");
  row.dataset.id = String(line.id);
  if (problem(line, texts)) row.dataset.trouble = "";
  const controls = make("div", "till-line-controls");
  controls.append(
    iconButton("minus", texts.less, () => cart.set(line.id, line.quantity - 1)),
    quantity(line, cart, texts),
    iconButton("plus", texts.more, () => cart.set(line.id, line.quantity + 1)),
  );
  const priced = cart.pricedLine(line);
  row.append(
    words(line, cart, texts),
    controls,
    make("strong", "till-line-total", money(priced ? cents(priced.total) : lineTotal(line))),
    iconButton("x", texts.remove, () => cart.set(line.id, 0)),
  );
  return row;
}
