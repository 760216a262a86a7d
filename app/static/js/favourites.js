/** The page of favourites: put in order by dragging; the arrows of each do it without. */
import { csrfToken, find } from "./dom.js";
import { notifyFailure } from "./messages.js";

const list = find("#arrange", HTMLElement);

async function save() {
  if (!list) return;
  const body = new URLSearchParams();
  for (const item of list.querySelectorAll("li")) body.append("url", item.dataset.url ?? "");
  try {
    const headers = { "X-Requested-With": "fetch", "X-CSRFToken": csrfToken() };
    const answer = await fetch(list.dataset.url ?? "", { method: "POST", body, headers, redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    const place = document.getElementById("favourites");
    if (place) place.innerHTML = await answer.text();
  } catch {
    notifyFailure();
  }
}

// @ts-ignore - SortableJS is a script of its own.
const Sortable = window.Sortable;
if (list && Sortable) Sortable.create(list, { handle: ".arrange-grip", animation: 120, onEnd: save });
