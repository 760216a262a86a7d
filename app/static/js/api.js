/** The reference of the REST API, from its OpenAPI description. Parts are drawn when opened. */
import { all, find, fold, make } from "./dom.js";

/**
 * @typedef {Record<string, any>} Json
 * @typedef {{method: string, path: string, operation: Json}} Operation
 */

const METHODS = ["get", "post", "put", "patch", "delete"];
const place = find("#api", HTMLElement);
const words = place?.dataset ?? {};

/**
 * The operations of each tag, in the order of the description.
 * @param {Json} description
 * @returns {Map<string, Operation[]>}
 */
function byTag(description) {
  /** @type {Map<string, Operation[]>} */
  const tags = new Map();
  for (const [path, methods] of Object.entries(description.paths)) {
    for (const method of METHODS.filter((name) => name in methods)) {
      const tag = methods[method].tags?.[0] ?? "API";
      if (!tags.has(tag)) tags.set(tag, []);
      tags.get(tag)?.push({ method, path, operation: methods[method] });
    }
  }
  return tags;
}

/**
 * What a `$ref` points to.
 * @param {Json} description
 * @param {any} value
 * @returns {any}
 */
function resolve(description, value) {
  if (!value?.$ref) return value;
  return String(value.$ref).slice(2).split("/").reduce((part, key) => part?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], description);
}

/**
 * A short name of a schema: `string`, `Order`, `array of Order`.
 * @param {any} schema
 * @returns {string}
 */
function typeName(schema) {
  if (!schema) return "";
  if (schema.$ref) return String(schema.$ref).split("/").at(-1) ?? "";
  if (schema.type === "array") return `${typeName(schema.items)}[]`;
  return [schema.type, schema.format].filter(Boolean).join(", ") || "object";
}

/**
 * A table of names, types and texts.
 * @param {[string, string, string][]} rows
 */
function table(rows) {
  const element = make("table", "table table-sm api-table");
  const body = element.createTBody();
  for (const [name, type, text] of rows) {
    const row = body.insertRow();
    row.append(make("th", "", name), make("td", "text-secondary", type), make("td", "", text));
  }
  return element;
}

/**
 * @param {Json} description
 * @param {any} schema
 * @returns {Node}
 */
function schemaView(description, schema) {
  const full = resolve(description, schema?.type === "array" ? schema.items : schema);
  const properties = Object.entries(full?.properties ?? {});
  if (!properties.length) return make("p", "text-secondary", typeName(schema));
  const required = new Set(full.required ?? []);
  const rows = properties.map(([name, property]) => {
    const limits = [required.has(name) ? words.required : "", property.enum ? property.enum.join(", ") : "", property.maxLength ? `≤ ${property.maxLength}` : ""];
    return /** @type {[string, string, string]} */ ([name, typeName(property), [property.description, ...limits].filter(Boolean).join(" · ")]);
  });
  return table(rows);
}

/** @param {any} content */
function bodySchema(content) {
  return Object.values(content ?? {})[0]?.schema;
}

/**
 * @param {Json} description
 * @param {Operation} entry
 */
function operationView(description, { operation }) {
  const parts = make("div", "api-operation");
  if (operation.description) parts.append(make("p", "", operation.description));
  const parameters = (operation.parameters ?? []).map((/** @type {any} */ parameter) => resolve(description, parameter));
  if (parameters.length) {
    parts.append(make("h4", "", words.parameters), table(parameters.map((/** @type {any} */ parameter) => [
      parameter.name,
      typeName(parameter.schema ?? bodySchema(parameter.content)),
      [parameter.in, parameter.required ? words.required : "", parameter.description].filter(Boolean).join(" · "),
    ])));
  }
  const body = bodySchema(resolve(description, operation.requestBody)?.content);
  if (body) parts.append(make("h4", "", words.body), schemaView(description, body));
  parts.append(make("h4", "", words.responses));
  for (const [status, response] of Object.entries(operation.responses ?? {})) {
    const full = resolve(description, response);
    const line = make("details", "api-response");
    line.append(make("summary", "", `${status}  ${full?.description ?? ""}`));
    const schema = bodySchema(full?.content);
    if (schema) line.append(schemaView(description, schema));
    parts.append(line);
  }
  return parts;
}

/**
 * @param {Json} description
 * @param {Operation} entry
 */
function operationFold(description, entry) {
  const fold = make("details", "api-fold");
  const head = make("summary");
  head.append(make("span", `api-method api-${entry.method}`, entry.method.toUpperCase()), make("code", "", entry.path));
  if (entry.operation.summary) head.append(make("span", "text-secondary", entry.operation.summary));
  fold.append(head);
  fold.addEventListener("toggle", () => fold.append(operationView(description, entry)), { once: true });
  return fold;
}

/**
 * @param {Json} description
 * @param {string} tag
 * @param {Operation[]} operations
 */
function tagCard(description, tag, operations) {
  const card = make("details", "card fold api-tag");
  card.dataset.text = [tag, ...operations.map(({ path }) => path)].join(" ");
  const head = make("summary");
  head.append(make("span", "", tag), make("small", "text-secondary", String(operations.length)));
  card.append(head);
  card.addEventListener("toggle", () => card.append(...operations.map((entry) => operationFold(description, entry))), { once: true });
  return card;
}

async function start() {
  const list = place && find("[data-api-list]", HTMLElement, place);
  const box = place && find("[data-api-find]", HTMLInputElement, place);
  const count = place && find("[data-api-count]", HTMLElement, place);
  if (!list || !box || !count) return;
  const answer = await fetch(words.openapi ?? "");
  if (!answer.ok) throw new Error(String(answer.status));
  const description = await answer.json();
  list.replaceChildren(...[...byTag(description)].map(([tag, operations]) => tagCard(description, tag, operations)));
  const narrow = () => {
    const text = fold(box.value);
    for (const card of all(".api-tag", list)) card.hidden = !fold(card.dataset.text ?? "").includes(text);
    count.textContent = String(all(".api-tag:not([hidden])", list).length);
  };
  box.addEventListener("input", narrow);
  narrow();
}

start().catch(() => {
  const list = place && find("[data-api-list]", HTMLElement, place);
  list?.replaceChildren(make("p", "text-danger", words.failed));
});
