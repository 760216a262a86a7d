/** Theme and density: applied at once, remembered by the server for the next computer too. */
import { all, csrfToken } from "./dom.js";
import { notifyFailure } from "./messages.js";

const YEAR = 365 * 24 * 3600;

/** @param {string} theme */
function applyTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.bsTheme;
  else document.documentElement.dataset.bsTheme = theme;
  // Who hasn't signed in has nothing but the cookie.
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  document.dispatchEvent(new CustomEvent("qhatu:theme"));
}

/** @param {string} density */
function applyDensity(density) {
  if (density === "compact") document.documentElement.dataset.density = density;
  else delete document.documentElement.dataset.density;
}

/** @param {HTMLElement[]} buttons @param {HTMLElement} chosen */
function press(buttons, chosen) {
  for (const button of buttons) button.setAttribute("aria-pressed", String(button === chosen));
}

export function startLook() {
  const choices = all("[data-theme-choice]");
  for (const choice of choices) {
    choice.addEventListener("click", () => {
      applyTheme(choice.dataset.themeChoice ?? "auto");
      press(choices, choice);
    });
  }
  /** @type {Record<string, (value: string) => void>} */
  const ways = { theme: applyTheme, density: applyDensity };
  for (const form of all("form.look")) {
    const buttons = all("[data-look]", form);
    form.addEventListener("submit", async (event) => {
      const button = event.submitter;
      if (!(form instanceof HTMLFormElement) || !(button instanceof HTMLButtonElement)) return;
      const apply = ways[button.dataset.look ?? ""];
      if (!apply) return;
      event.preventDefault();
      apply(button.value);
      press(buttons, button);
      const body = new URLSearchParams({ value: button.value });
      try {
        const answer = await fetch(form.action, { method: "POST", body, headers: { "X-CSRFToken": csrfToken() }, redirect: "manual" });
        if (answer.type !== "opaqueredirect" && !answer.ok) notifyFailure();
      } catch {
        notifyFailure();
      }
    });
  }
}
