/** A note about a document: shows what the chosen reason asks for. */

/**
 * What isn't asked for is hidden, and isn't sent.
 * @param {HTMLFormElement} form
 */
function follow(form) {
  const reason = /** @type {HTMLSelectElement} */ (form.elements.namedItem("reason"));
  const asked = (reason.selectedOptions[0]?.dataset.asks ?? "").split(" ");
  for (const part of form.querySelectorAll("[data-asked]")) {
    const wanted = asked.includes(/** @type {HTMLElement} */ (part).dataset.asked ?? "");
    /** @type {HTMLElement} */ (part).hidden = !wanted;
    for (const input of part.querySelectorAll("input")) input.disabled = !wanted;
  }
}

for (const form of document.querySelectorAll("form[data-note]")) {
  const note = /** @type {HTMLFormElement} */ (form);
  note.addEventListener("change", () => follow(note));
  follow(note);
}
