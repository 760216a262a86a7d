/** The kanban board: cards dragged, moved by key or by menu; totals of its columns. */
import { all, find, getJson, make } from "./dom.js";
import { announce, choosePlace, send, showMoveButtons } from "./moves.js";

/** Sortable's global, which its script makes before modules run. */
const Sortable = /** @type {any} */ (globalThis).Sortable;
const board = find("[data-board]", HTMLElement);
const texts = board?.dataset ?? {};

/** @param {Element} element */
function laneOf(element) {
  const lane = element.closest("[data-lane]");
  return lane instanceof HTMLElement ? lane : null;
}

/** @param {Element} lane */
function labelOf(lane) {
  return find("[data-lane-label]", HTMLElement, lane)?.textContent?.trim() ?? "";
}

/** @param {Element} card */
function titleOf(card) {
  return find("[data-title]", HTMLElement, card)?.textContent?.trim() ?? "";
}

function lanes() {
  return board ? all("[data-lane]", board) : [];
}

/**
 * Put the card into the lane at once, and back if the server refuses.
 * @param {HTMLElement} card
 * @param {HTMLElement} from
 * @param {HTMLElement} to
 * @param {Node | null} behind where it was, for the way back
 */
async function move(card, from, to, behind) {
  const body = await send((texts.moveUrl ?? "").replace(/PK$/, encodeURIComponent(card.dataset.card ?? "")), {
    by: texts.by ?? "",
    from: from.dataset.lane ?? "",
    to: to.dataset.lane ?? "",
    stamp: card.dataset.stamp ?? "",
  }, texts.failed ?? "");
  if (!body) {
    find("[data-cards]", HTMLElement, from)?.insertBefore(card, behind);
    return;
  }
  card.dataset.stamp = body.stamp;
  announce((texts.moved ?? "").replace("CARD", titleOf(card)).replace("LANE", labelOf(to)));
  await refreshTotals();
}

/**
 * @param {HTMLElement} card
 * @param {HTMLElement} to
 */
function moveTo(card, to) {
  const from = laneOf(card);
  const list = find("[data-cards]", HTMLElement, to);
  if (!from || !list || from === to) return;
  const behind = card.nextSibling;
  list.prepend(card);
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
  find("a", HTMLAnchorElement, card)?.focus();
  move(card, from, to, behind);
}

/** @param {HTMLElement} card */
async function ask(card) {
  const here = laneOf(card);
  const places = lanes().map((lane) => ({ key: lane.dataset.lane ?? "", label: labelOf(lane), disabled: lane === here }));
  const key = await choosePlace((texts.moving ?? "").replace("CARD", titleOf(card)), places);
  const to = lanes().find((lane) => lane.dataset.lane === key);
  if (to) moveTo(card, to);
}

async function refreshTotals() {
  /** @type {Record<string, {count: string, sums: string[]}> | null} */
  const totals = await getJson(texts.totalsUrl ?? "");
  if (!totals) return;
  for (const lane of lanes()) {
    const total = totals[lane.dataset.lane ?? ""];
    const count = find("[data-count]", HTMLElement, lane);
    const sums = find("[data-sums]", HTMLElement, lane);
    if (!total || !count || !sums) continue;
    count.textContent = total.count;
    sums.replaceChildren(...total.sums.map((sum) => make("span", "", sum)));
  }
}

/**
 * Arrows walk from card to card; with Shift they take the card along to the next column.
 * @param {KeyboardEvent} event
 */
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.target instanceof Element)) return;
  const card = event.target.closest("[data-card]");
  const lane = card && laneOf(card);
  if (!(card instanceof HTMLElement) || !lane) return;
  const cards = all("[data-card]", lane);
  const step = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  event.preventDefault();
  if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    focusCard(cards[cards.indexOf(card) + step]);
    return;
  }
  const all_ = lanes();
  const at = all_.indexOf(lane);
  if (event.shiftKey) {
    if (texts.moveUrl && all_[at + step]) moveTo(card, all_[at + step]);
    return;
  }
  const row = cards.indexOf(card);
  for (let next = at + step; all_[next]; next += step) {
    const others = all("[data-card]", all_[next]);
    if (others.length) return focusCard(others[Math.min(row, others.length - 1)]);
  }
}

/** @param {HTMLElement | undefined} card */
function focusCard(card) {
  if (card) find("a", HTMLAnchorElement, card)?.focus();
}

function start() {
  if (!board) return;
  board.addEventListener("keydown", onKey);
  if ("later" in texts) refreshTotals();
  if (!texts.moveUrl) return;
  showMoveButtons(board);
  board.addEventListener("htmx:after:swap", () => showMoveButtons(board));
  board.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-move]") : null;
    const card = button?.closest("[data-card]");
    if (card instanceof HTMLElement) ask(card);
  });
  for (const list of all("[data-cards]", board)) {
    /** @type {Node | null} */
    let behind = null;
    Sortable.create(list, {
      group: "board",
      draggable: "[data-card]",
      animation: 120,
      delay: 150,
      delayOnTouchOnly: true,
      sort: false,
      onStart: (/** @type {any} */ event) => (behind = event.item.nextSibling),
      onEnd: (/** @type {any} */ event) => {
        const from = laneOf(event.from);
        const to = laneOf(event.to);
        if (from && to && from !== to) move(event.item, from, to, behind);
      },
    });
  }
}

start();
