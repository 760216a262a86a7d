/** Questions and notices over the page. */
import { all, find, make } from "./dom.js";

/**
 * Ask before something that can't be taken back; resolves to whether to go on.
 * @param {string} question
 * @param {string} [button] what the button that goes on says
 * @returns {Promise<boolean>}
 */
export function confirm(question, button = "") {
  const dialog = find("#confirm", HTMLDialogElement);
  if (!dialog) return Promise.resolve(true);
  const text = find("#confirm-question", HTMLElement, dialog);
  const yes = find("[data-confirm-yes]", HTMLElement, dialog);
  if (text) text.textContent = question;
  if (yes && button) yes.textContent = button;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

/**
 * A notice at the edge of the page that goes away by itself.
 * @param {string} text
 * @param {"success" | "info" | "warning" | "danger"} [tone]
 */
export function notify(text, tone = "info") {
  const place = document.getElementById("toasts");
  if (!place) return;
  const toast = make("div", `alert alert-${tone} toast-note`);
  const close = make("button", "btn-close");
  close.type = "button";
  close.setAttribute("aria-label", place.dataset.close ?? "");
  close.addEventListener("click", () => toast.remove());
  toast.append(make("div", "", text), close);
  place.append(toast);
  setTimeout(() => toast.remove(), 8000);
}

/** What to say when a request in the background failed. */
export function notifyFailure() {
  notify(document.getElementById("toasts")?.dataset.failed ?? "", "danger");
}

/** Forms with `data-confirm` ask first; buttons with `data-dialog` open a dialog of the page. */
export function listenForQuestions() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.confirm) return;
    const { submitter } = event;
    event.preventDefault();
    event.stopPropagation();
    if (!(await confirm(form.dataset.confirm, form.dataset.confirmButton))) return;
    const question = form.dataset.confirm;
    delete form.dataset.confirm;
    form.requestSubmit(submitter instanceof HTMLElement ? submitter : null);
    form.dataset.confirm = question;
  }, true);

  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const opener = event.target.closest("[data-dialog]");
    if (opener instanceof HTMLElement) {
      find(`#${opener.dataset.dialog}`, HTMLDialogElement)?.showModal();
    }
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog")?.close();
  });

  for (const dialog of all("dialog")) {
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog && dialog instanceof HTMLDialogElement) dialog.close();
    });
  }
}
