/** Comments on a record: saying, changing, deleting, following. */
import { csrfToken, find, make } from "./dom.js";
import { confirm, notify, notifyFailure } from "./messages.js";
import { startMentions } from "./mentions.js";

/** Texts of the page, where they are translated. */
const words = () => document.getElementById("comment-words")?.dataset ?? {};

/**
 * @param {string} url
 * @param {FormData} data
 * @returns {Promise<{ok: boolean, answer: any}>}
 */
async function post(url, data) {
  try {
    const headers = { Accept: "application/json", "X-CSRFToken": csrfToken() };
    const answer = await fetch(url, { method: "POST", headers, body: data });
    return { ok: answer.ok, answer: await answer.json() };
  } catch {
    notifyFailure();
    return { ok: false, answer: null };
  }
}

/** What a refusal says, beside the field if it is about one. @param {any} answer */
function sentence(answer) {
  return answer?.errors?.body ?? answer?.fields?.body ?? answer?.detail ?? answer?.message ?? "";
}

/** @param {string} html */
function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const made = template.content.firstElementChild;
  return made instanceof HTMLElement ? made : null;
}

/** @param {HTMLFormElement} form */
async function say(form) {
  const body = find("textarea", HTMLTextAreaElement, form);
  const error = find("#comment-error", HTMLElement, form);
  if (!body || !body.value.trim() || form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const { ok, answer } = await post(form.action, new FormData(form));
  form.removeAttribute("aria-busy");
  body.setAttribute("aria-invalid", String(!ok));
  if (error) {
    error.hidden = ok;
    error.textContent = ok ? "" : sentence(answer);
  }
  body.classList.toggle("is-invalid", !ok);
  if (!ok) return body.focus();
  body.value = "";
  const made = element(answer.html);
  const list = document.getElementById("timeline-items");
  if (made) list?.prepend(made);
  list?.parentElement?.querySelector(".related-none")?.remove();
}

/** Put a field in place of the words. @param {HTMLElement} button */
function change(button) {
  const item = button.closest("[data-comment]");
  const text = item && find("[data-comment-text]", HTMLElement, item);
  if (!item || !text || item.querySelector("form")) return;
  const form = document.createElement("form");
  form.className = "comment-form";
  form.action = button.dataset.commentEdit ?? "";
  const body = make("textarea", "form-control");
  body.name = "body";
  body.maxLength = 5000;
  body.rows = 3;
  body.value = button.dataset.body ?? "";
  body.dataset.mentions = "";
  body.setAttribute("aria-label", words().label ?? "");
  const error = make("p", "invalid-feedback");
  error.setAttribute("role", "alert");
  const save = make("button", "btn btn-sm btn-primary", words().save);
  const cancel = make("button", "btn btn-sm btn-quiet", words().cancel);
  cancel.type = "button";
  const foot = make("div", "comment-foot");
  foot.append(save, cancel);
  form.append(body, error, foot);
  text.hidden = true;
  text.after(form);
  body.focus();
  const close = () => {
    form.remove();
    text.hidden = false;
    button.focus();
  };
  cancel.addEventListener("click", close);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { ok, answer } = await post(form.action, new FormData(form));
    const made = ok ? element(answer.html) : null;
    if (made) item.replaceWith(made);
    else {
      body.classList.add("is-invalid");
      error.textContent = sentence(answer);
    }
  });
}

/** @param {HTMLElement} button */
async function remove(button) {
  if (!(await confirm(button.dataset.question ?? "", button.dataset.yes))) return;
  const { ok, answer } = await post(button.dataset.commentDelete ?? "", new FormData());
  if (ok) button.closest("[data-comment]")?.remove();
  else if (answer) notify(sentence(answer), "danger");
}

/** The timeline shows who follows, so it is read again. @param {HTMLFormElement} form */
async function follow(form) {
  const { ok, answer } = await post(form.action, new FormData(form));
  if (ok) form.closest("[hx-get]")?.dispatchEvent(new Event("reload"));
  else if (answer) notify(sentence(answer), "danger");
}

/** A link to a comment was followed, maybe before the timeline was there. */
function arrive() {
  const target = location.hash.startsWith("#comment-") ? document.getElementById(location.hash.slice(1)) : null;
  if (!target || target.classList.contains("at")) return;
  target.classList.add("at");
  target.scrollIntoView({ block: "center" });
}

export function startComments() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    if ("commentForm" in form.dataset) {
      event.preventDefault();
      void say(form);
    } else if ("follow" in form.dataset) {
      event.preventDefault();
      void follow(form);
    }
  });
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-comment-edit], [data-comment-delete]") : null;
    if (!(button instanceof HTMLElement)) return;
    if (button.dataset.commentEdit) change(button);
    else void remove(button);
  });
  document.addEventListener("keydown", (event) => {
    const form = event.target instanceof HTMLTextAreaElement ? event.target.form : null;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form?.classList.contains("comment-form")) form.requestSubmit();
  });
  arrive();
  document.addEventListener("htmx:after:swap", arrive);
  startMentions();
}
