/** Searchable selects of the screens of stock; fields that only one kind of count has. */
import { all, find } from "./dom.js";
import { enhance } from "./selects.js";

enhance(document);

const form = find("[data-count-form]", HTMLFormElement);
const scope = form && find("[name=scope]", HTMLSelectElement, form);

if (form && scope) {
  const show = () => {
    for (const part of all("[data-scope]", form)) part.hidden = part.dataset.scope !== scope.value;
  };
  scope.addEventListener("change", show);
  show();
}
