/**
 * @typedef {"live" | "lost" | "done"} Link
 * @param {string} path below `/api/live`
 * @param {{ on: Record<string, (data: any) => void>, onLink: (link: Link) => void, onFailed?: (message: string) => void }} handlers
 * @returns {() => void} ends it
 */
export function live(path, { on, onLink, onFailed }) {
  /** @type {EventSource | null} */
  let source = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let again;
  let over = false;
  const end = () => {
    source?.close();
    source = null;
    clearTimeout(again);
  };
  const begin = () => {
    end();
    if (over) return;
    source = new EventSource(`/api/live${path}`);
    source.addEventListener("open", () => onLink("live"));
    source.addEventListener("gone", () => {
      over = true;
      end();
      onLink("done");
    });
    source.addEventListener("failed", (event) => {
      onFailed?.(JSON.parse(event.data).message);
      retry();
    });
    // Browsers give up for good on some errors; a dashboard that is started again must be found.
    source.addEventListener("error", () => {
      onLink("lost");
      retry();
    });
    for (const [name, take] of Object.entries(on)) source.addEventListener(name, (event) => take(JSON.parse(event.data)));
  };
  const retry = () => {
    end();
    again = setTimeout(begin, RETRY_MS);
  };
  // A page that nobody sees needs no connection, and browsers have few for a host.
  const look = () => (document.hidden ? end() : source === null && begin());
  document.addEventListener("visibilitychange", look);
  begin();
  return () => {
    over = true;
    end();
    document.removeEventListener("visibilitychange", look);
  };
}

const RETRY_MS = 1000;
