/** The side navigation: finding a screen by typing, and groups that stay as they were left. */
import { all, find, fold } from "./dom.js";

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
  const box = find("#find-screen", HTMLInputElement);
  if (!tree || !box) return;
  const groups = [...tree.querySelectorAll("details")];
  const leaves = all(".nav-leaf", tree);
  let finding = false;

  const remembered = rememberedGroups();
  for (const group of groups) {
    if (remembered.includes(group.dataset.group ?? "")) group.open = true;
    group.addEventListener("toggle", () => {
      if (finding) return;
      rememberGroups(groups.filter((each) => each.open).map((each) => each.dataset.group ?? ""));
    });
  }
  const current = find("[aria-current]", HTMLElement, tree);
  // Not scrollIntoView: it would scroll the page too.
  if (current) tree.scrollTop += current.getBoundingClientRect().top - tree.getBoundingClientRect().top - tree.clientHeight / 2;

  const narrow = () => {
    const words = fold(box.value).split(/\s+/).filter(Boolean);
    finding = words.length > 0;
    for (const leaf of leaves) {
      const group = leaf.closest("details")?.dataset.group ?? "";
      const text = fold(`${group} ${leaf.textContent}`);
      leaf.hidden = !words.every((word) => text.includes(word));
    }
    const open = rememberedGroups();
    for (const group of groups) {
      const found = all(".nav-leaf", group).some((leaf) => !leaf.hidden);
      group.hidden = !found;
      group.open = finding ? found : open.includes(group.dataset.group ?? "") || group.querySelector("[aria-current]") !== null;
    }
    const none = find(".nav-none", HTMLElement, tree);
    if (none) none.hidden = leaves.some((leaf) => !leaf.hidden);
  };
  const shown = () => leaves.filter((leaf) => leaf.offsetParent !== null);

  box.addEventListener("input", narrow);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") shown()[0]?.click();
    else if (event.key === "ArrowDown") shown()[0]?.focus();
    else if (event.key === "Escape" && box.value) {
      box.value = "";
      narrow();
    } else return;
    event.preventDefault();
  });
  tree.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !(document.activeElement instanceof HTMLElement)) return;
    const stops = all("summary, .nav-leaf", tree).filter((stop) => stop.offsetParent !== null);
    const next = stops[stops.indexOf(document.activeElement) + step];
    (next ?? (step < 0 ? box : null))?.focus();
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    const menu = find(".topbar-menu", HTMLElement);
    if (menu && menu.offsetParent !== null) menu.click();
    box.focus();
    box.select();
  });
}
