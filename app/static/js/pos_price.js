/** What the server says the cart costs: promotions, coupon and discounts, after each change. */
import { post } from "./pos_send.js";

/** @import { Cart } from "./pos_cart.js" */

const PAUSE = 60;
const PATIENCE = 4000;

/**
 * Ask after each change of the cart; `fresh` is done when the prices are those of the cart as it is,
 * or the server can't be asked: then the cart goes by the prices it knows, and the server checks them.
 * @param {Cart} cart
 * @param {string} url
 */
export function startPricing(cart, url) {
  let timer = 0;
  let asked = "";
  /** @type {Promise<void>} */
  let last = Promise.resolve();

  const ask = async () => {
    const question = cart.question();
    const mark = JSON.stringify(question);
    const answer = await post(url, question, PATIENCE);
    if (asked !== mark || mark !== JSON.stringify(cart.question())) return;
    asked = "";
    if (answer?.status === 200) cart.take(mark, answer.body);
  };

  const changed = () => {
    const mark = JSON.stringify(cart.question());
    if (!cart.lines.length || cart.pending || cart.isPriced || asked === mark) return;
    asked = mark;
    clearTimeout(timer);
    last = new Promise((done) => {
      timer = setTimeout(() => ask().finally(done), PAUSE);
    });
  };

  cart.addEventListener("change", changed);
  changed();
  return {
    fresh: async () => {
      changed();
      // A change in between begins another question.
      for (let before = null; before !== last; ) {
        before = last;
        await last;
      }
    },
  };
}
