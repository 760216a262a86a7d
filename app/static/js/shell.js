/** What each page has: theme, navigation, shortcuts, questions, background requests. */
import { all, csrfToken, find, isTyping } from "./dom.js";
import { listenForQuestions, notifyFailure } from "./messages.js";
import { startLook } from "./look.js";
import { startNavigation } from "./navigation.js";
import { startPalette } from "./palette.js";
import { startStar } from "./star.js";

/** Elements with `data-key` are clicked (or focused, if they are inputs) by that key. */
function startShortcuts() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const element = find(`[data-key="${CSS.escape(event.key)}"]`, HTMLElement);
    if (!element || element.offsetParent === null) return;
    event.preventDefault();
    if (element instanceof HTMLInputElement) element.select();
    element.focus();
    if (!(element instanceof HTMLInputElement)) element.click();
  });
}

/** A form with `data-busy` can't be sent twice by a second click. */
function startBusyForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !("busy" in form.dataset) || event.defaultPrevented) return;
    if (form.ariaBusy === "true") event.preventDefault();
    else form.ariaBusy = "true";
  });
  // Coming back to the page from the browser's history makes the form usable again.
  addEventListener("pageshow", () => {
    for (const form of all("form[aria-busy]")) form.removeAttribute("aria-busy");
  });
}

/** Requests of htmx carry the token; their failures are said, not swallowed. */
function startBackgroundRequests() {
  document.addEventListener("htmx:config:request", (event) => {
    if (event instanceof CustomEvent) event.detail.ctx.request.headers["X-CSRFToken"] = csrfToken();
  });
  document.addEventListener("htmx:response:error", notifyFailure);
  document.addEventListener("htmx:error", notifyFailure);
}

function startButtons() {
  for (const button of all("[data-back]")) button.addEventListener("click", () => history.back());
  for (const button of all("[data-reveal]")) {
    button.addEventListener("click", () => {
      const input = find(`#${CSS.escape(button.dataset.reveal ?? "")}`, HTMLInputElement);
      if (!input) return;
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
    });
  }
}

startLook();
startNavigation();
startPalette();
startStar();
startShortcuts();
listenForQuestions();
startBusyForms();
startBackgroundRequests();
startButtons();
