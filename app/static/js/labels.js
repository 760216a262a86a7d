/** Labels: shows the inputs of the chosen paper; Enter in the search adds goods. */
import { all, find } from "./dom.js";

const form = find("form[data-labels]", HTMLFormElement);
const paper = form && find("select[name=paper]", HTMLSelectElement, form);
const search = form && find("input[name=q]", HTMLInputElement, form);

if (form && paper) {
  const show = () => {
    for (const part of all("[data-paper]", form)) part.hidden = part.dataset.paper !== paper.value;
  };
  paper.addEventListener("change", show);
  show();
}
search?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  form?.requestSubmit(find("[data-add]", HTMLButtonElement, form));
});
