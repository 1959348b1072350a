import { make } from "./markup.js";
import { TALKED, UNSETTLED } from "./states.js";
import { CompanyView } from "./view_company.js";
import { EndView } from "./view_end.js";
import { MailView } from "./view_mail.js";
import { MessagesView, composer } from "./view_messages.js";
import { lasting } from "./words.js";

const TICK = 15_000;

/** A question from the moment it is asked: what has become of it, the conversation, and its end. */
export class QuestionView {
  /** @param {{visit: Object, widget: Object, language: string, say: Function, announce: Function}} told */
  constructor({ visit, widget, language, say, announce }) {
    Object.assign(this, { visit, widget, say, announce });
    const { conversation } = visit;
    this.state = make("h3", { class: "state", "data-entraide": "state" });
    this.wait = make("div", { class: "wait", "data-entraide": "wait" });
    this.lost = make("p", { class: "lost", "data-entraide": "connection", hidden: true });
    this.mail = new MailView({ visit, say, announce });
    this.company = new CompanyView({ visit, language, say, announce });
    this.end = new EndView({ visit, say, announce, helper: () => this.#helper() });
    const nameOf = (author) => this.#named(author);
    const typist = (memberId) => (memberId === visit.question.helper_id ? this.#helper() : say("someone"));
    this.messages = new MessagesView({ conversation, language, say, nameOf, typist });
    this.composer = composer({ conversation, say });
    this.root = make(
      "div", { class: "question", "data-entraide": "question" },
      this.state, this.lost, this.wait, this.#asked(), this.mail.root, this.company.root,
      this.messages.root, this.end.root,
    );
    this.lostNow = () => this.#later();
    this.backNow = () => this.#back();
    visit.live.addEventListener("lost", this.lostNow);
    visit.live.addEventListener("open", this.backNow);
    this.timer = setInterval(() => this.render(), TICK);
    this.render();
  }

  stop() {
    this.messages.stop();
    clearInterval(this.timer);
    clearTimeout(this.patience);
    this.visit.live.removeEventListener("lost", this.lostNow);
    this.visit.live.removeEventListener("open", this.backNow);
  }

  /** Show the question as it is now. */
  render() {
    const { question } = this.visit;
    if (!question) return;
    const partly = question.state === "resolved" && question.outcome === "partly" ? "_partly" : "";
    const state = this.say(`state_${question.state}${partly}`, { name: this.#helper() });
    if (this.state.textContent !== state) {
      if (this.state.textContent) this.announce(state);
      this.state.textContent = state;
      this.state.dataset.state = question.state;
    }
    this.lost.textContent = this.say(this.visit.conversation.isReachable ? "slower" : "reconnecting");
    this.#waiting(question);
    this.mail.unfold(question.state === "open", !this.#someoneWasThere());
    this.mail.root.hidden = !this.#offersMail(question);
    this.company.render(question);
    this.end.render(question);
    this.composer.hidden = !TALKED.has(question.state);
    this.messages.render();
  }

  #asked() {
    const { question } = this.visit;
    const from = question.page?.title ? this.say("asked_on", { title: question.page.title }) : "";
    return make(
      "div", { class: "line mine asked", "data-entraide": "asked" },
      make("div", { class: "meta", text: this.say("asked_of") }),
      make("div", { class: "words", dir: "auto", text: question.text ?? this.say("words_gone") }),
      make("div", { class: "meta", text: [...question.topics, from].filter(Boolean).join(" · ") }),
    );
  }

  /** Why it takes time: what happens meanwhile, and since when; nothing that nobody knows. */
  #waiting({ state, topics, round_opened_at: since }) {
    this.wait.hidden = state !== "open";
    if (this.wait.hidden) return;
    const { say, widget } = this;
    const seconds = Math.max(0, (Date.now() - Date.parse(since)) / 1000);
    const steps = [["wave_topic", 0], ["wave_all", 60], ["wave_staff", 300]].filter(([, at]) => at || topics.length);
    const reached = steps.filter(([, at]) => seconds >= at).length - 1;
    this.wait.replaceChildren(
      make("p", { text: `${say("since", { time: lasting(seconds, say) })} ${say("add_meanwhile")}` }),
      make("ol", { class: "steps" }, ...steps.map(([step], index) => make("li", {
        text: say(step, { name: widget.name }),
        class: index <= reached ? "reached" : "",
        "aria-current": index === reached ? "step" : false,
      }))),
      make("p", { class: "hint", text: say("why_slow") }),
    );
  }

  #offersMail({ state }) {
    const vouched = this.visit.session.guest?.is_verified && !this.visit.memory.read().mailed;
    return UNSETTLED.has(state) && state !== "answered" && !vouched;
  }

  #someoneWasThere() {
    const { availability } = this.visit.question;
    if (availability) this.there = availability.available > 0;
    return this.there ?? true;
  }

  #helper() {
    return this.visit.question?.helper_name || this.say("someone");
  }

  /** By name, and by what they are here: nobody is taken for someone else. */
  #named({ name, voice, role }) {
    const is = { staff: "staff", champion: "champion", partner: "partner" }[voice] || "volunteer";
    const shown = name || this.say("someone");
    return role === "asker" ? shown : `${shown} (${this.say(is, { name: this.widget.name })})`;
  }

  /** A connection that is back within moments was never lost. */
  #later() {
    clearTimeout(this.patience);
    this.messages.render();
    this.patience = setTimeout(() => {
      this.lost.hidden = this.visit.live.isOpen;
      if (!this.lost.hidden) this.announce(this.lost.textContent);
    }, 3_000);
  }

  #back() {
    clearTimeout(this.patience);
    if (!this.lost.hidden) this.announce(this.say("reconnected"));
    this.lost.hidden = true;
  }
}
