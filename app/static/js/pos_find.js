/** Finding products: typing shows them, a scanner's Enter adds at once. */
import { make } from "./dom.js";

/** @import { Product } from "./pos_cart.js" */

const PAUSE = 120;
const TIMES = /^(\d{1,4})\s*[*x×]\s*(.+)$/i;

/**
 * @param {object} place
 * @param {HTMLInputElement} place.input
 * @param {HTMLElement} place.list
 * @param {HTMLElement} place.note
 * @param {HTMLElement} place.hint
 * @param {string} place.url
 * @param {DOMStringMap} place.texts
 * @param {(price: string) => string} place.price
 * @param {(product: Product, pieces: number) => void} place.add
 * @param {() => void} place.done Enter in the empty box: on to the cash
 */
export function startFinding({ input, list, note, hint, url, texts, price, add, done }) {
  /** @type {Product[]} */
  let found = [];
  let shownFor = "";
  let chosen = 0;
  let picked = false; // with the arrows, so that Enter means that row, whatever was typed since
  let timer = 0;
  let asked = 0;
  /** @type {Promise<void>} */
  let scans = Promise.resolve();

  /** @param {string} text */
  const say = (text) => {
    note.textContent = text;
    note.hidden = !text;
  };

  /** @param {string} text @returns {{pieces: number, words: string}} */
  const parse = (text) => {
    const times = TIMES.exec(text.trim());
    return times ? { pieces: Math.max(1, Number(times[1])), words: times[2].trim() } : { pieces: 1, words: text.trim() };
  };

  /** @param {string} words @returns {Promise<Product[]>} */
  const ask = async (words) => {
    const answer = await fetch(`${url}?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } });
    if (answer.status === 401) throw new Error(texts.signedOut);
    if (!answer.ok) throw new Error(texts.unread);
    return (await answer.json()).products;
  };

  const draw = () => {
    list.replaceChildren(...found.map((product, index) => item(product, index)));
    input.setAttribute("aria-expanded", String(found.length > 0));
    hint.hidden = found.length > 0 || shownFor !== "";
    picked = false;
    choose(0);
  };

  /** @param {Product} product @param {number} index */
  const item = (product, index) => {
    const row = make("li", "till-product");
    row.id = `till-product-${index}`;
    row.role = "option";
    row.dataset.stock = product.available > 0 ? "some" : "none";
    const words = make("div", "till-product-text");
    words.append(make("span", "till-product-name", product.name), make("small", "text-secondary", product.sku));
    const stock = product.available > 0 ? texts.stock?.replace("{count}", String(product.available)) : texts.none;
    const figures = make("div", "till-product-figures");
    figures.append(make("strong", "", price(product.price)), make("small", "till-stock", stock));
    row.append(words, figures);
    row.addEventListener("click", () => take(index));
    return row;
  };

  /** @param {number} index */
  const choose = (index) => {
    chosen = Math.max(0, Math.min(index, found.length - 1));
    for (const [place, row] of [...list.children].entries()) row.setAttribute("aria-selected", String(place === chosen));
    if (found.length) input.setAttribute("aria-activedescendant", `till-product-${chosen}`);
    else input.removeAttribute("aria-activedescendant");
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
  };

  /** @param {number} index */
  const take = (index) => {
    const product = found[index];
    if (!product) return;
    add(product, parse(input.value).pieces);
    reset();
    input.focus();
  };

  const reset = () => {
    clearTimeout(timer);
    asked += 1;
    input.value = "";
    shownFor = "";
    found = [];
    draw();
  };

  /** Show what is found while typing; an answer that comes late is left out. */
  const look = async () => {
    const { words } = parse(input.value);
    const mine = (asked += 1);
    if (!words) {
      reset();
      return;
    }
    try {
      const products = await ask(words);
      if (mine !== asked) return;
      found = products;
      shownFor = words;
      draw();
      say(found.length ? "" : (texts.nothing ?? "").replace("{text}", words));
    } catch (error) {
      if (mine === asked) say(error instanceof TypeError ? texts.unread ?? "" : String(error instanceof Error ? error.message : error));
    }
  };

  /** Look a scanned text up and add it; if it could be several products, show them. @param {string} text */
  const scan = async (text) => {
    const { pieces, words } = parse(text);
    try {
      const products = await ask(words);
      if (products.length === 1 || products[0]?.exact) {
        say("");
        add(products[0], pieces);
        return;
      }
      say(products.length ? "" : (texts.nothing ?? "").replace("{text}", words));
      if (input.value) return;
      input.value = text;
      input.select();
      found = products;
      shownFor = words;
      draw();
    } catch (error) {
      say(error instanceof TypeError ? texts.unread ?? "" : String(error instanceof Error ? error.message : error));
      input.value ||= text;
    }
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    say("");
    timer = setTimeout(look, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      picked = found.length > 0;
      choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Escape") {
      say("");
      reset();
    } else if (event.key === "Enter") {
      event.preventDefault();
      const text = input.value.trim();
      if (!text) done();
      else if (picked || (parse(text).words === shownFor && found.length)) take(chosen);
      else {
        // A scanner doesn't wait: the box is free for the next code while this one is looked up.
        reset();
        scans = scans.then(() => scan(text));
      }
    }
  });
}
