/** The filter builder: conditions in groups, sent as one JSON value in the address. */
import { find, getJson } from "./dom.js";
import { putValue } from "./filter_values.js";
import { enhance } from "./selects.js";

/**
 * @typedef {import("./filter_values.js").Field} Field
 * @typedef {import("./filter_values.js").Known} Known
 * @typedef {import("./filter_values.js").Read} Read
 * @typedef {any[]} Condition column, operator, value
 * @typedef {{and?: Part[], or?: Part[]}} Group
 * @typedef {Condition | Group} Part
 */

/** Groups within groups, the outermost included. */
const DEEPEST = 3;
const EXACT = ["eq", "neq", "in", "nin"];

/** What reads each row of the builder. @type {WeakMap<Element, () => Condition | undefined>} */
const reads = new WeakMap();

export function startFilter() {
  const dialog = find("[data-filter-dialog]", HTMLDialogElement);
  if (dialog) new Builder(dialog);
}

class Builder {
  /** @type {Known | null} */
  known = null;

  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.dialog = dialog;
    this.titles = JSON.parse(dialog.dataset.titles || "{}");
    this.root = find("[data-filter-root]", HTMLElement, dialog);
    document.addEventListener("click", (event) => {
      const opener = event.target instanceof Element ? event.target.closest('[data-dialog="filter-dialog"]') : null;
      if (opener instanceof HTMLElement) this.open(opener.dataset.filterAt);
    });
    find("form", HTMLFormElement, dialog)?.addEventListener("submit", () => this.write());
    find("[data-filter-clear]", HTMLButtonElement, dialog)?.addEventListener("click", () => {
      this.draw({ and: [] });
    });
    dialog.addEventListener("click", (event) => this.act(event));
  }

  /** @param {string} [at] position of the condition to look at */
  async open(at) {
    const failed = find("[data-filter-failed]", HTMLElement, this.dialog);
    this.known ??= await getJson(this.dialog.dataset.fields ?? "");
    if (failed) failed.hidden = this.known !== null;
    if (!this.known) return;
    this.draw(JSON.parse(this.dialog.dataset.tree || '{"and":[]}'));
    const parts = this.root?.querySelector("[data-parts]")?.children ?? [];
    const part = parts.length > 1 ? parts[Number(at ?? parts.length - 1)] : this.root;
    find("[data-column]", HTMLElement, part ?? this.dialog)?.focus();
  }

  /** @param {Group} tree */
  draw(tree) {
    const only = tree.and?.length === 1 ? tree.and[0] : null;
    const top = only && !Array.isArray(only) ? only : tree;
    this.root?.replaceChildren();
    if (!this.root) return;
    const group = this.addGroup(this.root, top, 1);
    if (!parts(top).length) this.addCondition(partsOf(group), []);
    find("[data-remove]", HTMLElement, group)?.remove();
  }

  /** @param {string} name @returns {HTMLElement} */
  copy(name) {
    const template = find(`template[${name}]`, HTMLTemplateElement, this.dialog);
    const element = template?.content.firstElementChild?.cloneNode(true);
    if (!(element instanceof HTMLElement)) throw new Error(`The page has no template ${name}.`);
    return element;
  }

  /** @param {HTMLElement} place @param {Group} node @param {number} depth @returns {HTMLElement} */
  addGroup(place, node, depth) {
    const group = this.copy("data-filter-group");
    group.dataset.depth = String(depth);
    const joint = find("[data-joint]", HTMLSelectElement, group);
    if (joint) joint.value = node.or ? "or" : "and";
    if (depth >= DEEPEST) find('[data-add="group"]', HTMLElement, group)?.remove();
    place.append(group);
    for (const part of parts(node)) {
      if (Array.isArray(part)) this.addCondition(partsOf(group), part);
      else this.addGroup(partsOf(group), part, depth + 1);
    }
    return group;
  }

  /** @param {HTMLElement} place @param {Condition} condition @returns {HTMLElement} */
  addCondition(place, condition) {
    const row = this.copy("data-filter-condition");
    const column = find("[data-column]", HTMLSelectElement, row);
    const fields = this.known?.fields ?? [];
    if (!column) return row;
    for (const field of fields) column.append(new Option(field.label, field.name));
    if (fields.some((field) => field.name === condition[0])) column.value = condition[0];
    place.append(row);
    const choose = (/** @type {Condition} */ given) => this.chooseColumn(row, column.value, given);
    column.addEventListener("change", () => choose([]));
    choose(condition);
    return row;
  }

  /** @param {HTMLElement} row @param {string} column @param {Condition} given */
  chooseColumn(row, column, given) {
    const field = this.known?.fields.find((known) => known.name === column);
    const operator = find("[data-operator]", HTMLSelectElement, row);
    const place = find("[data-value]", HTMLElement, row);
    if (!field || !operator || !place || !this.known) return;
    operator.replaceChildren(...field.operators.map(([code, text]) => new Option(text, code)));
    if (field.operators.some(([code]) => code === given[1])) operator.value = given[1];
    /** @param {any} value */
    const put = (value) => {
      const shape = field.operators.find(([code]) => code === operator.value)?.[2] ?? "value";
      const known = /** @type {Known} */ (this.known);
      const wanted = { field: forOperator(field, operator.value), shape, value, known, titles: this.titles };
      const read = putValue(place, wanted);
      reads.set(row, () => reading(field.name, operator.value, shape, read));
      enhance(place);
    };
    operator.onchange = () => put(reads.get(row)?.()?.[2]);
    put(given[2]);
  }

  /** @param {Event} event */
  act(event) {
    const button = event.target instanceof Element ? event.target.closest("[data-add], [data-remove]") : null;
    if (!(button instanceof HTMLElement)) return;
    const group = button.closest("[data-group]");
    if (!(group instanceof HTMLElement)) return;
    if ("remove" in button.dataset) {
      const gone = button.closest("[data-condition], [data-group]");
      const next = gone?.nextElementSibling ?? gone?.previousElementSibling ?? gone?.parentElement?.parentElement;
      gone?.remove();
      const control = next?.querySelector("select, input, button");
      if (control instanceof HTMLElement) control.focus();
      return;
    }
    const depth = Number(group.dataset.depth) + 1;
    const added = button.dataset.add === "group"
      ? this.addGroup(partsOf(group), { or: [[]] }, depth)
      : this.addCondition(partsOf(group), []);
    find("[data-column]", HTMLElement, added)?.focus();
  }

  /** Put what the rows say into the input that is sent. */
  write() {
    const result = find("[data-filter-result]", HTMLInputElement, this.dialog);
    const top = find("[data-group]", HTMLElement, this.dialog);
    if (!result || !top) return;
    const tree = readGroup(top);
    result.value = tree ? JSON.stringify(tree) : "";
    result.disabled = !tree;
  }
}

