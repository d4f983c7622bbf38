import { get } from "./api.js";

/**
 * Asks again and again while the view is shown.
 * @param {string} path below `/api`
 * @param {AbortSignal} leaving
 * @param {{ take: (answer: any) => void, fail: (error: unknown) => void, everyMs?: number }} options
 * @returns {() => void} asks now
 */
export function refresh(path, leaving, { take, fail, everyMs = 5000 }) {
  let shown = "";
  const look = async () => {
    if (document.hidden && shown !== "") return;
    try {
      const answer = await get(path);
      const text = JSON.stringify(answer);
      // What is the same stays, with focus and selection.
      if (!leaving.aborted && text !== shown) take(answer);
      shown = text;
    } catch (error) {
      if (!leaving.aborted) fail(error);
      shown = "";
    }
  };
  void look();
  const timer = setInterval(() => void look(), everyMs);
  leaving.addEventListener("abort", () => clearInterval(timer));
  return () => void look();
}
