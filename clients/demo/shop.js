import { language, translate } from "./language.js";

translate();
if (language === "en") document.title = "Cyclofil: adjusting disc brakes";
const widget = document.querySelector("entraide-widget");
widget.setAttribute("language", language);
// a page may open the widget where it speaks of it
document.getElementById("ask").addEventListener("click", () => widget.open());
