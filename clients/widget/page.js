// Our own page for an organization: the element, and a plain look around it.
import { chosen } from "./words.js";

const PAGE = `
body {
  margin: 0; background: #f7f5f0; color: #1f2933; min-height: 100vh;
  font: 1.05rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
main { max-width: 38rem; margin: 0 auto; padding: clamp(2rem, 8vw, 6rem) 1.5rem; }
h1 { font-size: clamp(1.7rem, 5vw, 2.6rem); line-height: 1.15; text-wrap: balance; margin: 0 0 1rem; }
p { margin: 0 0 1rem; }
@media (min-width: 64rem) { main { margin-left: max(3rem, calc(50vw - 34rem)); } }
`;

const sheet = new CSSStyleSheet();
sheet.replaceSync(PAGE);
document.adoptedStyleSheets = [sheet];

const widget = document.querySelector("entraide-widget");
// the page itself is in the organization's language; the conversation may be in the visitor's
widget.setAttribute("language", chosen(...navigator.languages, document.documentElement.lang));
widget.setAttribute("without-page", "");

await import("./v1.js");
