/** Beside a choice of a record: opening it, and adding one that isn't there yet without leaving. */
import { all, find } from "./dom.js";
import { startInputs } from "./form_inputs.js";
import { notifyFailure } from "./messages.js";
import { enhance } from "./selects.js";

/** @typedef {{addOption: (option: object) => void, addItem: (value: string) => void, lastQuery: string | null, focus: () => void}} Choices */

export function startCreating() {
  for (const place of all("[data-relation]")) relation(place);
}

/** @param {HTMLElement} place */
function relation(place) {
  const select = find("select", HTMLSelectElement, place);
  const link = find("[data-open-chosen]", HTMLAnchorElement, place);
  const button = find("[data-create-record]", HTMLButtonElement, place);
  if (!select) return;
  const show = () => {
    if (!link) return;
    link.hidden = !select.value;
    link.href = `${place.dataset.open ?? ""}${encodeURIComponent(select.value)}`;
    link.target = "_blank";
  };
  select.addEventListener("change", show);
  show();
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", () => void create(place, select));
}

/**
 * @param {HTMLElement} place
 * @param {HTMLSelectElement} select
 */
async function create(place, select) {
  const dialog = find("#create-record", HTMLDialogElement);
  const body = dialog && find("[data-create-body]", HTMLElement, dialog);
  if (!dialog || !body) return;
  /** @type {Choices | undefined} */
  const choices = /** @type {any} */ (select).tomselect;
  const url = new URL(place.dataset.create ?? "", location.href);
  const typed = choices?.lastQuery?.trim();
  if (typed && place.dataset.createTitle) url.searchParams.set(place.dataset.createTitle, typed);
  const answer = await fetch(url, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return notifyFailure();
  fill(body, await answer.text());
  dialog.showModal();
  find(".field :is(input, textarea):not([type=hidden])", HTMLElement, body)?.focus();
  body.onsubmit = (event) => {
    event.preventDefault();
    if (event.target instanceof HTMLFormElement) void send(event.target, body, (made) => {
      choices?.addOption(made);
      choices?.addItem(String(made.id));
      select.dispatchEvent(new Event("change", { bubbles: true }));
      dialog.close();
      choices?.focus();
    });
  };
}

/**
 * @param {HTMLElement} body
 * @param {string} html
 */
function fill(body, html) {
  body.innerHTML = html;
  enhance(body);
  startInputs(body);
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement} body
 * @param {(made: {id: string, text: string}) => void} done
 */
async function send(form, body, done) {
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);
  form.ariaBusy = "false";
  if (answer?.status === 201) done(await answer.json());
  else if (answer?.status === 422 || answer?.status === 409) {
    fill(body, await answer.text());
    find(".is-invalid", HTMLElement, body)?.focus();
  } else notifyFailure();
}
