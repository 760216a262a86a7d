/** Carts that the till keeps: put aside and taken up again, quoted and sold by the quotation's number. */
import { find, getJson, make } from "./dom.js";
import { confirm } from "./messages.js";
import { ask, dialog, walkButtons } from "./pos_dialogs.js";
import { fill } from "./pos_lines.js";
import { cents } from "./pos_cart.js";
import { money } from "./pos_money.js";
import { post } from "./pos_send.js";

/** @import { Cart } from "./pos_cart.js" */

/**
 * @typedef {object} Tools
 * @property {Cart} cart
 * @property {DOMStringMap} urls `park`, `parked`, `recall`, `quote`, `quotation`
 * @property {DOMStringMap} texts
 * @property {(text: string, tone?: "danger" | "warning" | "info", buttons?: HTMLElement[]) => void} say
 * @property {(label: string | undefined, work: () => void) => HTMLElement} button
 * @property {(label: string | undefined, url: string) => HTMLAnchorElement} link
 */

/**
 * What F10 and F1 do: `park` and `quote` with something in the cart, else they bring a cart back.
 * @param {Tools} tools
 */
export function startSaved({ cart, urls, texts, say, button, link }) {
  const parked = dialog("till-parked-dialog");
  const list = /** @type {HTMLElement} */ (find("[data-found]", HTMLElement, parked));
  const trouble = /** @type {HTMLElement} */ (find("[data-trouble]", HTMLElement, parked));
  walkButtons(list, find("button.btn", HTMLButtonElement, parked));

  /** The same key asks for the same thing; after a conflict the cart is another one. @param {any} answer */
  const refusal = (answer) => {
    if (answer?.body.code === "idempotency_conflict") {
      cart.key = crypto.randomUUID();
      cart.save();
    }
    return answer ? answer.body.message || texts.forbidden || "" : texts.kept ?? "";
  };

  const putAside = () => ask("till-park-dialog", async ({ name }) => {
    const answer = await post(urls.park ?? "", { ...cart.question(), key: cart.key, cash_session_id: cart.session, name });
    if (answer?.status !== 200) return refusal(answer);
    cart.clear();
    say(fill(texts.parked, { name }), "info");
    return "";
  }, { name: cart.customer?.name ?? "" });

  /** Ask until the server says who has the sale: a lost answer must not lose the cart. */
  const takeUp = async () => {
    const { recalling } = cart;
    if (!recalling) return;
    const answer = await post(urls.recall ?? "", { key: recalling.key, cash_session_id: cart.session, parked_id: recalling.id });
    if (!answer || answer.status === 401 || answer.body.code === "csrf") {
      say(texts.waiting ?? "", "warning", [button(texts.again, takeUp)]);
      return;
    }
    cart.recalling = null;
    if (answer.status === 200) {
      cart.fill(answer.body);
      say("");
    } else {
      cart.save();
      say(answer.body.message || texts.forbidden || "", "warning");
    }
  };

  /** @param {{id: number, name: string, facts: string, total: string}} sale */
  const item = (sale) => {
    const row = make("li");
    const choose = make("button", "till-buyer");
    choose.type = "button";
    const words = make("span", "till-parked-name");
    words.append(make("span", "", sale.name), make("small", "text-secondary", sale.facts));
    choose.append(words, make("strong", "", money(cents(sale.total))));
    choose.addEventListener("click", () => {
      parked.close();
      cart.recalling = { id: sale.id, key: crypto.randomUUID() };
      cart.save();
      takeUp();
    });
    row.append(choose);
    return row;
  };

  const showParked = async () => {
    list.replaceChildren();
    trouble.textContent = "";
    parked.showModal();
    const answer = await getJson(urls.parked ?? "");
    list.replaceChildren(...(answer?.parked ?? []).map(item));
    trouble.toggleAttribute("data-quiet", answer !== null);
    trouble.textContent = answer ? (answer.parked.length ? "" : texts.noneParked ?? "") : texts.unread ?? "";
    find("button", HTMLButtonElement, list)?.focus();
  };

  const quoteCart = async () => {
    if (!(await confirm(texts.quote ?? "", texts.quoteButton))) return;
    const { quotation_id: _before, ...question } = cart.question();
    const answer = await post(urls.quote ?? "", { ...question, key: cart.key, cash_session_id: cart.session });
    if (answer?.status !== 200) {
      say(refusal(answer), "warning");
      return;
    }
    cart.clear();
    const paper = link(texts.paper, answer.body.url);
    paper.target = "_blank";
    paper.rel = "noopener";
    say(fill(texts.quoted, { number: answer.body.number }), "info", [paper]);
    paper.focus();
  };

  const askNumber = () => ask("till-quotation-dialog", async ({ number }) => {
    const answer = await post(urls.quotation ?? "", { cash_session_id: cart.session, number });
    if (answer?.status !== 200) return answer?.body.message || texts.unread || "";
    cart.fill(answer.body);
    say(answer.body.quotation.says, answer.body.quotation.holds ? "info" : "warning");
    return "";
  });

  // What was quoted and then changed costs what it costs today: said once.
  cart.addEventListener("change", () => {
    const { quotation } = cart;
    if (!quotation?.holds || !cart.isPriced || cart.priced?.quotation) return;
    quotation.holds = false;
    say(texts.notQuoted ?? "", "warning");
    cart.save();
  });
  addEventListener("online", takeUp);
  takeUp();

  return {
    park: () => (cart.lines.length ? putAside() : showParked()),
    quote: () => (cart.lines.length ? quoteCart() : askNumber()),
  };
}
