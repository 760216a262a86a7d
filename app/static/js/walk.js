/** From record to record of the list one came from: its page is remembered while the tab is open. */
import { all, find } from "./dom.js";

const WAY = "qhatu.way";

/** @typedef {{list: string, records: string[]}} Way */

/** Remember the records of the list that is left, in their order. */
export function rememberWay() {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-row] a[data-open]") : null;
    const table = link?.closest("[data-records]");
    if (!(table instanceof HTMLElement)) return;
    const records = all("[data-row] a[data-open]", table).map((each) => (each instanceof HTMLAnchorElement ? each.pathname : ""));
    try {
      sessionStorage.setItem(WAY, JSON.stringify({ list: location.pathname + location.search, records: [...new Set(records)] }));
    } catch {
      // Without storage there is no way to the next record; the list is still there.
    }
  }, true);
}

/** @returns {Way | null} */
function way() {
  try {
    const known = JSON.parse(sessionStorage.getItem(WAY) ?? "null");
    return Array.isArray(known?.records) ? known : null;
  } catch {
    return null;
  }
}

/** Show the way to the previous and the next record, if this one is of the list. */
export function showWay() {
  const nav = find("[data-walk]", HTMLElement);
  const known = way();
  const at = known?.records.indexOf(location.pathname) ?? -1;
  if (!nav || !known || at < 0 || known.records.length < 2) return;
  for (const [name, index] of /** @type {[string, number][]} */ ([["previous", at - 1], ["next", at + 1]])) {
    const link = find(`[data-walk-${name}]`, HTMLAnchorElement, nav);
    const target = known.records[index];
    if (!link) continue;
    if (target) link.href = target;
    else link.setAttribute("aria-disabled", "true");
  }
  const place = find("[data-walk-place]", HTMLElement, nav);
  const text = (nav.dataset.of ?? "").replace("{number}", String(at + 1)).replace("{count}", String(known.records.length));
  if (place) place.textContent = text;
  nav.hidden = false;
}

rememberWay();
