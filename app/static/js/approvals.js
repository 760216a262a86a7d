/** The inbox of approvals by keys: j and k walk, x ticks, a approves, r goes to the reason and rejects. */
import { all, find, isTyping } from "./dom.js";

const form = find("form[data-approvals]", HTMLFormElement);

/** @param {number} step */
function walk(step) {
  const boxes = all("input[name=approval]:not(:disabled)", form ?? document);
  const at = boxes.findIndex((box) => box === document.activeElement);
  const next = boxes[Math.min(Math.max(at + step, 0), boxes.length - 1)];
  next?.focus();
  next?.closest("[data-approval]")?.scrollIntoView({ block: "nearest" });
}

/** @param {string} key */
function answer(key) {
  const button = form && find(`[data-answer="${key}"]`, HTMLButtonElement, form);
  const reason = form && find("[name=reason]", HTMLInputElement, form);
  if (!form || !button || !reason) return;
  if (key === "r" && !reason.value.trim()) reason.focus();
  else form.requestSubmit(button);
}

document.addEventListener("keydown", (event) => {
  const box = event.target instanceof HTMLInputElement && event.target.type === "checkbox";
  if (!form || event.ctrlKey || event.metaKey || event.altKey || (isTyping(event.target) && !box)) return;
  if (event.key === "j") walk(1);
  else if (event.key === "k") walk(-1);
  else if (event.key === "x" && box) event.target.click();
  else if (event.key === "a" || event.key === "r") answer(event.key);
  else return;
  event.preventDefault();
});

// Enter in the reason doesn't approve: which of the two is meant is said by a button.
form?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
});
