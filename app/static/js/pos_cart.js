/**
 * The cart of a till: what is in it, what it costs, and how it survives a reload.
 *
 * Prices are whole ten-thousandths of a sol and totals whole céntimos, so nothing is ever a fraction.
 */

/**
 * @typedef {{id: number, sku: string, name: string, price: string, available: number, exact?: boolean}} Product
 * @typedef {{id: number, sku: string, name: string, price: string, available: number, quantity: number, problem?: string}} Line
 * @typedef {{key: string, cash_session_id: number, lines: {variant_id: number, quantity: number}[], expected_total: string, cash_received: string}} Order
 */

export const MOST_PIECES = 100_000;

/**
 * `12.3450` in ten-thousandths.
 * @param {string} price
 */
function units(price) {
  const [whole, decimals = ""] = price.split(".");
  return Number(whole) * 10_000 + Number(decimals.padEnd(4, "0").slice(0, 4));
}

/**
 * Price of a line in céntimos, half a céntimo rounded up.
 * @param {Pick<Line, "price" | "quantity">} line
 */
export function lineTotal(line) {
  return Math.floor((units(line.price) * line.quantity + 50) / 100);
}

/**
 * Céntimos as the server takes them: `1037` is `10.37`.
 * @param {number} cents
 */
export function plain(cents) {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}

export class Cart extends EventTarget {
  /**
   * @param {number} session the cash session; each has its own cart
   * @param {number} coin the smallest coin in céntimos, 0 when totals aren't rounded
   */
  constructor(session, coin) {
    super();
    this.session = session;
    this.coin = coin;
    this.name = `qhatu-till-${session}`;
    this.read();
    addEventListener("storage", (event) => {
      if (event.key === this.name) this.#reload();
    });
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.#reload();
    });
  }

  /** Take over what the browser has kept. */
  read() {
    /** @type {Line[]} */
    this.lines = [];
    /** @type {Order | null} */
    this.pending = null;
    this.key = "";
    this.cash = "";
    try {
      Object.assign(this, JSON.parse(localStorage.getItem(this.name) ?? "{}"));
    } catch {
      localStorage.removeItem(this.name);
    }
    // The key names the sale from its first line on, through reloads and lost answers.
    this.key ||= crypto.randomUUID();
  }

  #reload() {
    this.read();
    this.dispatchEvent(new Event("change"));
  }

  save() {
    const { key, lines, pending, cash } = this;
    localStorage.setItem(this.name, JSON.stringify({ key, lines, pending, cash }));
    this.dispatchEvent(new Event("change"));
  }

  /** The sale is made: forget it, and begin another. */
  clear() {
    localStorage.removeItem(this.name);
    this.#reload();
  }

  /** In céntimos. */
  get total() {
    return this.lines.reduce((sum, line) => sum + lineTotal(line), 0);
  }

  /** What is left off when all is paid in cash: smaller coins don't exist. */
  get rounding() {
    return this.coin ? this.total % this.coin : 0;
  }

  get due() {
    return this.total - this.rounding;
  }

  get pieces() {
    return this.lines.reduce((sum, line) => sum + line.quantity, 0);
  }

  /**
   * Put pieces of a product in the cart; again, and there are more of them.
   * @param {Product} product
   * @param {number} [pieces]
   */
  add(product, pieces = 1) {
    const known = this.lines.find((line) => line.id === product.id);
    const { id, sku, name, price, available } = product;
    if (known) Object.assign(known, { sku, name, price, available, quantity: Math.min(known.quantity + pieces, MOST_PIECES), problem: "" });
    else this.lines.push({ id, sku, name, price, available, quantity: pieces });
    this.save();
  }

  /**
   * @param {number} id
   * @param {number} quantity none removes the line
   */
  set(id, quantity) {
    const line = this.lines.find((other) => other.id === id);
    if (!line) return;
    line.problem = "";
    line.quantity = Math.min(quantity, MOST_PIECES);
    if (quantity < 1) this.lines = this.lines.filter((other) => other !== line);
    this.save();
  }

  /**
   * What is sent to the server, the same each time until it has answered.
   * @param {number} cash in céntimos
   * @returns {Order}
   */
  order(cash) {
    return {
      key: this.key,
      cash_session_id: this.session,
      lines: this.lines.map(({ id, quantity }) => ({ variant_id: id, quantity })),
      expected_total: plain(this.total),
      cash_received: plain(cash),
    };
  }
}
