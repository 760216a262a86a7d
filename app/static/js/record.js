/** A record's page: lengths of its related lists, folds that stay open, talk, the way to the next. */
import { all, find, getJson } from "./dom.js";
import { startComments } from "./comments.js";
import { showWay } from "./walk.js";

const OPEN_FOLDS = "qhatu.record.open";

/** @returns {string[]} */
function remembered() {
  try {
    const names = JSON.parse(localStorage.getItem(OPEN_FOLDS) ?? "[]");
    return Array.isArray(names) ? names : [];
  } catch {
    return [];
  }
}

/** Related lists are open on the next record when they were left so. */
function startFolds() {
  const folds = all("details[data-fold]");
  const open = remembered();
  for (const fold of folds) {
    const name = fold.dataset.fold ?? "";
    if (open.includes(name)) fold.setAttribute("open", "");
    fold.addEventListener("toggle", () => {
      const others = remembered().filter((each) => each !== name);
      try {
        localStorage.setItem(OPEN_FOLDS, JSON.stringify(fold.hasAttribute("open") ? [...others, name] : others));
      } catch {
        // Without storage the folds are closed on the next page; nothing else depends on it.
      }
    });
  }
}

/** All lengths come in one answer; empty lists step back. */
async function showCounts() {
  const place = find("[data-counts-url]", HTMLElement);
  if (!place) return;
  /** @type {{counts: Record<string, number>, counted: number} | null} */
  const found = await getJson(place.dataset.countsUrl ?? "");
  if (!found) return;
  const { counts, counted } = found;
  for (const badge of all("[data-count]", place)) {
    const count = counts[badge.dataset.count ?? ""];
    if (count === undefined) continue;
    const many = count > counted;
    badge.textContent = many ? `${counted}+` : String(count);
    if (many) badge.title = (place.dataset.more ?? "").replace("{count}", String(counted));
    badge.hidden = false;
    badge.closest("details")?.classList.toggle("fold-none", count === 0);
  }
}

startFolds();
void showCounts();
startComments();
showWay();
