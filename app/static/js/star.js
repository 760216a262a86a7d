/** The star of a page: keeps it among the favourites without leaving it. */
import { csrfToken, find } from "./dom.js";
import { notify, notifyFailure } from "./messages.js";

export function startStar() {
  const form = find("#star", HTMLFormElement);
  const button = form && find("button", HTMLButtonElement, form);
  if (!form || !button) return;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const kept = button.getAttribute("aria-pressed") === "true";
    const url = (kept ? form.dataset.remove : form.dataset.add) ?? "";
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) body.append(name, String(value));
    const headers = { "X-Requested-With": "fetch", "X-CSRFToken": csrfToken(), Accept: "text/html;q=0.5, application/json;q=0.9" };
    try {
      const answer = await fetch(url, { method: "POST", body, headers, redirect: "error" });
      if (!answer.ok) {
        const problem = await answer.json();
        notify(problem.message, "warning");
        return;
      }
      button.setAttribute("aria-pressed", String(!kept));
      const place = document.getElementById("favourites");
      if (place) place.innerHTML = await answer.text();
    } catch {
      notifyFailure();
    }
  });
}
