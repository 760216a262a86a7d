/**
 * What the till sends. A sale is made once: the order is kept until the server has answered, and sent
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
 * The server's answer as JSON with its status; null when there is none.
 * @param {string} url
 * @param {any} body
 * @param {number} [patience] in milliseconds
 * @returns {Promise<{status: number, body: any} | null>}
 */
export async function post(url, body, patience = PATIENCE) {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    });
    return answer.status >= 500 ? null : { status: answer.status, body: await answer.json() };
  } catch {
    return null;
  }
}

/**
 * Send the order once. `lost` means that nobody knows whether it was made.
 * @param {string} url
 * @param {Order} order
 * @returns {Promise<Sold | Refused | Lost>}
 */
export async function send(url, order) {
  const answer = await post(url, order);
  if (!answer) return { kind: "lost" };
  const { status, body } = answer;
  if (status < 300) return { kind: "sold", url: body.url };
  return { kind: "refused", status, code: body.code ?? "", message: body.message ?? "", data: body.data ?? {} };
}
