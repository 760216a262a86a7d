/** The palette: Ctrl-K, type, Enter. A combobox whose list the server draws; and the keys (?). */
import { all, find, isTyping, make } from "./dom.js";

const PAUSE = 120;

export function startPalette() {
  const dialog = find("#palette", HTMLDialogElement);
  const input = find("#palette-input", HTMLInputElement);
  const list = find("#palette-list", HTMLElement);
  const status = find("#palette-status", HTMLElement);
  if (!dialog || !input || !list || !status) return;

  let waiting = 0;
  /** @type {AbortController | null} */
  let asking = null;
  /** What the list shows the results of; null before anything was asked. */
  let shown = /** @type {string | null} */ (null);
  /** Enter was pressed before the results came. */
  let eager = false;

  const options = () => all("[role=option]", list);
  const chosen = () => find("[aria-selected=true]", HTMLElement, list);

  /** @param {HTMLElement | undefined} option */
  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    if (!option) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  };

  /** @param {HTMLElement} option @param {boolean} [elsewhere] in a new tab */
  const take = (option, elsewhere = false) => {
    const press = option.dataset.press;
    if (press) {
      dialog.close();
      find(press, HTMLElement)?.click();
    } else if (option instanceof HTMLAnchorElement && elsewhere) {
      window.open(option.href, "_blank", "noopener");
    } else if (option instanceof HTMLAnchorElement) {
      location.assign(option.href);
    }
  };

  const ask = async () => {
    const text = input.value;
    if (text === shown) return;
    asking?.abort();
    asking = new AbortController();
    list.ariaBusy = "true";
    try {
      const url = `${dialog.dataset.results}?${new URLSearchParams({ q: text })}`;
      const answer = await fetch(url, { signal: asking.signal, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      list.innerHTML = html;
      shown = text;
      const count = options().length;
      status.textContent = count ? (dialog.dataset.counted ?? "").replace("{count}", String(count)) : dialog.dataset.none ?? "";
      choose(options()[0]);
      if (eager && options()[0]) take(options()[0]);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      const text = dialog.dataset.failed ?? "";
      list.replaceChildren(make("p", "found-none", text));
      status.textContent = text;
      shown = null;
    }
    eager = false;
    list.ariaBusy = "false";
  };

  const open = () => {
    if (dialog.open) {
      input.select();
      return;
    }
    // The menu of a phone would lie over it.
    const close = find('.sidebar.show [data-bs-dismiss="offcanvas"]', HTMLElement);
    close?.click();
    dialog.showModal();
    input.select();
    shown = null;
    void ask();
  };

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    eager = false;
    waiting = window.setTimeout(ask, PAUSE);
  });
  input.form?.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.findIndex((option) => option === chosen());
    if (event.key === "ArrowDown") choose(all[(at + 1) % all.length]);
    else if (event.key === "ArrowUp") choose(all[(at - 1 + all.length) % all.length]);
    else if (event.key === "PageDown") choose(all[Math.min(at + 5, all.length - 1)]);
    else if (event.key === "PageUp") choose(all[Math.max(at - 5, 0)]);
    else if (event.key === "Enter" && !event.isComposing) {
      const option = chosen();
      if (input.value !== shown) {
        eager = true;
        clearTimeout(waiting);
        void ask();
      } else if (option) take(option, event.ctrlKey || event.metaKey);
    } else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    if (!(option instanceof HTMLElement) || !option.dataset.press) return;
    event.preventDefault();
    take(option);
  });
  list.addEventListener("mousemove", (event) => {
    const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    if (option instanceof HTMLElement && option !== chosen()) choose(option);
  });
  dialog.addEventListener("close", () => asking?.abort());

  for (const opener of all("[data-palette]")) {
    opener.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open();
    });
  }
  let before = "";
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      open();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "?") showKeys();
    if (before === "g" && event.key === "h") location.assign("/");
    before = event.key;
  });
  find("#keys-opener", HTMLElement)?.addEventListener("click", listKeys);
}

function showKeys() {
  const dialog = find("#keys", HTMLDialogElement);
  if (!dialog || dialog.open) return;
  listKeys();
  dialog.showModal();
}

/** The page's own keys, from what they press. */
function listKeys() {
  const body = find("#keys-list", HTMLTableSectionElement);
  if (!body) return;
  for (const row of all("[data-keys-of]", body)) row.hidden = !document.querySelector(row.dataset.keysOf ?? "");
  for (const row of all("[data-found]", body)) row.remove();
  for (const element of all("[data-key]")) {
    const key = element.dataset.key ?? "";
    const text = element.getAttribute("aria-label") || element.title || element.textContent?.trim();
    if (element.offsetParent === null || key === "s" || !text) continue;
    const row = body.insertRow();
    row.dataset.found = "";
    row.insertCell().append(make("kbd", "", key));
    row.insertCell().textContent = text;
  }
}
