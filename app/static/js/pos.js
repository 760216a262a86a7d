/** The till: ties search, cart, cash and sending together; everything works by keyboard. */
import { all, find, make } from "./dom.js";
import { confirm } from "./messages.js";
import { Cart } from "./pos_cart.js";
import { askApproval, askCoupon, askDiscount, startCustomers } from "./pos_dialogs.js";
import { startDocument } from "./pos_document.js";
import { startFinding } from "./pos_find.js";
import { drawLine, fill } from "./pos_lines.js";
import { money, toCents, unitPrice } from "./pos_money.js";
import { startPricing } from "./pos_price.js";
import { startSaved } from "./pos_saved.js";
import { send } from "./pos_send.js";
import { startTenders } from "./pos_tenders.js";
import { TAKEN } from "./returns.js";

const WAITS = [2000, 4000, 8000, 15_000, 30_000];
const WANTS_CUSTOMER = ["ruc_needed", "customer_needed"];
const NOTES = [1000, 2000, 5000, 10_000, 20_000];

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
function need(id, kind) {
  const element = find(`#${id}`, kind);
  if (!element) throw new Error(`#${id} is missing`);
  return element;
}

const till = need("till", HTMLElement);
const texts = need("till-texts", HTMLElement).dataset;
const search = need("till-search", HTMLInputElement);
const cashInput = need("till-cash", HTMLInputElement);
const charge = need("till-charge", HTMLButtonElement);
const alerts = need("till-alerts", HTMLElement);
const rows = need("till-lines", HTMLElement);
const cart = new Cart(Number(till.dataset.session), Number(till.dataset.coin));
// Not the alerts: they have the way out.
const lockable = all(".till-find, .till-lines, .till-pay", till);
const prices = startPricing(cart, till.dataset.price ?? "");
const tenders = startTenders({ cart, texts, means: need("till-means", HTMLElement), list: need("till-tenders", HTMLElement) });
const chooseCustomer = startCustomers(cart, till.dataset.customers ?? "", texts);
const paper = startDocument({ cart, texts, group: find("#till-document", HTMLElement), askWho: chooseCustomer });
const saved = startSaved({ cart, urls: till.dataset, texts, say, button, link });
const maySell = till.dataset.maySell === "yes";
let sending = false;
let wait = 0;

/**
 * Say something above the cart.
 * @param {string} text
 * @param {"danger" | "warning" | "info"} tone
 * @param {HTMLElement[]} buttons
 */
function say(text, tone = "danger", buttons = []) {
  alerts.replaceChildren();
  if (!text) return;
  const alert = make("div", `alert alert-${tone}`);
  const body = make("div", "", text);
  if (buttons.length) {
    const row = make("div", "till-alert-buttons");
    row.append(...buttons);
    body.append(row);
  }
  alert.append(body);
  alerts.append(alert);
}

/** @param {string | undefined} label @param {() => void} work */
function button(label, work) {
  const element = make("button", "btn btn-sm", label);
  element.type = "button";
  element.addEventListener("click", work);
  return element;
}

/** @param {string | undefined} label @param {string} url */
function link(label, url) {
  const element = make("a", "btn btn-sm", label);
  element.href = url;
  return element;
}

/** The amounts a customer is likely to hand over: exact, and with one of the notes there are. */
function quickAmounts() {
  const { due } = cart;
  if (due <= 0) return [];
  const rounded = NOTES.map((note) => Math.ceil(due / note) * note);
  return [due, ...new Set(rounded.filter((amount) => amount > due))].slice(0, 5);
}

function drawQuick() {
  need("till-quick", HTMLElement).replaceChildren(...quickAmounts().map((amount, index) => button(index ? `S/ ${amount / 100}` : texts.exact, () => {
    cart.cash = (amount / 100).toFixed(2);
    cart.save();
    charge.focus();
  })));
}

/** What a button of the cart says: its name, or what was chosen with it. @param {string} id @param {string} chosen */
function drawTool(id, chosen) {
  const tool = need(id, HTMLButtonElement);
  const label = find("span", HTMLElement, tool);
  tool.dataset.label ??= label?.textContent ?? "";
  if (label) label.textContent = chosen || (tool.dataset.label ?? "");
  tool.classList.toggle("active", Boolean(chosen));
}

