/** What a user may do: find a screen, print. */
import { all, find, fold } from "./dom.js";

const place = find("[data-find-box]", HTMLElement);
const box = find("[data-find]", HTMLInputElement);
const none = find(".matrix-none", HTMLElement);

function narrow() {
  const words = fold(box?.value ?? "").split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const group of all("[data-group]")) {
    let left = 0;
    for (const row of all("[data-row]", group)) {
      const text = fold(row.dataset.text ?? "");
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) left += 1;
    }
    group.hidden = left === 0;
    shown += left;
  }
  if (none) none.hidden = shown > 0;
}

if (place && box && none) {
  place.hidden = false;
  box.addEventListener("input", narrow);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}
for (const button of all("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
