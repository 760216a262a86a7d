/** What is typed is kept at the server after a pause, until it is saved or given up. */
import { csrfToken, find, locale } from "./dom.js";

const PAUSE = 2500;

/**
 * @param {HTMLFormElement} form
 * @param {() => boolean} changed whether there is anything to keep
 */
export function startDrafts(form, changed) {
  const url = form.dataset.draft;
  if (!url) return;
  let timer = 0;
  let sent = false;
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void keep(), PAUSE);
  };
  const keep = async () => {
    if (sent || !changed()) return;
    try {
      const answer = await fetch(url, { method: "POST", body: inputsOf(form), headers: { "X-CSRFToken": csrfToken() } });
      if (answer.ok) tell(form);
    } catch {
      // Without the network there is no draft; the warning on leaving stays.
    }
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => {
    sent = true;
    clearTimeout(timer);
  });
  find("[data-leave]", HTMLElement, form)?.addEventListener("click", () => {
    sent = true;
    clearTimeout(timer);
    void forget(url);
  });
  const offer = find("[data-draft-offer]", HTMLElement);
  find("[data-draft-discard]", HTMLElement)?.addEventListener("click", () => {
    void forget(url);
    offer?.remove();
    find(":is(input, select, textarea):not([type=hidden])", HTMLElement, form)?.focus();
  });
}

/**
 * The text inputs; files stay where they are.
 * @param {HTMLFormElement} form
 */
function inputsOf(form) {
  const inputs = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") inputs.append(name, value);
  return inputs;
}

/** @param {string} url */
function forget(url) {
  return fetch(url, { method: "DELETE", headers: { "X-CSRFToken": csrfToken() }, keepalive: true }).catch(() => null);
}

/** @param {HTMLFormElement} form */
function tell(form) {
  const text = find("[data-unsaved-text]", HTMLElement, form);
  if (!text) return;
  const time = new Intl.DateTimeFormat(locale(), { timeStyle: "short" }).format(new Date());
  text.textContent = (text.dataset.kept ?? "").replace("{time}", time);
}
