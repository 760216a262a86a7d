/** Parts of the page that links load into one dialog. */
import { find } from "./dom.js";

/** @param {(place: HTMLElement) => void} start makes what came work */
export function startPanel(start) {
  const dialog = find("#panel", HTMLDialogElement);
  const body = dialog && find("#panel-body", HTMLElement, dialog);
  if (!dialog || !body) return;
  document.addEventListener("htmx:after:swap", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-panel]")) return;
    if (!dialog.open) dialog.showModal();
    start(body);
  });
}
