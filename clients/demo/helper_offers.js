import { button, make, refill } from "/v1/widget/client/markup.js";
import { lasting, words } from "/v1/widget/client/words.js";
import { tell } from "./helper_words.js";
import { language } from "./language.js";

/** The questions that someone may take, each with why they are asked. */
export class Offers {
  constructor(helper, taken) {
    Object.assign(this, { helper, taken });
    this.list = document.getElementById("offered");
    this.shown = "";
  }

  async read() {
    const { data } = await this.helper.api.get(`${this.helper.own}/offers`);
    document.getElementById("none").hidden = data.length > 0;
    const minute = Math.floor(Date.now() / 60_000);
    const shown = JSON.stringify([minute, data.map(({ question_id: id, round }) => [id, round])]);
    if (shown === this.shown) return;
    this.shown = shown;
    refill(this.list, ...data.map((offer) => this.#card(offer)));
  }

  #card(offer) {
    const waits = lasting((Date.now() - Date.parse(offer.asked_at)) / 1000, words(language));
    const told = [
      ...offer.topics, tell("waits", { time: waits }), ...(offer.asker_is_verified ? [] : [tell("unverified")]),
    ];
    const error = make("p", { class: "error", role: "alert" });
    const claim = async () => {
      const place = `/organizations/${this.helper.organizationId}/questions/${offer.question_id}`;
      try {
        this.taken(await this.helper.api.post(`${place}/claim`));
      } catch (failure) {
        error.textContent = failure.message;
      }
      this.shown = "";
      await this.read().catch(() => {});
    };
    return make(
      "li", { class: "offer", "data-question": offer.question_id },
      make("p", { class: "why", text: tell("why", { why: offer.reason }) }),
      make("p", { class: "asked", dir: "auto", text: offer.text }),
      make("p", { class: "hint", text: told.join(" · ") }),
      error,
      button(tell("claim"), claim, { class: "strong", "data-entraide": `claim-${offer.question_id}` }),
    );
  }
}
