/** The page of a bulk change: another column brings its own input. */
import { find } from "./dom.js";

const column = find("[data-bulk-column]", HTMLSelectElement);
const choose = find("[data-bulk-choose]", HTMLButtonElement);
if (column && choose) {
  choose.hidden = true;
  column.addEventListener("change", () => column.form?.requestSubmit(choose));
}
