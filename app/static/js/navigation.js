/** The side navigation: groups that stay as they were left, and walking through it by keys. */
import { all, find } from "./dom.js";

const OPEN_GROUPS = "qhatu.navigation.open";

/** @returns {string[]} */
function rememberedGroups() {
  try {
    const groups = JSON.parse(localStorage.getItem(OPEN_GROUPS) ?? "[]");
    return Array.isArray(groups) ? groups : [];
  } catch {
    return [];
  }
}

/** @param {string[]} groups */
function rememberGroups(groups) {
  try {
    localStorage.setItem(OPEN_GROUPS, JSON.stringify(groups));
  } catch {
    // Without storage the groups are closed on the next page; nothing else depends on it.
  }
}

export function startNavigation() {
  const tree = document.getElementById("navigation");
  if (!tree) return;
  const remembered = rememberedGroups();
  for (const group of tree.querySelectorAll("details")) {
    if (remembered.includes(group.dataset.group ?? "")) group.open = true;
  }
  // Caught on the way down: `toggle` doesn't bubble, and favourites come and go.
  tree.addEventListener("toggle", () => {
    const open = [...tree.querySelectorAll("details")].filter((each) => each.open);
    rememberGroups(open.map((each) => each.dataset.group ?? ""));
  }, true);
  const current = find("[aria-current]", HTMLElement, tree);
  // Not scrollIntoView: it would scroll the page too.
  if (current) tree.scrollTop += current.getBoundingClientRect().top - tree.getBoundingClientRect().top - tree.clientHeight / 2;

  tree.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !(document.activeElement instanceof HTMLElement)) return;
    const stops = all("summary, .nav-leaf", tree).filter((stop) => stop.offsetParent !== null);
    stops[stops.indexOf(document.activeElement) + step]?.focus();
    event.preventDefault();
  });
}
