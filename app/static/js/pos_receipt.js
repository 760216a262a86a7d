/** The page after a sale: prints the receipt, and says when it is there. */
import { all, find } from "./dom.js";

/**
 * What the server gives to print comes into the frame: the original once, then copies. Each print has
 * a key of its own, so that a click counts once.
 * @param {SubmitEvent} event
 */
function print(event) {
  const form = event.currentTarget;
  const frame = find("#receipt-frame", HTMLIFrameElement);
  if (!(form instanceof HTMLFormElement) || !frame) return;
  const key = find("[name=key]", HTMLInputElement, form);
  if (key) key.value = crypto.randomUUID();
  frame.addEventListener("load", () => {
    frame.contentWindow?.focus();
    frame.contentWindow?.print();
  }, { once: true });
}

function showReady() {
  if (!find("[data-receipt-ready]", HTMLElement)) return;
  for (const button of all("[data-print]")) button.removeAttribute("disabled");
  for (const link of all("[data-needs-receipt]")) link.hidden = false;
}

find("[data-print-form]", HTMLFormElement)?.addEventListener("submit", print);
const page = find(".receipt-page", HTMLElement);
if (page) new MutationObserver(showReady).observe(page, { childList: true, subtree: true });
