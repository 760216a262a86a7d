/** The calendar: events dragged to another day, or moved by key or by date. */
import { all, find } from "./dom.js";
import { announce, send, showMoveButtons } from "./moves.js";

/** Sortable's global, which its script makes before modules run. */
const Sortable = /** @type {any} */ (globalThis).Sortable;
const WEEK = 7;

function calendar() {
  return find("[data-calendar]", HTMLElement);
}

/** @param {Element} event */
function titleOf(event) {
  return find("[data-title]", HTMLElement, event)?.textContent?.trim() ?? "";
}

/**
 * @param {string} iso
 * @param {number} days
 */
function later(iso, days) {
  const date = new Date(`${iso}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** @param {string} iso */
function inWords(iso) {
  return new Date(`${iso}T12:00:00Z`).toLocaleDateString(document.documentElement.lang, { dateStyle: "full", timeZone: "UTC" });
}

/**
 * @param {HTMLElement} event
 * @param {string} to
 */
async function move(event, to) {
  const texts = calendar()?.dataset ?? {};
  const { event: pk = "", stamp = "", start = "" } = event.dataset;
  const title = titleOf(event);
  const url = (texts.moveUrl ?? "").replace(/PK$/, encodeURIComponent(pk));
  const body = await send(url, { by: texts.by ?? "", from: start, to, stamp }, texts.failed ?? "");
  await redraw();
  const moved = find(`[data-event="${CSS.escape(pk)}"]`, HTMLElement);
  if (moved) find("a", HTMLAnchorElement, moved)?.focus();
  if (body) announce((texts.moved ?? "").replace("EVENT", title).replace("DAY", inWords(to)));
}

/** An event of several days stands in several places, so the days are drawn anew by the server. */
async function redraw() {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-calendar]");
  if (fresh) calendar()?.replaceWith(document.adoptNode(fresh));
  start();
}

/** @param {HTMLElement} event */
function ask(event) {
  const dialog = find("#move-event", HTMLDialogElement);
  const day = dialog && find("#move-event-day", HTMLInputElement, dialog);
  const title = dialog && find("[data-move-title]", HTMLElement, dialog);
  if (!dialog || !day || !title) return;
  title.textContent = (calendar()?.dataset.moving ?? "").replace("EVENT", titleOf(event));
  day.value = event.dataset.start ?? "";
  dialog.returnValue = "";
  dialog.showModal();
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "yes" && day.value && day.value !== event.dataset.start) move(event, day.value);
  }, { once: true });
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (!event.shiftKey || event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
  const item = event.target.closest("[data-event]");
  const days = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -WEEK, ArrowDown: WEEK }[event.key];
  if (!days || !(item instanceof HTMLElement)) return;
  event.preventDefault();
  move(item, later(item.dataset.start ?? "", days));
}

function start() {
  const root = calendar();
  if (!root?.dataset.moveUrl) return;
  showMoveButtons(root);
  root.addEventListener("keydown", onKey);
  root.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-move]") : null;
    const item = button?.closest("[data-event]");
    if (item instanceof HTMLElement) ask(item);
  });
  for (const list of all("[data-events]", root)) {
    Sortable.create(list, {
      group: "calendar",
      draggable: "[data-event]:not(.from-before)",
      animation: 120,
      delay: 150,
      delayOnTouchOnly: true,
      sort: false,
      onEnd: (/** @type {any} */ event) => {
        const day = event.to.closest("[data-day]");
        if (event.from !== event.to && day instanceof HTMLElement) move(event.item, day.dataset.day ?? "");
      },
    });
  }
}

start();
