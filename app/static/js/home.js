/** The start page: its tiles put in order, and said when one can't be loaded. */
import { all, find, make } from "./dom.js";

const list = find("#tile-order", HTMLElement);

list?.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[data-move]") : null;
  const item = button?.closest("li");
  if (!(button instanceof HTMLElement) || !item) return;
  if (button.dataset.move === "-1") item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
  button.focus();
});
// @ts-ignore - SortableJS is a script of its own.
const Sortable = window.Sortable;
if (list && Sortable) Sortable.create(list, { handle: ".arrange-grip", animation: 120 });

for (const body of all(".tile-body")) {
  for (const failure of ["htmx:response:error", "htmx:error"]) {
    body.addEventListener(failure, () => body.replaceChildren(make("p", "tile-wait", document.getElementById("toasts")?.dataset.failed ?? "")));
  }
}