function drawTools() {
  const { customer, discount, coupon, quotation } = cart;
  const points = customer?.points ? ` · ${fill(texts.points, { count: customer.points })}` : "";
  drawTool("till-customer", customer ? customer.name + points : "");
  drawTool("till-discount", Number(discount) ? `${Number(discount)} %` : "");
  drawTool("till-coupon", coupon);
  drawTool("till-quote", cart.priced?.quotation || (quotation?.number ?? ""));
  need("till-park", HTMLButtonElement).dataset.filled = cart.lines.length ? "yes" : "no";
  need("till-discount", HTMLButtonElement).disabled = need("till-coupon", HTMLButtonElement).disabled = !cart.lines.length;
}

function drawTotals() {
  const off = cart.subtotal - cart.total;
  const { exchange } = cart;
  need("till-exchange-row", HTMLElement).hidden = !exchange;
  need("till-exchange-number", HTMLElement).textContent = exchange?.number ?? "";
  need("till-worth", HTMLElement).textContent = money(-cart.worth);
  need("till-back-row", HTMLElement).hidden = !cart.back;
  need("till-back", HTMLElement).textContent = money(cart.back);
  for (const id of ["till-subtotal-row", "till-off-row"]) need(id, HTMLElement).hidden = !off;
  need("till-subtotal", HTMLElement).textContent = money(cart.subtotal);
  need("till-off", HTMLElement).textContent = money(-off);
  need("till-total", HTMLElement).textContent = money(cart.total);
  need("till-exact-row", HTMLElement).hidden = !cart.exact;
  need("till-exact", HTMLElement).textContent = money(-cart.exact);
  need("till-rounding-row", HTMLElement).hidden = !cart.rounding;
  need("till-rounding", HTMLElement).textContent = money(-cart.rounding);
  need("till-due", HTMLElement).textContent = money(cart.due);
}

function drawChange() {
  const cash = toCents(cart.cash);
  const place = need("till-change", HTMLElement);
  const missing = (cash ?? 0) < cart.due;
  const none = cash === null || !cart.lines.length || (cart.exact > 0 && !cart.due);
  place.dataset.state = none ? "none" : missing ? "missing" : "enough";
  need("till-change-label", HTMLElement).textContent = (missing && cash !== null ? texts.missing : texts.change) ?? "";
  need("till-change-amount", HTMLElement).textContent = none ? "–" : money(Math.abs((cash ?? 0) - cart.due));
}

function draw() {
  const focused = document.activeElement instanceof HTMLInputElement && document.activeElement.closest(".till-line");
  const id = focused instanceof HTMLElement ? focused.dataset.id : "";
  rows.replaceChildren(...cart.lines.map((line) => drawLine(line, cart, texts)));
  if (id) find(`.till-line[data-id="${id}"] input`, HTMLInputElement)?.select();
  need("till-empty", HTMLElement).hidden = cart.lines.length > 0;
  need("till-pieces", HTMLElement).textContent = cart.pieces ? (cart.pieces === 1 ? texts.piece ?? "" : fill(texts.pieces, { count: cart.pieces })) : "";
  drawTools();
  drawTotals();
  tenders.draw();
  paper.draw();
  if (document.activeElement !== cashInput) cashInput.value = cart.cash;
  drawQuick();
  drawChange();
  const locked = sending || cart.pending !== null;
  for (const part of lockable) part.inert = locked;
  need("till-clear", HTMLButtonElement).disabled = !cart.lines.length;
  charge.disabled = locked || !cart.lines.length || !maySell;
  charge.ariaBusy = String(sending);
}

/** A coupon that gives nothing here is said and forgotten. */
function checkCoupon() {
  const refused = cart.isPriced ? cart.priced?.coupon_refused : "";
  if (!refused || !cart.coupon) return;
  cart.coupon = "";
  say(refused, "warning");
  cart.save();
}

