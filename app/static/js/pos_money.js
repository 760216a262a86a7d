/** Amounts as people write and read them. */

/**
 * An amount as people write it, in céntimos; null when it isn't one.
 * @param {string} text
 * @returns {number | null}
 */
export function toCents(text) {
  let plain = text.replace(/[\s ]|^S\//g, "");
  plain = /^-?\d+,\d{1,2}$/.test(plain) ? plain.replace(",", ".") : plain.replaceAll(",", "");
  return /^-?\d{1,9}(\.\d{0,2})?$/.test(plain) ? Math.round(Number(plain) * 100) : null;
}

/**
 * An amount in céntimos as text.
 * @param {number} cents
 */
export function money(cents) {
  const amount = (Math.abs(cents) / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return `${cents < 0 ? "-" : ""}S/ ${amount}`;
}

/**
 * A unit price; more than two decimals only where it has them.
 * @param {string} price
 */
export function unitPrice(price) {
  return `S/ ${Number(price).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 4 })}`;
}
