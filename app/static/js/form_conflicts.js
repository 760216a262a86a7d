/** Two versions of a record: typing into one's own value chooses it. */
import { all, find } from "./dom.js";

/** @param {HTMLFormElement} form */
export function startConflicts(form) {
  for (const place of all("[data-conflict-input]", form)) {
    const mine = find("input[type=radio]", HTMLInputElement, place.closest("td") ?? form);
    for (const event of ["input", "change"]) place.addEventListener(event, () => mine && (mine.checked = true));
  }
}
