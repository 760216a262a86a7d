/** The form of a promotion: only the inputs that its type has. */
import { all, find } from "./dom.js";

const form = find("form[data-promotion]", HTMLFormElement);
const type = form && find("[name=type]", HTMLSelectElement, form);

if (form && type) {
  const show = () => {
    for (const part of all("[data-types]", form)) part.hidden = !(part.dataset.types ?? "").split(" ").includes(type.value);
  };
  type.addEventListener("change", show);
  show();
}
