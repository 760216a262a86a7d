/** Ticking rows of a list: ranges by Shift, all of the page, all that the list finds, x for the row one is at. */
import { all, find, isTyping } from "./dom.js";

/** @returns {HTMLInputElement[]} */
function boxes() {
  return all("[data-pick]").filter((box) => box instanceof HTMLInputElement);
}

/** @param {HTMLFormElement} bar */
function start(bar) {
  const everything = find("[data-bulk-all]", HTMLInputElement, bar);
  const count = find("[data-bulk-count]", HTMLElement, bar);
  /** @type {HTMLInputElement | null} */
  let last = null;

  const show = () => {
    const list = boxes();
    const ticked = list.filter((box) => box.checked);
    const page = find("[data-pick-page]", HTMLInputElement);
    if (page) {
      page.checked = list.length > 0 && ticked.length === list.length;
      page.indeterminate = ticked.length > 0 && !page.checked;
    }
    if (everything && ticked.length < list.length) everything.checked = false;
    for (const box of list) box.closest("tr")?.classList.toggle("picked", box.checked);
    if (count) count.textContent = saying(count, ticked.length, everything?.checked ?? false);
  };

  document.addEventListener("click", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement) || !("pick" in box.dataset)) return;
    if (event.shiftKey && last) between(last, box).forEach((other) => (other.checked = box.checked));
    last = box;
    show();
  });
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement)) return;
    const whole = "pickPage" in box.dataset || (box === everything && box.checked);
    if (whole) for (const other of boxes()) other.checked = box.checked;
    if (whole || box === everything || "pick" in box.dataset) show();
  });
  // Selecting nothing leaves the page as it came.
  bar.addEventListener("reset", () => setTimeout(show));
  document.addEventListener("keydown", (event) => {
    const onBox = event.target instanceof HTMLInputElement && event.target.type === "checkbox";
    if (event.ctrlKey || event.metaKey || event.altKey || (isTyping(event.target) && !onBox)) return;
    if (event.key === "Escape" && boxes().some((box) => box.checked)) {
      for (const box of boxes()) box.checked = false;
      show();
    } else if (event.key === "x") {
      const focused = document.activeElement?.closest("[data-row]");
      const box = find("[data-pick]", HTMLInputElement, focused ?? find("tr.at", HTMLElement) ?? bar);
      box?.click();
    }
  });
  // The browser puts ticks back after going back.
  addEventListener("pageshow", show);
  show();
}

/**
 * @param {HTMLElement} element holds the words
 * @param {number} ticked
 * @param {boolean} everything
 */
function saying(element, ticked, everything) {
  const { one = "", many = "", all: whole = "" } = element.dataset;
  if (everything) return whole;
  if (ticked === 0) return "";
  return ticked === 1 ? one : many.replace("{n}", ticked.toLocaleString(document.documentElement.lang));
}

/**
 * The boxes from one to the other, in either direction.
 * @param {HTMLInputElement} one
 * @param {HTMLInputElement} other
 */
function between(one, other) {
  const list = boxes();
  const [from = 0, to = 0] = [list.indexOf(one), list.indexOf(other)].sort((a, b) => a - b);
  return list.slice(from, to + 1);
}

const bar = find("[data-bulk]", HTMLFormElement);
if (bar) start(bar);
