const KEY = "jobyard.theme";

/** The system's own unless somebody chose. */
export function applyTheme(): void {
  const chosen = localStorage.getItem(KEY);
  if (chosen) document.documentElement.dataset["theme"] = chosen;
}

export function toggleTheme(): void {
  const now =
    document.documentElement.dataset["theme"] ??
    (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  localStorage.setItem(KEY, now === "dark" ? "light" : "dark");
  applyTheme();
}
