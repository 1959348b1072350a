import { button, field, icon, id, make } from "./markup.js";
import { lasting } from "./words.js";

const LONGEST = 2000;
const NEAR_THE_END = 200;
const MOST_TOPICS = 5;

/** Before a question: who is there, what it may be about, and what goes with it. */
export class AskView {
  /**
   * @param {{visit: Object, widget: Object, language: string, say: Function, page: Object|null,
   *   announce: (sentence: string) => void}} told `page` is where they are, as a helper would read it
   */
  constructor({ visit, widget, language, say, page, announce }) {
    Object.assign(this, { visit, widget, language, say, page, announce });
    this.there = make("p", { class: "there", part: "availability", "data-entraide": "availability" });
    this.text = make("textarea", { rows: "5", maxlength: String(LONGEST), name: "question", required: true });
    this.text.value = visit.memory.read().draft || "";
    this.text.addEventListener("input", () => this.#typed());
    this.left = make("p", { class: "hint", role: "status" });
    this.question = field(this.text, { label: say("your_question"), hint: say("question_hint") });
    this.error = make("p", { class: "error", role: "alert" });
    this.root = make("form", { class: "ask", novalidate: true, "data-entraide": "ask" });
    this.root.append(...this.#parts());
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#ask();
    });
    this.#show(widget.availability);
    this.#typed();
  }

  /** What they could ask about next time the panel is opened may have changed. */
  async refresh() {
    const [topic] = this.#chosen();
    try {
      const path = `/organizations/${this.widget.organization_id}/availability`;
      this.#show(await this.visit.api.get(path, topic ? { topic } : {}));
    } catch {
      /* what was said stays: it was true a moment ago */
    }
  }

  #parts() {
    const { say, widget, language } = this;
    const { guest } = this.visit.session;
    const known = guest?.is_verified && guest.name ? say("known_as", { name: guest.name }) : null;
    const kept = lasting(widget.conversation_retention_days * 86400, say);
    this.send = button(say("ask"), () => this.#ask(), { class: "strong", "data-entraide": "send-question" });
    this.send.prepend(icon("send"));
    return [
      make("p", { class: "greeting", text: widget.texts[language].greeting }),
      this.there,
      this.question.row,
      this.left,
      this.#topics(),
      this.#page(),
      make("p", { class: "hint", text: say("private", { time: kept }) }),
      known || !guest?.is_verified ? make("p", { class: "hint", "data-entraide": "who", text: known || say("unverified") }) : null,
      this.error,
      this.send,
    ].filter(Boolean);
  }

  #topics() {
    const chips = (this.widget.topics || []).map((topic) => {
      const box = make("input", { type: "checkbox", name: "topic", value: topic, id: id("topic") });
      box.addEventListener("change", () => this.#limit());
      return make("span", { class: "chip" }, box, make("label", { for: box.id, text: topic }));
    });
    this.other = make("input", { type: "text", maxlength: "40", name: "other", autocomplete: "off" });
    this.other.addEventListener("change", () => this.refresh());
    const other = field(this.other, { label: this.say("other_topic"), hint: this.say("other_topic_hint") });
    return make(
      "fieldset", { "data-entraide": "topics" },
      make("legend", { class: "label", text: this.say("topics") }),
      chips.length ? make("div", { class: "chips" }, ...chips) : null,
      other.row,
    );
  }

  #page() {
    if (!this.page) return null;
    this.withPage = make("input", { type: "checkbox", id: id("page"), name: "page", checked: true });
    const told = make("span", { class: "hint", id: id("told"), text: this.say("page_told", this.page) });
    this.withPage.setAttribute("aria-describedby", told.id);
    const label = make("label", { for: this.withPage.id, text: this.say("page") });
    return make("div", { class: "tick", "data-entraide": "page" }, this.withPage, make("div", {}, label, told));
  }

  #chosen() {
    const ticked = [...this.root.querySelectorAll("input[name=topic]:checked")].map((box) => box.value);
    const other = this.other.value.trim();
    return [...new Set([...ticked, ...(other ? [other] : [])])].slice(0, MOST_TOPICS);
  }

  #limit() {
    const boxes = [...this.root.querySelectorAll("input[name=topic]")];
    const full = boxes.filter((box) => box.checked).length >= MOST_TOPICS;
    for (const box of boxes) box.disabled = full && !box.checked;
    this.refresh();
  }

  #typed() {
    const left = LONGEST - this.text.value.length;
    this.left.textContent = left <= NEAR_THE_END ? this.say("left", { count: left }) : "";
    this.visit.memory.write({ draft: this.text.value || null });
    if (this.text.value.trim()) this.question.wrong("");
  }

  #show({ available, median_first_reply_seconds: median, topic }) {
    const { say, widget, language } = this;
    const told = say(available ? (topic ? "here_on" : "here") : "nobody_on", { count: available, topic });
    const who = available || topic ? told : widget.texts[language].fallback;
    const wait = median === null ? say("no_median") : say("median", { time: lasting(median, say) });
    this.there.replaceChildren(
      make("span", { class: available ? "lamp lit" : "lamp", "aria-hidden": "true" }),
      make("span", {}, make("strong", { text: who }), ` ${wait}`),
    );
  }

  async #ask() {
    if (!this.text.value.trim()) return this.question.wrong(this.say("write_something"));
    this.error.textContent = "";
    this.announce(this.say("asking"));
    const { linked_to } = this.visit.memory.read();
    const body = {
      text: this.text.value.trim(),
      topics: this.#chosen(),
      language: this.language,
      ...(this.withPage?.checked ? { page: this.page } : {}),
      ...(linked_to ? { linked_to } : {}),
    };
    try {
      await this.visit.ask(body);
      this.visit.memory.write({ draft: null, linked_to: null });
    } catch (failure) {
      const fault = (failure.errors || []).find(({ pointer }) => pointer === "/text");
      if (fault) this.question.wrong(fault.message);
      else this.error.textContent = failure.status ? failure.message : this.say("failed");
    }
  }
}