/** Known values of a text are chosen from where it must be one of them. @param {Field} field @param {string} operator @returns {Field} */
function forOperator(field, operator) {
  const exact = field.input === "text" && field.options.length && EXACT.includes(operator);
  return exact ? { ...field, input: "choice" } : field;
}

/** @param {Group} node @returns {Part[]} */
function parts(node) {
  return node.or ?? node.and ?? [];
}

/** @param {HTMLElement} group @returns {HTMLElement} */
function partsOf(group) {
  return find("[data-parts]", HTMLElement, group) ?? group;
}

/** @param {string} column @param {string} operator @param {string} shape @param {Read} read @returns {Condition | undefined} */
function reading(column, operator, shape, read) {
  const value = read();
  if (shape === "nothing") return [column, operator];
  return value === undefined ? undefined : [column, operator, value];
}

/** A group without the rows that aren't finished; undefined when nothing is left. @param {HTMLElement} group @returns {Group | undefined} */
function readGroup(group) {
  /** @type {Part[]} */
  const found = [];
  for (const part of partsOf(group).children) {
    if (!(part instanceof HTMLElement)) continue;
    const read = "group" in part.dataset ? readGroup(part) : reads.get(part)?.();
    if (read) found.push(read);
  }
  if (!found.length) return undefined;
  return find("[data-joint]", HTMLSelectElement, group)?.value === "or" ? { or: found } : { and: found };
}
