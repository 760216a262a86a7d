/** The page of a bulk change: another column brings its own input. */
import { find } from "./dom.js";

const column = find("[data-bulk-column]", HTMLSelectElement);
const choose = find("[data-bulk-choose]", HTMLButtonElement);
if (column && choose) {
  choose.hidden = true;
  const follow = () => column.form?.requestSubmit(choose);
  column.addEventListener("change", follow);
  // Chosen before this script was there.
  const shown = [...column.options].find((option) => option.defaultSelected);
  if (shown && shown.value !== column.value) follow();
}