/** Keep the order and send it: from here on only an answer of the server ends it. */
async function startCharge() {
  if (sending || cart.pending || !cart.lines.length) return;
  if (!maySell) {
    say(texts.forbidden ?? "");
    return;
  }
  charge.ariaBusy = "true";
  await prices.fresh();
  charge.ariaBusy = "false";
  if (sending || cart.pending) return;
  if (paper.problem()) {
    chooseCustomer(paper.problem());
    return;
  }
  const trouble = tenders.problem();
  if (trouble || cart.due < 0) {
    say(trouble || (texts.tooMuch ?? ""), "warning");
    find(".till-tender input:not([hidden])", HTMLInputElement)?.focus();
    return;
  }
  const cash = cart.due ? toCents(cart.cash) : 0;
  if (cash === null || cash < cart.due) {
    say(texts.cash ?? "", "warning");
    cashInput.focus();
    cashInput.select();
    return;
  }
  if (cart.priced?.needs_approval && !cart.approval && !(await askApproval(cart, till.dataset.approve ?? "", texts))) return;
  say("");
  cart.pending = cart.order(cash, paper.chosen());
  cart.save();
  deliver(0);
}

/** @param {number} attempt */
async function deliver(attempt) {
  const order = cart.pending;
  if (!order || sending) return;
  clearTimeout(wait);
  sending = true;
  say(texts.sending ?? "", "info");
  draw();
  const answer = await send((cart.exchange ? till.dataset.exchange : till.dataset.checkout) ?? "", order);
  sending = false;
  if (answer.kind === "sold") {
    cart.clear();
    location.assign(answer.url);
  } else if (answer.kind === "lost") {
    later(attempt);
  } else {
    refused(answer);
  }
  draw();
}

/** Nobody knows whether the sale was made: it is sent again until the server says so. @param {number} attempt */
function later(attempt) {
  const again = button(texts.again, () => deliver(attempt + 1));
  const back = button(texts.back, () => {
    clearTimeout(wait);
    cart.pending = null;
    cart.save();
    say("");
  });
  say(texts.lost ?? "", "warning", [again, back]);
  if (attempt < WAITS.length) wait = setTimeout(() => deliver(attempt + 1), WAITS[attempt]);
}

/** The server said no, and wrote nothing. @param {import("./pos_send.js").Refused} answer */
function refused({ status, code, message, data }) {
  if (status === 401 || code === "csrf") {
    // The order stays: it is sent as soon as the page is loaded by somebody who is signed in.
    say(status === 401 ? texts.signedOut ?? "" : message, "warning", [link(texts.again, location.href)]);
    return;
  }
  cart.pending = null;
  /** @type {HTMLElement[]} */
  const links = [];
  for (const line of data.lines ?? []) {
    const mine = cart.lines.find((other) => other.id === line.variant_id);
    if (!mine) continue;
    if (code === "insufficient_stock") Object.assign(mine, { available: line.available, problem: fill(texts.short, { count: line.available }) });
    else mine.problem = texts.unsellable;
  }
  for (const [id, price] of Object.entries(data.prices ?? {})) {
    const mine = cart.lines.find((line) => line.id === Number(id));
    if (mine && mine.price !== price) Object.assign(mine, { price, problem: fill(texts.price, { price: unitPrice(mine.price) }) });
  }
  if (code === "idempotency_conflict") {
    // An earlier try of this cart went through after all: the next sale gets a name of its own.
    cart.key = crypto.randomUUID();
    if (data.result) links.push(link(texts.see, `/pos/receipt/${(data.result.sale ?? data.result).order_id}`));
  }
  if (WANTS_CUSTOMER.includes(code)) links.push(button(texts.chooseCustomer, () => chooseCustomer(message)));
  if (code.startsWith("cash_session")) links.push(link(texts.open, "/cash/"));
  cart.save();
  say(status === 403 && !message ? texts.forbidden ?? "" : message, "danger", links);
}

/** Goods that were taken back to pay for others come from the page of returns, in this window. */
function takeExchange() {
  const taken = sessionStorage.getItem(TAKEN);
  sessionStorage.removeItem(TAKEN);
  if (!taken || cart.pending) return;
  cart.exchange = JSON.parse(taken);
  // The supervisor's approval is for this key.
  cart.key = cart.exchange?.key ?? cart.key;
  cart.approval = "";
  cart.save();
}

