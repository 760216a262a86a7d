/**
 * Small things that several modules need. Texts come from the page, where they are translated.
 */

/** Numbers and times as the server writes them: with Peru's signs in Spanish. */
export function locale() {
  const { lang } = document.documentElement;
  return lang === "es" ? "es-PE" : lang;
}

/**
 * The first element that matches, typed.
 * @template {Element} T
 * @param {string} selector
 * @param {new () => T} kind
 * @param {ParentNode} [root]
 * @returns {T | null}
 */
export function find(selector, kind, root = document) {
  const element = root.querySelector(selector);
  return element instanceof kind ? element : null;
}

/**
 * All HTML elements that match.
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {HTMLElement[]}
 */
export function all(selector, root = document) {
  return [...root.querySelectorAll(selector)].filter((element) => element instanceof HTMLElement);
}

/**
 * An element with a class and a text.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/**
 * Lower case without accents, so that "cafe" finds "Café".
 * @param {string} text
 */
export function fold(text) {
  return text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
}

/**
 * Whether the person is typing, so that single keys are text and not commands.
 * @param {EventTarget | null} target
 */
export function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input, select, textarea, dialog *"));
}

/** The token that the server asks for with each change. */
export function csrfToken() {
  return find('meta[name="csrf-token"]', HTMLMetaElement)?.content ?? "";
}

/**
 * What the server answers as JSON; null when there is no answer, or another one than was asked for:
 * whoever is signed out is sent to the log-in page.
 * @param {string | URL} url
 * @returns {Promise<any>}
 */
export async function getJson(url) {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
