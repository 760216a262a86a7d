/**
 * The cart of a till: what is in it, what it costs, and how it survives a reload.
 *
 * Prices are whole ten-thousandths of a sol and totals whole céntimos, so nothing is ever a fraction.
 */

/**
 * @typedef {{id: number, sku: string, name: string, price: string, available: number, exact?: boolean}} Product
 * @typedef {{id: number, sku: string, name: string, price: string, available: number, quantity: number, discount?: string, problem?: string}} Line
 * @typedef {{id: number, name: string, document: string, ruc: boolean, points: number, points_worth: string, wallet: string, credit: string}} Buyer
 * @typedef {{method: string, amount: string, reference: string}} Tender
 * @typedef {{lines: {variant_id: number, quantity: number, discount_percent: string}[], customer_id: number | null, coupon: string, discount_percent: string, quotation_id: number | null}} Question
 * @typedef {{variant_id: number, price: string, total: string, why: [string, string][], by_hand: string}} PricedLine
 * @typedef {{lines: PricedLine[], subtotal: string, discount: string, total: string, coupon_refused: string, needs_approval: boolean, most_percent: string, quotation: string}} Priced
 * @typedef {{id: number, number: string, says: string, holds: boolean}} Quotation
 * @typedef {{lines: (Line & {discount: string})[], customer: Buyer | null, coupon: string, discount: string, quotation: Quotation | null}} Saved
 * @typedef {{key: string, order_id: number, number: string, items: {item_id: number, quantity: number, restock: boolean}[], reason: string, worth: string, approval: string}} Exchange
 * @typedef {Question & {key: string, cash_session_id: number, expected_total: string, tenders: Tender[], approval: string, document_type: string}} Order
 */

import { toCents } from "./pos_money.js";

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
 * `10.37` in céntimos.
 * @param {string} amount
 */
export function cents(amount) {
  return Math.round(Number(amount) * 100);
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
    /** @type {Buyer | null} */
    this.customer = null;
    this.coupon = "";
    this.discount = "0";
    /** @type {Tender[]} all but cash */
    this.tenders = [];
    this.approval = "";
    /** The kind that was chosen; "" is what is usual. */
    this.document = "";
    /** @type {Quotation | null} what the cart was quoted as */
    this.quotation = null;
    /** @type {{id: number, key: string} | null} a parked sale that was asked for, until it is here */
    this.recalling = null;
    /** @type {Exchange | null} goods that come back and pay */
    this.exchange = null;
    /** @type {Priced | null} */
    this.priced = null;
    this.pricedFor = "";
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
    const { key, lines, pending, cash, customer, coupon, discount, tenders, approval, document, quotation, recalling, exchange } = this;
    localStorage.setItem(this.name, JSON.stringify({ key, lines, pending, cash, customer, coupon, discount, tenders, approval, document, quotation, recalling, exchange }));
    this.dispatchEvent(new Event("change"));
  }

  /** The sale is made: forget it, and begin another. */
  clear() {
    localStorage.removeItem(this.name);
    this.#reload();
  }

  /**
   * Go on with a cart that was kept; it is a sale of its own from here on.
   * @param {Saved} saved
   */
  fill({ lines, customer, coupon, discount, quotation }) {
    localStorage.removeItem(this.name);
    this.read();
    Object.assign(this, { lines, customer, coupon, discount, quotation });
    this.save();
  }

  /**
   * What is to be priced.
   * @returns {Question}
   */
  question() {
    return {
      lines: this.lines.map(({ id, quantity, discount }) => ({ variant_id: id, quantity, discount_percent: discount ?? "0" })),
      customer_id: this.customer?.id ?? null,
      coupon: this.coupon,
      discount_percent: this.discount,
      quotation_id: this.quotation?.id ?? null,
    };
  }

  /** Whether the server has priced the cart as it is. */
  get isPriced() {
    return this.priced !== null && this.pricedFor === JSON.stringify(this.question());
  }

  /**
   * The server's prices of the question `mark`.
   * @param {string} mark
   * @param {Priced} priced
   */
  take(mark, priced) {
    this.pricedFor = mark;
    this.priced = priced;
    for (const [n, line] of this.lines.entries()) {
      const { price } = priced.lines[n];
      if (units(price) !== units(line.price)) line.price = price;
    }
    this.save();
  }

  /**
   * What the server says of a line; null while it hasn't been asked.
   * @param {Line} line
   * @returns {PricedLine | null}
   */
  pricedLine(line) {
    return this.isPriced ? (this.priced?.lines[this.lines.indexOf(line)] ?? null) : null;
  }

  /** Before discounts, in céntimos. */
  get subtotal() {
    return this.lines.reduce((sum, line) => sum + lineTotal(line), 0);
  }

  /** In céntimos. */
  get total() {
    return this.isPriced && this.priced ? cents(this.priced.total) : this.subtotal;
  }

  /** What other means than cash pay, in céntimos. */
  get exact() {
    return this.tenders.reduce((sum, tender) => sum + (toCents(tender.amount) ?? 0), 0);
  }

  /** What the goods that come back are worth, in céntimos. */
  get worth() {
    return this.exchange ? cents(this.exchange.worth) : 0;
  }

  /** What is left off when all is paid in cash: smaller coins don't exist. */
  get rounding() {
    if (!this.coin || this.exact) return 0;
    return (this.worth > this.total ? this.total : this.total - this.worth) % this.coin;
  }

  /** What is given back in cash: goods that come back are worth more than those that are sold. */
  get back() {
    return this.lines.length ? Math.max(this.worth - this.total + this.rounding, 0) : 0;
  }

  /** What is left to be paid in cash; negative when the others pay too much. */
  get due() {
    return this.lines.length ? this.total - this.rounding - this.exact - this.worth + this.back : 0;
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
    if (!this.lines.length) this.quotation = null;
    this.save();
  }

  /**
   * A percentage off a line, or off the whole sale without one; somebody has to approve it anew.
   * @param {string} percent
   * @param {number | null} [id]
   */
  takeOff(percent, id = null) {
    const line = this.lines.find((other) => other.id === id);
    if (line) line.discount = percent;
    else this.discount = percent;
    this.approval = "";
    this.save();
  }

  /**
   * What is sent to the server, the same each time until it has answered.
   * @param {number} cash in céntimos
   * @param {string} document the kind that is asked for
   * @returns {Order}
   */
  order(cash, document) {
    const { exchange } = this;
    const others = this.tenders.map(({ method, amount, reference }) => ({ method, amount: plain(toCents(amount) ?? 0), reference }));
    return {
      ...this.question(),
      key: this.key,
      cash_session_id: this.session,
      expected_total: plain(this.total),
      tenders: this.due || cash ? [...others, { method: "cash", amount: plain(cash), reference: "" }] : others,
      approval: this.approval,
      document_type: document,
      ...(exchange && {
        order_id: exchange.order_id,
        items: exchange.items,
        reason: exchange.reason,
        refunds: this.back ? [{ method: "cash", amount: plain(this.back), reference: "" }] : [],
        refund_approval: exchange.approval,
      }),
    };
  }
}
