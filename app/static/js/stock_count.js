/**
 * Counting with a scanner: the box is free at once, and what was scanned is sent one after the other.
 * Each has a key of its own and is sent again under it when no answer comes, so it counts once.
 */
import { csrfToken, find } from "./dom.js";

/** @typedef {{code?: string, variant?: string, quantity: string, adds: boolean, key: string}} Entry */

const TIMES = /^(\d{1,6})\s*[*x×]\s*(.+)$/i;
const PATIENCE = 15_000;
const AGAIN = 3000;

/** @param {HTMLElement} root */
function startCounting(root) {
  const form = find("[data-count-form]", HTMLFormElement, root);
  const input = find("[data-count-code]", HTMLInputElement, root);
  const last = find("[data-count-last]", HTMLElement, root);
  const lines = find("[data-count-lines]", HTMLElement, root);
  if (!form || !input || !last || !lines) return;
  const words = root.dataset;
  /** @type {Entry[]} */
  const queue = [];
  let sending = false;

  /** @param {string} text @param {boolean} [trouble] */
  const say = (text, trouble = false) => {
    last.textContent = text;
    last.dataset.state = trouble ? "trouble" : "done";
  };

  /** @param {Entry} entry @returns {Promise<Response>} */
  const send = (entry) => {
    const body = new FormData();
    body.set("key", entry.key);
    body.set("quantity", entry.quantity);
    body.set("code", entry.code ?? "");
    body.set("variant_id", entry.variant ?? "");
    body.set("adds", entry.adds ? "y" : "");
    const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
    return fetch(words.count ?? "", { method: "POST", headers, body, redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
  };

  /** @param {Response} answer @param {Entry} entry */
  const take = async (answer, entry) => {
    if (!answer.ok) {
      const { message } = await answer.json();
      say([entry.code, message].filter(Boolean).join(": "), true);
      return;
    }
    lines.innerHTML = await answer.text();
    const done = find("[data-done]", HTMLElement, lines);
    if (done) say(done.dataset.done ?? "");
  };

  const work = async () => {
    if (sending) return;
    sending = true;
    while (queue.length) {
      try {
        const answer = await send(queue[0]);
        if (answer.status >= 500) throw new Error(String(answer.status));
        await take(answer, queue[0]);
        queue.shift();
      } catch {
        const waiting = (words.waiting ?? "").replace("{count}", String(queue.length));
        say(`${words.lost} ${waiting}`, true);
        await new Promise((go) => setTimeout(go, AGAIN));
      }
    }
    sending = false;
  };

  /** @param {Omit<Entry, "key">} entry */
  const add = (entry) => {
    queue.push({ ...entry, key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}` });
    work();
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    input.value = "";
    input.focus();
    const times = TIMES.exec(text);
    if (text) add({ code: times ? times[2].trim() : text, quantity: times ? times[1] : "1", adds: true });
  });
  lines.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || !field.dataset.variant) return;
    add({ variant: field.dataset.variant, quantity: field.value.trim(), adds: false });
  });
  lines.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    input.focus();
  });
  addEventListener("beforeunload", (event) => {
    if (queue.length) event.preventDefault();
  });
}

const root = find("[data-count]", HTMLElement);
if (root) startCounting(root);
