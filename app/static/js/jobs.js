/** The page of the jobs keeps itself up to date while somebody looks at it. */
import { find } from "./dom.js";

const EVERY = 3000;
const place = find("[data-refresh]", HTMLElement);

/** Not while somebody is at a button in it: it would be gone under the finger. */
function isInUse() {
  return document.hidden || (place?.contains(document.activeElement) ?? false) || document.querySelector("dialog[open]") !== null;
}

async function refresh() {
  if (place && !isInUse()) {
    try {
      const answer = await fetch(place.dataset.refresh ?? "", { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!isInUse()) place.replaceChildren(...[...fresh.body.childNodes].map((node) => document.adoptNode(node)));
    } catch {
      // The network is away for a moment; the next round tells.
    }
  }
  setTimeout(refresh, EVERY);
}

setTimeout(refresh, EVERY);
