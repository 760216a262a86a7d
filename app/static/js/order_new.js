/** A new order: the addresses of the chosen customer, and what only a delivery has. */
import { all, find, getJson, make } from "./dom.js";
import { enhance } from "./selects.js";

enhance(document);

const form = find("form[data-order]", HTMLFormElement);
const customer = form && find("[name=customer_id]", HTMLSelectElement, form);
const address = form && find("[name=delivery_address]", HTMLTextAreaElement, form);
const list = form && find("[data-addresses]", HTMLElement, form);
const method = form && find("[name=shipping_method]", HTMLSelectElement, form);

async function offerAddresses() {
  if (!form || !customer || !address || !list) return;
  const found = customer.value ? await getJson(`${form.dataset.addresses}?customer_id=${customer.value}`) : null;
  /** @type {{label: string, text: string}[]} */
  const addresses = found?.addresses ?? [];
  list.replaceChildren(...addresses.map(({ label, text }) => {
    const button = make("button", "btn btn-sm", label);
    button.type = "button";
    button.title = text;
    button.addEventListener("click", () => {
      address.value = text;
      address.dispatchEvent(new Event("input", { bubbles: true }));
    });
    return button;
  }));
  if (addresses.length && !address.value.trim()) address.value = addresses[0].text;
}

function showDelivery() {
  if (!form || !method) return;
  for (const part of all("[data-delivery]", form)) part.hidden = method.value === "pickup";
}

customer?.addEventListener("change", offerAddresses);
method?.addEventListener("change", showDelivery);
showDelivery();
offerAddresses();
