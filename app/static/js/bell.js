/** The bell of the top bar: how many notifications are unread, asked now and then. */
import { find, getJson } from "./dom.js";

const EVERY = 45_000;
/** A number asked by another page less than this ago will do. */
const FRESH = 20_000;
const REMEMBERED = "qhatu.bell";

const bell = find("#bell", HTMLElement);
const button = bell && find(".bell-button", HTMLElement, bell);
const badge = bell && find(".bell-count", HTMLElement, bell);
const menu = bell && find("#bell-menu", HTMLElement, bell);
let newest = -1;

/** @typedef {{unread: number, newest: number, at: number}} Known */

/** @returns {Known | null} */
function remembered() {
  try {
    const known = JSON.parse(sessionStorage.getItem(REMEMBERED) ?? "null");
    return typeof known?.unread === "number" && typeof known?.at === "number" ? known : null;
  } catch {
    return null;
  }
}

/** @param {number} unread */
function show(unread) {
  if (!bell || !button || !badge) return;
  badge.hidden = unread === 0;
  badge.textContent = unread >= 100 ? "99+" : String(unread);
  const text = (unread ? bell.dataset.labelUnread : bell.dataset.label) ?? "";
  button.setAttribute("aria-label", text.replace("{count}", String(unread)));
}

async function ask() {
  if (!bell || document.visibilityState !== "visible") return;
  const known = await getJson(bell.dataset.countUrl ?? "");
  if (!known) return; // away for a moment: the next round asks again
  show(known.unread);
  if (newest >= 0 && known.newest > newest) bell.classList.add("news");
  newest = known.newest;
  sessionStorage.setItem(REMEMBERED, JSON.stringify({ ...known, at: Date.now() }));
}

/** The number changes by what is done here, so the next page asks for it. */
function forget() {
  sessionStorage.removeItem(REMEMBERED);
}

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest(".notification")) forget();
});
if (location.pathname.startsWith("/notifications")) forget();
const known = remembered();
if (known) {
  show(known.unread);
  newest = known.newest;
}
if (!known || Date.now() - known.at > FRESH) void ask();
setInterval(ask, EVERY);
document.addEventListener("visibilitychange", ask);
document.addEventListener("qhatu:notified", ask);
bell?.addEventListener("show.bs.dropdown", () => {
  bell.classList.remove("news");
  menu?.dispatchEvent(new Event("open"));
});
menu?.addEventListener("htmx:after:swap", ask);
