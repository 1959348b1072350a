import { button, field, make, refill } from "./markup.js";
import { CLOSED, OVER } from "./states.js";

const LONGEST = 500;
const REOPENING = 7 * 24 * 3600 * 1000;

/** How it ends: whether it helped, thanks, and what may still be done. */
export class EndView {
  /** @param {{visit: Object, say: Function, announce: Function, helper: () => string}} told */
  constructor({ visit, say, announce, helper }) {
    Object.assign(this, { visit, say, announce, helper });
    this.error = make("p", { class: "error", role: "alert" });
    this.inside = make("div");
    this.root = make("section", { class: "box", "data-entraide": "end", hidden: true }, this.inside, this.error);
  }

  /** Show what may be done now. */
  render(question) {
    const { state, outcome, helper_id: helper } = question;
    const look = [question.id, state, outcome, helper].join();
    if (look === this.look) return;
    this.look = look;
    this.error.textContent = "";
    const parts =
      state === "answered" ? this.#solved() : OVER.has(state) ? this.#afterwards(question) : [];
    this.root.hidden = parts.length === 0;
    refill(this.inside, ...parts.filter(Boolean));
    const focused = this.root.querySelector(":focus")?.closest(".field"); // its label is seen with it
    requestAnimationFrame(() => (focused || this.root).scrollIntoView({ block: "nearest" }));
  }

  #solved() {
    const choice = (outcome) => button(this.say(outcome), () => this.#tried(async () => {
      await this.visit.act("confirm", { outcome });
      if (outcome === "no") this.announce(this.say("no_told"));
    }), { "data-entraide": `confirm-${outcome}`, class: outcome === "yes" ? "strong" : "" });
    const title = make("h3", { text: this.say("solved"), id: "entraide-solved" });
    const group = { role: "group", "aria-labelledby": title.id, class: "row" };
    return [title, make("div", group, choice("yes"), choice("partly"), choice("no"))];
  }

  #afterwards(question) {
    const mayReopen =
      CLOSED.has(question.state) && Date.now() - Date.parse(question.closed_at) < REOPENING;
    const reopen = () => this.#tried(() => this.#reopen());
    return [
      question.state === "resolved" && question.helper_id ? this.#thanks() : null,
      CLOSED.has(question.state) ? make("p", { class: "hint", text: this.say("ps") }) : null,
      mayReopen ? make("div", { class: "row" }, button(this.say("reopen"), reopen, { "data-entraide": "reopen" })) : null,
      mayReopen ? make("p", { class: "hint", text: this.say("reopen_told") }) : null,
      make(
        "div", { class: "row" },
        button(this.say("another"), () => this.visit.another(), { "data-entraide": "another" }),
      ),
    ];
  }

  async #reopen() {
    try {
      await this.visit.act("reopen");
    } catch (failure) {
      if (failure.code !== "reopen_too_late") throw failure;
      // too late for this one: what they ask next goes on from it
      const isSame = !this.visit.session.guest?.only;
      this.visit.another();
      if (isSame) this.visit.memory.write({ linked_to: failure.body.linked_to });
      this.announce(failure.message);
    }
  }

  #thanks() {
    if (this.visit.memory.read().thanked === this.visit.question.id) {
      return make("p", { class: "soft", "data-entraide": "thanked", text: this.say("thanked") });
    }
    const text = make("textarea", { rows: "2", maxlength: String(LONGEST), name: "thanks" });
    const told = field(text, { label: this.say("thank"), hint: this.say("thank_hint", { name: this.helper() }) });
    const send = make("button", { type: "submit", class: "strong", text: this.say("thank_send") });
    const form = make("form", { novalidate: true, "data-entraide": "thanks" }, told.row, send);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!text.value.trim()) return text.focus();
      this.#tried(async () => {
        await this.visit.thank(text.value.trim());
        this.visit.memory.write({ thanked: this.visit.question.id });
        const marks = { class: "soft", "data-entraide": "thanked", "data-land": true };
        const thanked = make("p", { ...marks, text: this.say("thanked") });
        const rest = [...this.inside.children].filter((part) => part !== form);
        refill(this.inside, thanked, ...rest);
        this.announce(this.say("thanked"));
      });
    });
    return form;
  }

  async #tried(act) {
    this.error.textContent = "";
    try {
      await act();
    } catch (failure) {
      this.error.textContent = failure.status ? failure.message : this.say("failed");
    }
  }
}
