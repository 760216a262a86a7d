/** What the till asks in dialogs: a discount, a coupon, a supervisor's PIN, the customer. */
import { find, getJson, make } from "./dom.js";
import { post } from "./pos_send.js";

/** @import { Buyer, Cart } from "./pos_cart.js" */

const PAUSE = 150;
const DOCUMENTS = [["1", /^\d{8}$/], ["6", /^\d{11}$/]];
const PERCENT = /^\d{1,3}([.,]\d{1,2})?$/;

/** @param {string} id */
export function dialog(id) {
  const element = find(`#${id}`, HTMLDialogElement);
  if (!element) throw new Error(`#${id} is missing`);
  return element;
}

/**
 * Open a dialog of one form; `work` says what is wrong, or nothing when it is done.
 * @param {string} id
 * @param {(fields: Record<string, string>) => string | Promise<string>} work
 * @param {Record<string, string>} [values]
 * @returns {Promise<boolean>} whether it was done
 */
export function ask(id, work, values = {}) {
  const place = dialog(id);
  const form = find("form", HTMLFormElement, place);
  const trouble = find("[data-trouble]", HTMLElement, place);
  if (!form || !trouble) return Promise.resolve(false);
  form.reset();
  trouble.textContent = "";
  for (const [name, value] of Object.entries(values)) {
    const input = form.elements.namedItem(name);
    if (input instanceof HTMLInputElement) input.value = value;
  }
  let done = false;
  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const fields = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
    trouble.textContent = await work(fields);
    if (trouble.textContent) return find("input", HTMLInputElement, form)?.select();
    done = true;
    place.close();
  };
  form.addEventListener("submit", submit);
  place.showModal();
  const first = find("input", HTMLInputElement, form);
  first?.focus();
  first?.select();
  return new Promise((resolve) => {
    place.addEventListener("close", () => {
      form.removeEventListener("submit", submit);
      resolve(done);
    }, { once: true });
  });
}

/**
 * The arrows go from button to button of a list, and from its ends to `after`.
 * @param {HTMLElement} list @param {HTMLElement | null} after
 */
export function walkButtons(list, after) {
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const buttons = [...list.querySelectorAll("button")];
    const next = buttons[buttons.indexOf(/** @type {any} */ (document.activeElement)) + step];
    (next ?? after)?.focus();
  });
}

/**
 * A percentage off the sale, or off one line.
 * @param {Cart} cart @param {DOMStringMap} texts @param {import("./pos_cart.js").Line | null} line
 */
export function askDiscount(cart, texts, line) {
  const title = find("#till-discount-title", HTMLElement);
  if (title) title.textContent = line ? (texts.discountOf ?? "").replace("{name}", line.name) : texts.discountAll ?? "";
  const before = line ? line.discount ?? "0" : cart.discount;
  return ask("till-discount-dialog", ({ percent }) => {
    if (percent && (!PERCENT.test(percent) || Number(percent.replace(",", ".")) > 100)) return texts.percentWrong ?? "";
    cart.takeOff((percent || "0").replace(",", "."), line?.id ?? null);
    return "";
  }, { percent: before === "0" ? "" : before });
}

/** @param {Cart} cart */
export function askCoupon(cart) {
  return ask("till-coupon-dialog", ({ coupon }) => {
    cart.coupon = coupon.toUpperCase();
    cart.save();
    return "";
  }, { coupon: cart.coupon });
}

/**
 * A supervisor allows the discount, with the PIN; it goes to the server and is kept nowhere.
 * @param {Cart} cart @param {string} url @param {DOMStringMap} texts
 */
export function askApproval(cart, url, texts) {
  return ask("till-approval-dialog", async ({ approver, pin }) => {
    const answer = await post(url, { approver, pin, percent: cart.priced?.most_percent ?? "100", key: cart.key });
    if (answer?.status !== 200) return answer?.body.message ?? texts.unread ?? "";
    cart.approval = answer.body.approval;
    cart.save();
    return "";
  });
}

/**
 * Choosing the customer: found by name or document, or added.
 * @param {Cart} cart @param {string} url @param {DOMStringMap} texts
 * @returns {(reason?: string) => void} opens the dialog; `reason` says why one is needed
 */
export function startCustomers(cart, url, texts) {
  const place = dialog("till-customer-dialog");
  const input = /** @type {HTMLInputElement} */ (find("[data-search]", HTMLInputElement, place));
  const list = /** @type {HTMLElement} */ (find("[data-found]", HTMLElement, place));
  const trouble = /** @type {HTMLElement} */ (find("[data-trouble]", HTMLElement, place));
  const form = /** @type {HTMLFormElement} */ (find("form", HTMLFormElement, place));
  let timer = 0;
  let key = "";

  /** @param {Buyer | null} buyer */
  const choose = (buyer) => {
    cart.customer = buyer;
    cart.tenders = cart.tenders.filter(({ method }) => !["wallet", "points", "credit"].includes(method));
    cart.save();
    place.close();
  };

  /** @param {Buyer} buyer */
  const item = (buyer) => {
    const row = make("li");
    const button = make("button", "till-buyer");
    button.type = "button";
    button.append(make("span", "", buyer.name), make("small", "text-secondary", buyer.document));
    button.addEventListener("click", () => choose(buyer));
    row.append(button);
    return row;
  };

  const look = async () => {
    const words = input.value.trim();
    const answer = words.length > 1 ? await getJson(`${url}?q=${encodeURIComponent(words)}`) : { customers: [] };
    if (words !== input.value.trim()) return;
    list.replaceChildren(...(answer?.customers ?? []).map(item));
    trouble.textContent = answer ? "" : texts.unread ?? "";
    if (answer && words.length > 1 && !answer.customers.length) {
      trouble.textContent = (texts.nothing ?? "").replace("{text}", words);
      offer(words);
    }
  };

  /** A number of a DNI or a RUC that nobody has is the new customer's. @param {string} words */
  const offer = (words) => {
    const [type] = DOCUMENTS.find(([, shape]) => /** @type {RegExp} */ (shape).test(words)) ?? [];
    if (!type) return;
    begin(String(type));
    const number = form.elements.namedItem("doc_number");
    if (number instanceof HTMLInputElement) number.value = words;
  };

  /** Open the form of a new customer at a kind of document. @param {string} type */
  const begin = (type) => {
    const kind = form.elements.namedItem("doc_type");
    if (kind instanceof HTMLSelectElement) kind.value = type;
    form.closest("details")?.setAttribute("open", "");
  };

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    const first = find("button", HTMLButtonElement, list);
    if (event.key === "Enter") first?.click();
    else first?.focus();
  });
  walkButtons(list, input);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { doc_type, doc_number, full_name } = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)));
    const answer = await post(url, { key, doc_type, doc_number: doc_number.trim() || null, full_name: full_name.trim() });
    if (answer?.status === 200) return choose(answer.body.customer);
    trouble.textContent = answer?.body.message ?? texts.unread ?? "";
    // What was refused may be asked for again with other words.
    key = crypto.randomUUID();
  });
  find("[data-nobody]", HTMLButtonElement, place)?.addEventListener("click", () => choose(null));

  return (reason = "") => {
    form.reset();
    input.value = "";
    list.replaceChildren();
    trouble.textContent = reason;
    form.closest("details")?.removeAttribute("open");
    key = crypto.randomUUID();
    const nobody = find("[data-nobody]", HTMLButtonElement, place);
    if (nobody) nobody.hidden = cart.customer === null;
    place.showModal();
    input.focus();
  };
}
