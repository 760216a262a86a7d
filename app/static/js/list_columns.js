/** The chooser of columns: drag, or move with the arrow keys and buttons. */
import { all, find, fold } from "./dom.js";

/** @param {ParentNode} root */
export function startColumns(root) {
  const form = find("[data-columns]", HTMLFormElement, root);
  const list = form && find("[data-columns-list]", HTMLElement, form);
  if (!form || !list) return;
  drag(list, form.dataset.sortable ?? "");
  list.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-move]") : null;
    if (button instanceof HTMLElement) move(form, list, button, Number(button.dataset.move));
  });
  list.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key) || !(event.target instanceof HTMLElement)) return;
    event.preventDefault();
    move(form, list, event.target, event.key === "ArrowUp" ? -1 : 1);
  });
  const search = find("[data-columns-find]", HTMLInputElement, form);
  search?.addEventListener("input", () => {
    const words = fold(search.value.trim());
    for (const item of items(list)) item.hidden = !fold(item.textContent ?? "").includes(words);
  });
  search?.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

/** @param {HTMLElement} list */
function items(list) {
  return all("[data-column-item]", list);
}

/** @param {HTMLElement} list @param {string} url */
function drag(list, url) {
  const begin = () => {
    /** @type {any} */ (globalThis).Sortable?.create(list, { handle: "[data-grip]", animation: 120, ghostClass: "column-ghost" });
  };
  if ("Sortable" in globalThis) return begin();
  const script = document.createElement("script");
  script.src = url;
  script.addEventListener("load", begin);
  document.head.append(script);
}

/** @param {HTMLElement} form @param {HTMLElement} list @param {HTMLElement} from @param {number} step */
function move(form, list, from, step) {
  const item = from.closest("[data-column-item]");
  if (!(item instanceof HTMLElement)) return;
  const shown = items(list).filter((other) => !other.hidden);
  const other = shown[shown.indexOf(item) + step];
  if (!other) return;
  if (step < 0) other.before(item);
  else other.after(item);
  from.focus();
  const status = find("[data-columns-status]", HTMLElement, form);
  if (!status) return;
  status.textContent = (status.dataset.moved ?? "")
    .replace("{column}", find("label", HTMLElement, item)?.textContent?.trim() ?? "")
    .replace("{place}", String(items(list).indexOf(item) + 1))
    .replace("{count}", String(items(list).length));
}
