import { make } from "/v1/widget/client/markup.js";
import { clock } from "/v1/widget/client/view_messages.js";
import { tell } from "./helper_words.js";
import { language } from "./language.js";

/** What someone's help was recognized for: theirs to see, and nobody else's. */
export class Merit {
  constructor(helper) {
    this.helper = helper;
    this.list = document.getElementById("lines");
  }

  async read() {
    const { data, balance } = await this.helper.api.get("/me/recognition", { limit: 3 });
    const shown = JSON.stringify([balance, data.map(({ id }) => id)]);
    if (shown === this.shown) return;
    this.shown = shown;
    const lines = data.map((line) => make(
      "li", { "data-merit": line.id },
      line.text && make("q", { dir: "auto", text: line.text }), " ", make("span", { text: line.explanation }), " ", make("time", { class: "hint", datetime: line.at, text: clock(line.at, language) }),
    ));
    const none = make("li", { class: "hint", text: tell("no_merit") });
    const all = make("li", { class: "hint", text: tell("balance", { count: balance }) });
    this.list.replaceChildren(...(lines.length ? [...lines, all] : [none]));
  }
}
