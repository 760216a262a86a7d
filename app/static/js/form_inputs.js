/** Inputs that do more than hold text: colours, JSON, files, amounts with the sign of their currency. */
import { all, find } from "./dom.js";

/**
 * Start those below `root`.
 * @param {ParentNode} root
 */
export function startInputs(root) {
  for (const picker of all("[data-color-for]", root)) color(picker);
  for (const bar of all("[data-json-bar]", root)) json(bar);
  for (const sign of all("[data-unit-of]", root)) unit(sign);
  for (const input of all("[data-upload] input[type=file]", root)) if (input instanceof HTMLInputElement) file(input);
}

/**
 * A colour is text that may be empty; the picker beside it writes into it.
 * @param {HTMLElement} picker
 */
function color(picker) {
  const text = find(`#${CSS.escape(picker.dataset.colorFor ?? "")}`, HTMLInputElement);
  if (!text || !(picker instanceof HTMLInputElement)) return;
  const copy = () => /^#[0-9a-f]{6}$/i.test(text.value) && (picker.value = text.value);
  copy();
  text.addEventListener("input", copy);
  picker.addEventListener("input", () => {
    text.value = picker.value;
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/**
 * Broken JSON is told before the form is sent, with line and column; a button lays it out.
 * @param {HTMLElement} bar
 */
function json(bar) {
  const editor = find(`#${CSS.escape(bar.dataset.jsonBar ?? "")}`, HTMLTextAreaElement);
  const state = find("[data-json-state]", HTMLElement, bar);
  if (!editor || !state) return;
  bar.hidden = false;
  const check = () => {
    const mistake = mistakeIn(editor.value);
    const text = mistake
      ? (state.dataset.wrong ?? "").replace(/\{(\w+)\}/g, (_all, name) => String(mistake[/** @type {"line"} */ (name)]))
      : "";
    editor.setCustomValidity(text);
    editor.classList.toggle("is-invalid", Boolean(mistake));
    state.classList.toggle("text-danger", Boolean(mistake));
    state.textContent = text || (editor.value.trim() ? (state.dataset.right ?? "") : "");
  };
  editor.addEventListener("change", check);
  editor.addEventListener("input", () => editor.validity.customError && check());
  editor.addEventListener("keydown", (event) => {
    // A new line starts under the beginning of the last one.
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    const start = editor.value.slice(0, editor.selectionStart);
    const indent = /^[ \t]*/.exec(start.slice(start.lastIndexOf("\n") + 1))?.[0] ?? "";
    event.preventDefault();
    editor.setRangeText(`\n${indent}${/[[{]\s*$/.test(start) ? "  " : ""}`, editor.selectionStart, editor.selectionEnd, "end");
    editor.dispatchEvent(new Event("input", { bubbles: true }));
  });
  find("[data-json-format]", HTMLElement, bar)?.addEventListener("click", () => {
    check();
    if (!editor.value.trim() || editor.validity.customError) return editor.focus();
    editor.value = JSON.stringify(JSON.parse(editor.value), null, 2);
    editor.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/**
 * Where the text stops being JSON; null when it is JSON or blank.
 * @param {string} text
 */
function mistakeIn(text) {
  if (!text.trim()) return null;
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    const said = error instanceof Error ? error.message : "";
    const place = /position (\d+)/.exec(said);
    const before = text.slice(0, place ? Number(place[1]) : text.length).split("\n");
    const last = before.at(-1) ?? "";
    return { line: before.length, column: last.length + 1, text: said.replace(/ (in JSON )?at position.*$/s, "") };
  }
}

/**
 * The sign before an amount follows the currency chosen in the form.
 * @param {HTMLElement} sign
 */
function unit(sign) {
  const select = document.getElementById(sign.dataset.unitOf ?? "");
  if (!(select instanceof HTMLSelectElement)) return;
  const signs = new Map((sign.dataset.units ?? "").split(" ").map((pair) => /** @type {[string, string]} */ (pair.split("="))));
  select.addEventListener("change", () => (sign.textContent = signs.get(select.value) ?? select.value));
}

/**
 * A file that is too large is told before it is sent.
 * @param {HTMLInputElement} input
 */
function file(input) {
  input.addEventListener("change", () => {
    const most = Number(input.dataset.megabytes) * 1024 * 1024;
    const tooLarge = [...(input.files ?? [])].some((one) => one.size > most);
    input.setCustomValidity(tooLarge ? (input.dataset.tooLarge ?? "") : "");
    if (tooLarge) input.reportValidity();
  });
}
