/** What boards, calendars and trees share: sending a move, saying how it went, asking where to. */
import { all, csrfToken, find, make } from "./dom.js";
import { notify } from "./messages.js";

/**
 * @typedef {{stamp?: string, message?: string, [name: string]: any}} Answer
 * @typedef {{key: string, label: string, disabled?: boolean}} Place
 */

/**
 * Send a move. Resolves to what the server says of the row, or null after telling why not.
 * @param {string} url
 * @param {Record<string, string>} values
 * @param {string} failed what to say when there is no answer
 * @returns {Promise<Answer | null>}
 */
export async function send(url, values, failed) {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": csrfToken() },
      body: new URLSearchParams(values),
    });
    const body = await answer.json();
    if (answer.ok) return body;
    tell(body.message ?? failed);
  } catch {
    tell(failed);
  }
  return null;
}

/** @param {string} text */
function tell(text) {
  notify(text, "danger");
  announce(text);
}

/**
 * Have a screen reader say it.
 * @param {string} text
 */
export function announce(text) {
  const place = find("[data-announce]", HTMLElement);
  if (place) place.textContent = text;
}

/**
 * Ask for one of several places; resolves to its key, or null when nothing was chosen.
 * @param {string} title
 * @param {Place[]} places
 * @returns {Promise<string | null>}
 */
export function choosePlace(title, places) {
  const dialog = find("#move-dialog", HTMLDialogElement);
  const head = dialog && find("[data-move-title]", HTMLElement, dialog);
  const list = dialog && find("[data-move-places]", HTMLElement, dialog);
  if (!dialog || !head || !list) return Promise.resolve(null);
  head.textContent = title;
  list.replaceChildren(...places.map((place) => {
    const button = make("button", "btn", place.label);
    button.value = place.key;
    button.disabled = place.disabled ?? false;
    return button;
  }));
  dialog.returnValue = "";
  const chosen = { key: /** @type {string | null} */ (null) };
  list.onclick = (event) => {
    if (event.target instanceof HTMLButtonElement) chosen.key = event.target.value;
  };
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(chosen.key), { once: true });
  });
}

/** Buttons that need this script are hidden until it is there.
 * @param {ParentNode} root
 */
export function showMoveButtons(root) {
  for (const button of all("[data-move]", root)) button.hidden = false;
}
