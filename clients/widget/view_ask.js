import { isLooking } from "./attention.js";
import { button, field, icon, id, make } from "./markup.js";
import { TopicsView } from "./view_topics.js";
import { lasting } from "./words.js";

const LONGEST = 2000;
const NEAR_THE_END = 200;
const STALE = 20_000;

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
    this.topics = new TopicsView({ topics: widget.topics || [], say, changed: () => this.refresh() });
    this.error = make("p", { class: "error", role: "alert" });
    this.root = make("form", { class: "ask", novalidate: true, "data-entraide": "ask" });
    this.root.append(...this.#parts());
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#ask();
    });
    this.#show(widget.availability);
    this.#typed();
    this.timer = setInterval(() => isLooking() && this.root.getClientRects().length && this.refresh(), STALE);
  }

  stop() {
    clearInterval(this.timer);
    const draft = this.text.value; // another tab has asked something else: these words are kept
    if (draft.trim() && draft.trim() !== this.visit.question?.text) this.visit.memory.write({ draft });
  }

  /** Who is there changes: it is asked again, about the topic that was chosen last. */
  async refresh() {
    const topic = this.topics.latest;
    const asked = (this.asked = {});
    try {
      const path = `/organizations/${this.widget.organization_id}/availability`;
      const there = await this.visit.api.get(path, topic ? { topic } : {});
      if (asked === this.asked) this.#show(there);
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
      this.topics.root,
      this.#page(),
      make("p", { class: "hint", text: say("private", { time: kept }) }),
      known || !guest?.is_verified ? make("p", { class: "hint", "data-entraide": "who", text: known || say("unverified") }) : null,
      this.error,
      this.send,
    ].filter(Boolean);
  }

  #page() {
    if (!this.page) return null;
    this.withPage = make("input", { type: "checkbox", id: id("page"), name: "page", checked: true });
    const told = make("span", { class: "hint", id: id("told"), text: this.say("page_told", this.page) });
    this.withPage.setAttribute("aria-describedby", told.id);
    const label = make("label", { for: this.withPage.id, text: this.say("page") });
    return make("div", { class: "tick", "data-entraide": "page" }, this.withPage, make("div", {}, label, told));
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
    const choose = !topic && widget.topics?.length ? say("choose_topic") : null;
    this.there.replaceChildren(
      make("span", { class: available ? "lamp lit" : "lamp", "aria-hidden": "true" }),
      make("span", {}, make("strong", { text: who }), ` ${wait}`, choose && ` ${choose}`),
    );
  }

  async #ask() {
    if (this.visit.isAsking) return;
    if (!this.text.value.trim()) return this.question.wrong(this.say("write_something"));
    this.error.textContent = "";
    this.#sending(true);
    const { linked_to } = this.visit.memory.read();
    const body = {
      text: this.text.value.trim(),
      topics: this.topics.chosen,
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
    } finally {
      this.#sending(false);
    }
  }

  /** What they wrote is on its way: it can be read, and no longer be changed. */
  #sending(isAsking) {
    this.visit.isAsking = isAsking;
    this.text.readOnly = isAsking;
    this.root.setAttribute("aria-busy", String(isAsking));
    this.send.lastChild.textContent = this.say(isAsking ? "asking" : "ask");
    if (isAsking) this.announce(this.say("asking"));
  }
}
