const THEMES = /** @type {const} */ (["auto", "light", "dark"]);
const NAMES = { auto: "◐ auto", light: "☀ light", dark: "☾ dark" };

function current() {
  const stored = localStorage.getItem("theme");
  return THEMES.find((theme) => theme === stored) ?? "auto";
}

/** Shows the theme that was chosen on this browser; gives its name. */
export function initTheme() {
  const theme = current();
  if (theme === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
  return NAMES[theme];
}

export function nextTheme() {
  localStorage.setItem("theme", THEMES[(THEMES.indexOf(current()) + 1) % THEMES.length] ?? "auto");
  return initTheme();
}
