/** Background work under way: asked for again and again until it is over. */
import { all, find } from "./dom.js";

const SOON = 1000;
const LATER = 4000;
const PATIENCE = 60;
const QUARTER = 25;

/**
 * Follow one piece of work. The drawn state is replaced, the focus kept, and a screen reader told
 * of each quarter and of the end.
 * @param {HTMLElement} place
 */
function follow(place) {
  let asked = 0;
  let said = "";

  /** @param {HTMLElement} body */
  const say = (body) => {
    const percent = find("progress", HTMLProgressElement, body)?.value ?? 0;
    const step = `${body.dataset.status} ${"live" in body.dataset ? Math.floor((percent * 4) / 100) * QUARTER : ""}`;
    const voice = find("[data-progress-say]", HTMLElement, place);
    if (voice && said && step !== said) voice.textContent = body.dataset.say ?? "";
    said = step;
  };

  /** @param {string} html */
  const show = (html) => {
    const slot = find("[data-progress-body]", HTMLElement, place);
    const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    if (!slot || !(fresh instanceof HTMLElement)) return null;
    const held = document.activeElement instanceof HTMLElement && slot.contains(document.activeElement);
    slot.replaceChildren(document.adoptNode(fresh));
    if (held) find("button, a", HTMLElement, slot)?.focus();
    say(fresh);
    return fresh;
  };

  const again = () => setTimeout(ask, asked > PATIENCE || document.hidden ? LATER : SOON);

  const ask = async () => {
    asked += 1;
    try {
      const answer = await fetch(place.dataset.progress ?? "", { headers: { Accept: "text/html" } });
      if (!answer.ok) return; // signed out, or the work was deleted
      const body = show(await answer.text());
      if (body && "live" in body.dataset) again();
      else if (body && "reload" in place.dataset) location.reload();
      else place.dispatchEvent(new CustomEvent("qhatu:work", { bubbles: true, detail: { status: body?.dataset.status } }));
    } catch {
      again(); // the network is away for a moment
    }
  };

  const body = find(".work-body", HTMLElement, place);
  if (body && "live" in body.dataset) {
    say(body);
    again();
  }
}

for (const place of all("[data-progress]")) follow(place);
