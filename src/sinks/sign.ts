import { createHmac } from "node:crypto";

/**
 * Headers that prove who sent a body: `X-Rlm-Timestamp` (seconds) and `X-Rlm-Signature: v1=<hex HMAC-SHA256 of "<timestamp>.<body>">`, as Stripe and
 * Slack sign theirs. A receiver compares in constant time and refuses old timestamps.
 */
export function signatureHeaders(secret: string, body: string, nowSeconds: number): Record<string, string> {
  const signature = createHmac("sha256", secret).update(`${nowSeconds}.${body}`).digest("hex");
  return { "X-Rlm-Timestamp": String(nowSeconds), "X-Rlm-Signature": `v1=${signature}` };
}
