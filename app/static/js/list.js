/** Generated lists: rows that open, keys, filters, columns, related lists. */
import { all, find, isTyping } from "./dom.js";
import { startColumns } from "./list_columns.js";
import { startFilter } from "./list_filter.js";
import { startPanel } from "./panel.js";

/** @param {HTMLElement} row @param {"open" | "edit"} what */
function linkOf(row, what) {
  return find(`a[data-${what}]`, HTMLAnchorElement, row);
}

/** A click on a row opens it, unless it is on something else or marks text. */
function startRows() {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || event.target.closest("a, button, input, label, summary")) return;
    const row = event.target.closest("[data-row]");
    if (!(row instanceof HTMLElement) || getSelection()?.toString()) return;
    const link = linkOf(row, "open");
    if (!link) return;
    if (event.ctrlKey || event.metaKey) open(link.href, "_blank", "noopener");
    else link.click();
  });
}

/** j and k walk through the rows, Enter opens, e edits. */
function startRowKeys() {
  const table = find("[data-records]", HTMLTableElement);
  if (!table) return;
  const rows = all("[data-row]", table);
  let at = -1;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === "j" || event.key === "k") {
      at = Math.min(Math.max(at + (event.key === "j" ? 1 : -1), 0), rows.length - 1);
      rows.forEach((row, index) => row.classList.toggle("at", index === at));
      const link = rows[at] && (linkOf(rows[at], "open") ?? linkOf(rows[at], "edit"));
      link?.focus({ preventScroll: true });
      rows[at]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === "e" && rows[at]) {
      linkOf(rows[at], "edit")?.click();
    } else return;
    event.preventDefault();
  });
}

/** Related lists of a record are fetched when opened, again if that failed the last time. */
function startRelated() {
  for (const fold of all("details[data-related]")) {
    const body = find(".related-body", HTMLElement, fold);
    let loaded = false;
    fold.addEventListener("toggle", () => {
      if (fold.hasAttribute("open") && !loaded) body?.dispatchEvent(new Event("open"));
    });
    body?.addEventListener("htmx:after:swap", () => (loaded = true));
    for (const failure of ["htmx:response:error", "htmx:error"]) {
      body?.addEventListener(failure, () => fold.removeAttribute("open"));
    }
  }
}

startRows();
startRowKeys();
startFilter();
startPanel(startColumns);
startColumns(document);
startRelated();
