import { language, translate } from "./language.js";

translate();
for (const page of ["shop", "helper"]) {
  document.getElementById(page).src = `/demo/${page}${language === "en" ? "?language=en" : ""}`;
}
