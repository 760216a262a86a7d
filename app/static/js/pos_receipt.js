/** The page after a sale: prints the receipt, and says when it is there. */
import { all, find } from "./dom.js";

/** Open the browser's print dialog for the receipt alone. */
function print() {
  const frame = find("#receipt-frame", HTMLIFrameElement);
  if (!frame?.contentWindow) return;
  frame.contentWindow.focus();
  frame.contentWindow.print();
}

function showReady() {
  if (!find("[data-receipt-ready]", HTMLElement)) return;
  for (const button of all("[data-print]")) button.removeAttribute("disabled");
  for (const link of all("[data-needs-receipt]")) link.hidden = false;
}

for (const button of all("[data-print]")) button.addEventListener("click", print);
const page = find(".receipt-page", HTMLElement);
if (page) new MutationObserver(showReady).observe(page, { childList: true, subtree: true });
