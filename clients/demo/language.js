/** The language of these pages: French, unless `?language=en`. */
export const language = new URLSearchParams(location.search).get("language") === "en" ? "en" : "fr";

/** Say the page's own sentences in that language. */
export function translate() {
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll(`[data-${language}]`)) {
    element.textContent = element.dataset[language];
  }
  for (const element of document.querySelectorAll(`[data-${language}-title]`)) {
    element.title = element.getAttribute(`data-${language}-title`);
  }
  for (const link of document.querySelectorAll("[data-switch]")) {
    link.textContent = language === "en" ? "Français" : "English";
    link.href = language === "en" ? "?" : "?language=en";
    link.lang = language === "en" ? "fr" : "en";
  }
}
