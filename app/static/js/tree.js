/** The tree: branches fetched when opened, walked through by key, moved by hand or by choice. */
import { all, find, make } from "./dom.js";
import { announce, send, showMoveButtons } from "./moves.js";
import { enhance } from "./selects.js";

function tree() {
  return find("[data-forest]", HTMLElement);
}

/** @param {EventTarget | null} target */
function branchOf(target) {
  const found = target instanceof Element ? target.closest("[data-branch]") : null;
  return found instanceof HTMLElement ? found : null;
}

/** @param {Element} branch */
function toggleOf(branch) {
  return find(":scope > [data-branch-row] > [data-toggle]", HTMLButtonElement, branch);
}

/** @param {Element} branch */
function titleOf(branch) {
  return find("[data-title]", HTMLElement, branch)?.textContent?.trim() ?? "";
}

/**
 * @param {HTMLElement} branch
 * @param {boolean} wanted
 */
async function open(branch, wanted) {
  const toggle = toggleOf(branch);
  if (!toggle) return;
  let list = find(":scope > .branches", HTMLElement, branch);
  if (wanted && !list) {
    list = make("ul", "branches");
    list.innerHTML = await fetchPart(toggle.dataset.url ?? "");
    branch.append(list);
    showMoveButtons(list);
  }
  if (list) list.hidden = !wanted;
  toggle.setAttribute("aria-expanded", String(wanted));
}

/** @param {string} url */
async function fetchPart(url) {
  const answer = await fetch(url);
  return answer.ok ? answer.text() : "";
}

/**
 * @param {HTMLElement} branch
 * @param {string} to key of the row above, "" for the top
 */
async function move(branch, to) {
  const texts = tree()?.dataset ?? {};
  const { branch: pk = "", stamp = "" } = branch.dataset;
  const title = titleOf(branch);
  const body = await send((texts.moveUrl ?? "").replace(/PK$/, encodeURIComponent(pk)), { to, stamp }, texts.failed ?? "");
  if (!body) return;
  await redraw(to);
  const moved = find(`[data-branch="${CSS.escape(pk)}"]`, HTMLElement);
  if (moved) find("a", HTMLAnchorElement, moved)?.focus();
  announce((texts.moved ?? "").replace("RECORD", title));
}

/**
 * Draw the tree anew with what was open, and with `also`.
 * @param {string} also
 */
async function redraw(also) {
  const opened = all('[data-branch]:has(> [data-branch-row] > [aria-expanded="true"])').map((branch) => branch.dataset.branch ?? "");
  const fresh = new DOMParser().parseFromString(await fetchPart(location.href), "text/html").querySelector("[data-forest]");
  if (fresh) tree()?.replaceWith(document.adoptNode(fresh));
  start();
  for (const pk of [...opened, also]) {
    const branch = pk && find(`[data-branch="${CSS.escape(pk)}"]`, HTMLElement);
    if (branch) await open(branch, true);
  }
}

/** @param {HTMLElement} branch */
function ask(branch) {
  const dialog = find("#move-branch", HTMLDialogElement);
  const select = dialog && find("select", HTMLSelectElement, dialog);
  const title = dialog && find("[data-move-title]", HTMLElement, dialog);
  if (!dialog || !select || !title) return;
  enhance(dialog);
  title.textContent = (tree()?.dataset.moving ?? "").replace("RECORD", titleOf(branch));
  dialog.returnValue = "";
  dialog.showModal();
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "yes") move(branch, select.value);
  }, { once: true });
}

/**
 * Up and down walk through what is to be seen; right opens, left closes or goes up.
 * @param {KeyboardEvent} event
 */
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const branch = branchOf(event.target);
  const toggle = branch && toggleOf(branch);
  if (!branch) return;
  const opened = toggle?.getAttribute("aria-expanded") === "true";
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const seen = all("[data-branch]", tree() ?? document).filter((item) => item.offsetParent !== null);
    focus(seen[seen.indexOf(branch) + (event.key === "ArrowDown" ? 1 : -1)]);
  } else if (event.key === "ArrowRight" && toggle) {
    if (opened) focus(find("[data-branch]", HTMLElement, branch));
    else open(branch, true);
  } else if (event.key === "ArrowLeft") {
    if (opened) open(branch, false);
    else focus(branchOf(branch.parentElement));
  } else return;
  event.preventDefault();
}

/** @param {HTMLElement | null | undefined} branch */
function focus(branch) {
  if (branch) find("a", HTMLAnchorElement, branch)?.focus();
}

/** @param {MouseEvent} event */
async function onClick(event) {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  const branch = branchOf(button);
  if (!button) return;
  if ("toggle" in button.dataset && branch) open(branch, button.getAttribute("aria-expanded") !== "true");
  if ("move" in button.dataset && branch) ask(branch);
  if ("more" in button.dataset) {
    const place = button.closest("li");
    const holder = make("ul");
    holder.innerHTML = await fetchPart(button.dataset.more ?? "");
    showMoveButtons(holder);
    place?.replaceWith(...holder.childNodes);
  }
}

/** A row dropped on another comes below it. @param {HTMLElement} root */
function startDragging(root) {
  /** @type {HTMLElement | null} */
  let dragged = null;
  const rowOf = (/** @type {EventTarget | null} */ target) => {
    const row = target instanceof Element ? target.closest("[data-branch-row]") : null;
    return row instanceof HTMLElement && dragged && !dragged.contains(row) ? row : null;
  };
  root.addEventListener("dragstart", (event) => {
    dragged = branchOf(event.target);
    event.dataTransfer?.setData("text/plain", dragged ? titleOf(dragged) : "");
  });
  root.addEventListener("dragend", () => (dragged = null));
  root.addEventListener("dragover", (event) => {
    if (rowOf(event.target)) event.preventDefault();
  });
  root.addEventListener("dragenter", (event) => rowOf(event.target)?.classList.add("over"));
  root.addEventListener("dragleave", (event) => {
    if (event.target instanceof Element && event.target.matches("[data-branch-row]")) event.target.classList.remove("over");
  });
  root.addEventListener("drop", (event) => {
    const row = rowOf(event.target);
    const target = branchOf(row);
    row?.classList.remove("over");
    if (!row || !target || !dragged) return;
    event.preventDefault();
    move(dragged, target.dataset.branch ?? "");
  });
}

function start() {
  const root = tree();
  if (!root) return;
  root.addEventListener("click", onClick);
  root.addEventListener("keydown", onKey);
  if (!root.dataset.moveUrl) return;
  showMoveButtons(root);
  startDragging(root);
}

start();
