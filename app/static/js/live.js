/**
 * Forms whose result is shown while they are filled: `data-live` is where the form is sent to,
 * `data-live-place` the id of the element that shows the answer. Nothing is saved by it.
 */
import { all, csrfToken, find } from "./dom.js";

const PAUSE = 250;

/** @param {HTMLFormElement} form */
function startLive(form) {
  const place = find(`#${form.dataset.livePlace}`, HTMLElement);
  if (!place) return;
  let timer = 0;
  let asked = 0;

  const ask = async () => {
    const mine = (asked += 1);
    place.ariaBusy = "true";
    try {
      const answer = await fetch(form.dataset.live ?? "", {
        method: "POST",
        headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" },
        body: new URLSearchParams(/** @type {any} */ (new FormData(form))),
        redirect: "error",
      });
      const text = await answer.text();
      if (mine === asked && answer.ok) place.replaceChildren(document.createRange().createContextualFragment(text));
    } catch {
      // Without an answer what was shown last stays; saving checks everything again.
    }
    if (mine === asked) place.ariaBusy = null;
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  for (const list of all("[data-lines-body]", form)) new MutationObserver(later).observe(list, { childList: true });
  ask();
}

for (const form of all("form[data-live]")) if (form instanceof HTMLFormElement) startLive(form);
