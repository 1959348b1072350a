// The one module that a page names: it gives the page the element, and does nothing else.
import { EntraideWidget } from "./element.js";

if (!customElements.get("entraide-widget")) customElements.define("entraide-widget", EntraideWidget);
