/**
 * Sending a sale so that it is made once: the order is kept until the server has answered, and sent
 * again under the same key after a lost answer or a reload.
 */
import { csrfToken } from "./dom.js";

/** @import { Order } from "./pos_cart.js" */

/**
 * @typedef {{kind: "sold", url: string}} Sold
 * @typedef {{kind: "refused", status: number, code: string, message: string, data: Record<string, any>}} Refused
 * @typedef {{kind: "lost"}} Lost
 */

const PATIENCE = 20_000;

/**
 * Send the order once. `lost` means that nobody knows whether it was made.
 * @param {string} url
 * @param {Order} order
 * @returns {Promise<Sold | Refused | Lost>}
 */
export async function send(url, order) {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify(order),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status >= 500) return { kind: "lost" };
    const body = await answer.json();
    if (answer.ok) return { kind: "sold", url: body.url };
    return { kind: "refused", status: answer.status, code: body.code ?? "", message: body.message ?? "", data: body.data ?? {} };
  } catch {
    return { kind: "lost" };
  }
}
