/** The dialog of an export opens over the list; without this script it is a page of its own. */
import { find } from "./dom.js";

/** @param {HTMLAnchorElement} link */
async function openDialog(link) {
  const address = new URL(link.href);
  address.searchParams.set("dialog", "1");
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("dialog");
  if (!(fresh instanceof HTMLDialogElement)) throw new Error("no dialog");
  document.getElementById("export-dialog")?.remove();
  const dialog = document.body.appendChild(document.adoptNode(fresh));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
    if (!(event.target instanceof Element) || !event.target.closest("[data-close]")) return;
    event.preventDefault();
    dialog.close();
  });
  // The download leaves the page as it is.
  find("form", HTMLFormElement, dialog)?.addEventListener("submit", () => setTimeout(() => dialog.close(), 300));
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  if (!(event.target instanceof Element) || !(event instanceof MouseEvent) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = event.target.closest("a[data-export]");
  if (!(link instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  openDialog(link).catch(() => location.assign(link.href));
});
