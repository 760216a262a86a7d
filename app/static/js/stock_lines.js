/** Lines of products: found by scanning or typing, one row for each. */
import { all, find, getJson, make } from "./dom.js";

/** @typedef {{variant_id: number, sku: string, name: string, on_hand: number, available: number, version: number, exact: boolean}} Found */

const PAUSE = 200;

/** @param {HTMLElement} root */
function startLines(root) {
  const input = find("[data-lines-find]", HTMLInputElement, root);
  const list = find("[data-lines-found]", HTMLElement, root);
  const note = find("[data-lines-note]", HTMLElement, root);
  const body = find("[data-lines-body]", HTMLElement, root);
  const table = find("[data-lines-table]", HTMLElement, root);
  const empty = find("[data-lines-empty]", HTMLElement, root);
  const template = find("[data-lines-row]", HTMLTemplateElement, root);
  const place = find(`#${root.dataset.place}`, HTMLSelectElement);
  if (!input || !list || !note || !body || !table || !empty || !template || !place) return;
  const words = root.dataset;
  let timer = 0;
  let asked = 0;
  /** @type {Promise<void>} */
  let scans = Promise.resolve();

  /** @param {string} [text] */
  const say = (text = "") => {
    note.textContent = text;
    note.hidden = !text;
  };

  /** @param {string} text @returns {Promise<Found[] | null>} */
  const ask = async (text) => {
    const query = new URLSearchParams({ q: text, location_id: place.value });
    return (await getJson(`${words.find}?${query}`))?.products ?? null;
  };

  const settle = () => {
    table.hidden = body.childElementCount === 0;
    empty.hidden = !table.hidden;
  };

  /** @param {Found} product */
  const add = (product) => {
    const known = find(`[data-variant="${product.variant_id}"]`, HTMLElement, body);
    const quantity = known && find("[name=quantity]", HTMLInputElement, known);
    if (known && quantity) {
      if (words.lines !== "adjust") {
        quantity.value = String((Number.parseInt(quantity.value, 10) || 0) + 1);
        quantity.dispatchEvent(new Event("input", { bubbles: true }));
      }
      known.scrollIntoView({ block: "nearest" });
      if (words.lines === "adjust") quantity.focus();
      return;
    }
    const row = make("tbody");
    row.append(template.content.cloneNode(true));
    const line = find("tr", HTMLTableRowElement, row);
    if (!line) return;
    line.dataset.variant = String(product.variant_id);
    fill(line, product);
    body.append(line);
    settle();
    if (words.lines === "adjust") find("[name=quantity]", HTMLInputElement, line)?.focus();
  };

  /** @param {HTMLElement} line @param {Found} product */
  const fill = (line, product) => {
    const texts = { name: product.name, sku: product.sku, stock: words.lines === "adjust" ? product.on_hand : product.available };
    for (const [name, text] of Object.entries(texts)) {
      const cell = find(`[data-${name}]`, HTMLElement, line);
      if (cell) cell.textContent = String(text);
    }
    const values = { variant_id: product.variant_id, seen_version: product.version, seen_on_hand: product.on_hand };
    for (const [name, value] of Object.entries(values)) {
      const field = find(`[name=${name}]`, HTMLInputElement, line);
      if (field) field.value = String(value);
    }
  };

  const clear = () => {
    clearTimeout(timer);
    asked += 1;
    input.value = "";
    list.replaceChildren();
  };

  /** @param {Found[]} products */
  const offer = (products) => {
    list.replaceChildren(...products.map((product) => {
      const item = make("li");
      const button = make("button", "stock-choice");
      button.type = "button";
      const stock = (words.stock ?? "").replace("{count}", String(product.available));
      button.append(make("span", "", product.name), make("small", "text-secondary", `${product.sku} · ${stock}`));
      button.addEventListener("click", () => {
        clear();
        input.focus();
        add(product);
      });
      item.append(button);
      return item;
    }));
  };

  /** @param {string} text @param {Found[] | null} products */
  const tell = (text, products) => {
    if (products === null) say(words.unread);
    else say(products.length ? "" : (words.nothing ?? "").replace("{text}", text));
  };

  /** A scanner doesn't wait: the box is free for the next code while this one is looked up. @param {string} text */
  const scan = async (text) => {
    const products = await ask(text);
    tell(text, products);
    if (products?.length === 1) add(products[0]);
    else if (products && !input.value) {
      input.value = text;
      offer(products);
    } else input.value ||= text;
  };

  const look = async () => {
    const text = input.value.trim();
    const mine = (asked += 1);
    const products = text ? await ask(text) : [];
    if (mine !== asked) return;
    offer(products ?? []);
    if (text) tell(text, products);
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    say();
    timer = setTimeout(look, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") find("button", HTMLButtonElement, list)?.focus();
    else if (event.key === "Escape") clear();
    else if (event.key === "Enter") {
      event.preventDefault();
      const text = input.value.trim();
      if (!text) return;
      clear();
      scans = scans.then(() => scan(text));
    } else return;
    if (event.key !== "Enter") event.preventDefault();
  });
  list.addEventListener("keydown", (event) => {
    const buttons = all("button", list);
    const at = buttons.findIndex((button) => button === document.activeElement);
    if (event.key === "ArrowDown") buttons[Math.min(at + 1, buttons.length - 1)]?.focus();
    else if (event.key === "ArrowUp") (at > 0 ? buttons[at - 1] : input)?.focus();
    else if (event.key === "Escape") {
      clear();
      input.focus();
    } else return;
    event.preventDefault();
  });
  body.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-lines-remove]") : null;
    if (!button) return;
    button.closest("tr")?.remove();
    settle();
    input.focus();
  });
  // Enter in a number goes back to the box, where the next product is scanned; it doesn't save.
  body.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.target instanceof HTMLInputElement)) return;
    event.preventDefault();
    input.focus();
  });
  // The stock shown is that of the location, so it is read again where another is chosen.
  place.addEventListener("change", async () => {
    for (const line of all("tr[data-variant]", body)) {
      const sku = find("[data-sku]", HTMLElement, line)?.textContent ?? "";
      const product = (await ask(sku))?.find((each) => String(each.variant_id) === line.dataset.variant);
      if (product) fill(line, product);
    }
  });
}

for (const root of all("[data-lines]")) startLines(root);