/** The goods stay with the customer after all. */
function leaveExchange() {
  cart.exchange = null;
  cart.key = crypto.randomUUID();
  cart.approval = "";
  cart.save();
}

/** Off the line that the person is in, else off the sale. */
async function discountHere() {
  if (!cart.lines.length) return;
  const id = Number(document.activeElement?.closest("[data-id]")?.getAttribute("data-id"));
  await askDiscount(cart, texts, cart.lines.find((line) => line.id === id) ?? null);
}

async function couponHere() {
  if (cart.lines.length) await askCoupon(cart);
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (rows.inert || find("dialog[open]", HTMLDialogElement)) return;
  const keys = {
    F2: () => { search.focus(); search.select(); },
    F3: event.shiftKey ? paper.next : () => chooseCustomer(),
    F6: discountHere,
    F7: couponHere,
    F4: () => find(".till-line:last-child .till-quantity", HTMLInputElement)?.select(),
    F8: () => { cashInput.focus(); cashInput.select(); },
    F9: event.shiftKey ? () => find("#till-returns", HTMLAnchorElement)?.click() : startCharge,
    F10: saved.park,
    F1: saved.quote,
  };
  const work = keys[/** @type {keyof typeof keys} */ (event.key)];
  if (work && !event.ctrlKey && !event.altKey && !event.metaKey) {
    event.preventDefault();
    work();
  }
}

/** Keys inside a line's quantity. @param {KeyboardEvent} event */
function onLineKey(event) {
  const input = event.target;
  if (!(input instanceof HTMLInputElement)) return;
  const id = Number(input.closest("li")?.dataset.id);
  const quantity = Math.floor(Number(input.value)) || 0;
  if (event.key === "+" || event.key === "-") {
    event.preventDefault();
    cart.set(id, quantity + (event.key === "+" ? 1 : -1));
  } else if (event.key === "Delete") {
    event.preventDefault();
    cart.set(id, 0);
    search.focus();
  } else if (event.key === "Enter" || event.key === "Escape") {
    event.preventDefault();
    search.focus();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const row = input.closest("li");
    const other = event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling;
    if (other instanceof HTMLElement) find("input", HTMLInputElement, other)?.select();
  }
}

startFinding({
  input: search,
  list: need("till-results", HTMLElement),
  note: need("till-note", HTMLElement),
  hint: need("till-hint", HTMLElement),
  url: till.dataset.products ?? "",
  texts,
  price: unitPrice,
  add: (product, pieces) => {
    if (cart.pending) return;
    say("");
    cart.add(product, pieces);
    rows.lastElementChild?.scrollIntoView({ block: "nearest" });
  },
  done: () => {
    if (cart.lines.length) cashInput.select();
  },
});
cart.addEventListener("change", draw);
cart.addEventListener("change", checkCoupon);
need("till-customer", HTMLButtonElement).addEventListener("click", () => chooseCustomer());
need("till-exchange-leave", HTMLButtonElement).addEventListener("click", leaveExchange);
need("till-discount", HTMLButtonElement).addEventListener("click", discountHere);
need("till-coupon", HTMLButtonElement).addEventListener("click", couponHere);
need("till-park", HTMLButtonElement).addEventListener("click", saved.park);
need("till-quote", HTMLButtonElement).addEventListener("click", saved.quote);
document.addEventListener("keydown", onKey);
rows.addEventListener("keydown", onLineKey);
charge.addEventListener("click", startCharge);
cashInput.addEventListener("input", () => {
  cart.cash = cashInput.value;
  cart.save();
});
cashInput.addEventListener("keydown", (event) => {
  if (event.key === "Enter") startCharge();
  else if (event.key === "Escape") search.focus();
});
need("till-clear", HTMLButtonElement).addEventListener("click", async () => {
  if (await confirm(texts.clear ?? "")) cart.clear();
  search.focus();
});
addEventListener("online", () => deliver(0));
takeExchange();
draw();
if (cart.pending) deliver(0);
