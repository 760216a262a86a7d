/** The inputs for the value of a condition, by the kind of its column. */
import { make } from "./dom.js";

/**
 * @typedef {{name: string, label: string, input: string, operators: [string, string, string][], options: [string, string][], lookup: string}} Field
 * @typedef {{fields: Field[], periods: [string, string][]}} Known
 * @typedef {Record<string, Record<string, string>>} Titles what related rows are called, by column and key
 * @typedef {() => string | string[] | undefined} Read gives the value; undefined while there is none
 */

let count = 0;

/**
 * Put the inputs for a value of that shape into `place`; the answer reads them.
 * @param {HTMLElement} place
 * @param {{field: Field, shape: string, value: any, known: Known, titles: Titles}} wanted
 * @returns {Read}
 */
export function putValue(place, wanted) {
  const { field, shape, value } = wanted;
  place.replaceChildren();
  place.dataset.shape = shape;
  const words = place.dataset;
  if (shape === "nothing") return () => "";
  if (shape === "items") return items(place, wanted, listOf(value), words.valueLabel ?? "");
  if (shape === "range") {
    const [low, high] = Array.isArray(value) ? value : String(value ?? "").split("..");
    const from = plain(place, field, low, words.fromLabel ?? "");
    place.append(make("span", "filter-and", words.and));
    const to = plain(place, field, high, words.toLabel ?? "");
    return () => (from() || to() ? [String(from() ?? ""), String(to() ?? "")] : undefined);
  }
  if (field.input === "date") return date(place, String(value ?? ""), wanted.known);
  if (field.input === "choice") return choice(place, field, value, words.valueLabel ?? "");
  if (field.input === "relation") return relation(place, wanted, [value ?? ""].flat(), words.valueLabel ?? "", false);
  return plain(place, field, value, words.valueLabel ?? "");
}

/** @param {any} value @returns {string[]} */
function listOf(value) {
  if (Array.isArray(value)) return value.map(String);
  return String(value ?? "").split(",").map((part) => part.trim()).filter(Boolean);
}

/**
 * An element with a label that is read out.
 * @template {HTMLElement} T
 * @param {HTMLElement} place @param {T} element @param {string} text
 * @returns {T}
 */
function labelled(place, element, text) {
  element.id = `filter-value-${++count}`;
  const label = make("label", "visually-hidden", text);
  label.htmlFor = element.id;
  place.append(label, element);
  return element;
}

/** @param {HTMLElement} place @param {Field} field @param {any} value @param {string} label @returns {Read} */
function plain(place, field, value, label) {
  const input = labelled(place, make("input", "form-control"), label);
  input.type = { number: "number", date: "date" }[field.input] ?? "text";
  if (field.input === "number") input.step = "any";
  input.value = String(value ?? "");
  return () => input.value || undefined;
}

/** @param {HTMLSelectElement} select @param {[string, string][]} options @param {string[]} chosen */
function fill(select, options, chosen) {
  for (const [value, text] of options) {
    const option = new Option(text, value, chosen.includes(value), chosen.includes(value));
    select.append(option);
  }
}

/**
 * The options of the column, and those chosen that are none of them.
 * @param {Field} field @param {string[]} chosen @param {Record<string, string>} names
 * @returns {[string, string][]}
 */
function withOthers(field, chosen, names) {
  const others = chosen.filter((key) => key && !field.options.some(([value]) => value === key));
  return [...field.options, .../** @type {[string, string][]} */ (others.map((key) => [key, names[key] ?? key]))];
}

/** @param {HTMLElement} place @param {Field} field @param {any} value @param {string} label @returns {Read} */
function choice(place, field, value, label) {
  const select = labelled(place, make("select", "form-select"), label);
  fill(select, withOthers(field, [String(value ?? "")], {}), [String(value ?? "")]);
  return () => select.value || undefined;
}

/**
 * @param {HTMLElement} place @param {{field: Field, titles: Titles}} wanted @param {string[]} chosen
 * @param {string} label @param {boolean} many
 * @returns {Read}
 */
function relation(place, { field, titles }, chosen, label, many) {
  const select = labelled(place, make("select", "form-select"), label);
  select.multiple = many;
  select.dataset.lookup = field.lookup;
  if (!many) select.append(new Option("", ""));
  fill(select, withOthers(field, chosen, titles[field.name] ?? {}), chosen);
  return many ? () => manyOf(select) : () => select.value || undefined;
}

/** @param {HTMLElement} place @param {{field: Field, titles: Titles}} wanted @param {string[]} chosen @param {string} label @returns {Read} */
function items(place, wanted, chosen, label) {
  const { field } = wanted;
  if (field.input === "relation") return relation(place, wanted, chosen, label, true);
  if (field.input === "choice") {
    const select = labelled(place, make("select", "form-select"), label);
    select.multiple = true;
    select.dataset.search = "";
    fill(select, withOthers(field, chosen, {}), chosen);
    return () => manyOf(select);
  }
  const area = labelled(place, make("textarea", "form-control"), label);
  area.dataset.kind = "tags";
  area.rows = 1;
  area.value = chosen.join("\n");
  return () => nonEmpty(area.value.split("\n").map((line) => line.trim()).filter(Boolean));
}

/** @param {HTMLSelectElement} select */
function manyOf(select) {
  return nonEmpty([...select.selectedOptions].map((option) => option.value).filter(Boolean));
}

/** @param {string[]} values */
function nonEmpty(values) {
  return values.length ? values : undefined;
}

/** A day, or a stretch of days seen from today. @param {HTMLElement} place @param {string} value @param {Known} known @returns {Read} */
function date(place, value, known) {
  const words = place.dataset;
  const days = /^(last|next)_(\d+)_days$/.exec(value);
  const kind = days ? days[1] : known.periods.some(([name]) => name === value) ? value : "day";
  const select = labelled(place, make("select", "form-select"), words.dateLabel ?? "");
  const ends = /** @type {[string, string][]} */ ([["last", words.last ?? ""], ["next", words.next ?? ""]]);
  fill(select, [["day", words.aDay ?? ""], ...known.periods, ...ends], [kind ?? "day"]);
  const day = labelled(place, make("input", "form-control"), words.valueLabel ?? "");
  day.type = "date";
  day.value = kind === "day" ? value.slice(0, 10) : "";
  const number = labelled(place, make("input", "form-control"), words.daysLabel ?? "");
  Object.assign(number, { type: "number", min: "1", max: "36500", value: days ? days[2] : "30" });
  const show = () => {
    day.hidden = select.value !== "day";
    number.hidden = select.value !== "last" && select.value !== "next";
  };
  select.addEventListener("change", show);
  show();
  return () => {
    if (select.value === "day") return day.value || undefined;
    return number.hidden ? select.value : `${select.value}_${Number(number.value) || 1}_days`;
  };
}
