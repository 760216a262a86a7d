/** People offered after an @ in a text area with `data-mentions`. */
import { find, getJson, make } from "./dom.js";

/** @typedef {{username: string, name: string}} Person */

/** What is typed after the last @ before the cursor. */
const BEGUN = /(?:^|[\s(])@([\w.+-]*)$/u;
const PAUSE = 150;

/** @type {HTMLUListElement | null} */
let list = null;
/** @type {HTMLTextAreaElement | null} */
let field = null;
/** @type {Person[]} */
let people = [];
let at = 0;
let timer = 0;
let asked = 0;

/** @param {HTMLTextAreaElement} area */
function begun(area) {
  return BEGUN.exec(area.value.slice(0, area.selectionStart ?? 0))?.[1] ?? null;
}

function close() {
  asked += 1;
  list?.remove();
  list = null;
  field?.removeAttribute("aria-activedescendant");
  field?.setAttribute("aria-expanded", "false");
}

function mark() {
  if (!list || !field) return;
  [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === at)));
  field.setAttribute("aria-activedescendant", people.length ? `mention-${at}` : "");
  list.children[at]?.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLTextAreaElement} area */
function show(area) {
  const words = document.getElementById("comment-words")?.dataset;
  list?.remove();
  list = make("ul", "mention-list");
  list.id = "mention-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words?.people ?? "");
  people.forEach((person, index) => {
    const item = make("li", "", person.name);
    item.id = `mention-${index}`;
    item.setAttribute("role", "option");
    item.append(make("span", "text-secondary", ` @${person.username}`));
    // Not click: the field would lose the focus first.
    item.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      take(person);
    });
    list?.append(item);
  });
  if (!people.length) {
    const none = make("li", "text-secondary", words?.nobody ?? "");
    none.setAttribute("role", "option");
    none.setAttribute("aria-disabled", "true");
    list.append(none);
  }
  field = area;
  at = 0;
  area.setAttribute("role", "combobox");
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  area.setAttribute("aria-expanded", "true");
  area.after(list);
  mark();
}

/** @param {Person} person */
function take(person) {
  if (!field) return;
  const end = field.selectionStart ?? 0;
  const start = end - (begun(field) ?? "").length;
  field.setRangeText(`${person.username} `, start, end, "end");
  close();
}

/** @param {HTMLTextAreaElement} area */
function look(area) {
  clearTimeout(timer);
  const text = begun(area);
  if (text === null) return close();
  timer = setTimeout(() => ask(area, text), PAUSE);
}

/** @param {HTMLTextAreaElement} area @param {string} text */
async function ask(area, text) {
  const form = find("[data-comment-form]", HTMLFormElement);
  if (!form) return;
  const url = new URL(form.dataset.peopleUrl ?? "", location.href);
  for (const name of ["table", "record"]) {
    url.searchParams.set(name, find(`input[name="${name}"]`, HTMLInputElement, form)?.value ?? "");
  }
  url.searchParams.set("q", text);
  const mine = ++asked;
  const found = await getJson(url);
  if (!found || mine !== asked) return;
  people = found.people;
  if (people.length || text) show(area);
  else close();
}

/** @param {KeyboardEvent} event */
function walk(event) {
  if (!list || event.target !== field) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && people.length) at = (at + step + people.length) % people.length;
  else if ((event.key === "Enter" || event.key === "Tab") && people[at] && !event.ctrlKey && !event.metaKey) take(people[at]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
  mark();
}

export function startMentions() {
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLTextAreaElement && "mentions" in event.target.dataset) look(event.target);
  });
  document.addEventListener("keydown", walk, true);
  document.addEventListener("focusout", (event) => {
    if (event.target === field) close();
  });
}
