import { button, field, icon, make } from "./markup.js";

const TYPING_LASTS = 5_000;
const LONGEST = 4000;

/** The time of day on the reader's clock; with the day when it is not today's. */
export function clock(at, language) {
  const moment = new Date(at);
  const today = moment.toDateString() === new Date().toDateString();
  const day = today ? {} : { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(language, { ...day, hour: "2-digit", minute: "2-digit" }).format(moment);
}

/** What was said, and what is about to be: in its order, each once, whoever says it. */
export class MessagesView {
  #shown = new Map();

  /**
   * @param {{conversation: Object, language: string, say: Function,
   *   nameOf: (author: Object) => string,
   *   typist: (memberId: string) => string}} told
   */
  constructor({ conversation, language, say, nameOf, typist }) {
    Object.assign(this, { conversation, language, say, nameOf, typist });
    // told to those who listen only once what was there before is on the page
    this.log = make("ol", {
      class: "log", role: "log", "aria-live": "off", "aria-label": say("messages"), tabindex: "0",
      "data-entraide": "messages",
    });
    this.typing = make("p", { class: "typing", "data-entraide": "typing" });
    this.root = make("div", { class: "messages", part: "messages" }, this.log, this.typing);
    this.changed = () => this.render();
    this.written = ({ detail }) => this.#typed(detail);
    conversation.addEventListener("change", this.changed);
    conversation.addEventListener("typing", this.written);
    this.render();
  }

  stop() {
    this.conversation.removeEventListener("change", this.changed);
    this.conversation.removeEventListener("typing", this.written);
    clearTimeout(this.quiet);
  }

  render() {
    const { conversation } = this;
    const said = conversation.messages.map((message) => [this.#keyOf(message), message]);
    const unsent = conversation.outbox.unsent.map((words) => [words.client_message_id, words]);
    const wanted = new Map([...unsent, ...said]); // what has arrived takes the place of what was sent
    const order = [...said, ...unsent.filter(([name]) => !said.some(([known]) => known === name))];
    for (const [name, shown] of this.#shown) if (!wanted.has(name)) this.#remove(name, shown);
    order.forEach(([name, words], index) => this.#place(name, words, index));
    if (conversation.isLoaded) this.log.setAttribute("aria-live", "polite");
    if (said.length && said.at(-1)[1].author.member_id !== conversation.me) this.#hush(said.length);
  }

  /** One's own are known by one's own key: the line that was being sent becomes the line that was said. */
  #keyOf(message) {
    return message.author.member_id === this.conversation.me ? message.client_message_id : message.id;
  }

  #remove(name, { line }) {
    line.remove();
    this.#shown.delete(name);
  }

  #place(name, words, index) {
    const look = JSON.stringify([words.seq, words.declined, words.author?.name, words.seq || this.conversation.live.isOpen]);
    const shown = this.#shown.get(name);
    const line = shown?.line || make("li");
    if (shown?.look !== look) {
      this.#fill(line, words);
      this.#shown.set(name, { line, look });
    }
    if (this.log.children[index] === line) return;
    this.log.insertBefore(line, this.log.children[index] || null);
    line.scrollIntoView?.({ block: "nearest" });
  }

  #fill(line, words) {
    const { say, language } = this;
    const mine = !words.author || words.author.member_id === this.conversation.me;
    line.className = `line ${mine ? "mine" : "theirs"}${words.seq ? "" : " unsent"}`;
    line.dataset.entraide = words.seq ? "message" : "unsent";
    const when = make("time", { datetime: words.at, text: clock(words.at, language) });
    const more = words.is_postscript ? ` · ${say("postscript")}` : "";
    const who = make("span", { class: "who", text: mine ? say("you") : this.nameOf(words.author) });
    line.replaceChildren(
      make("div", { class: "meta" }, who, " · ", when, more),
      make("div", { class: "words", dir: "auto", text: words.text }),
      ...(words.seq ? [] : [this.#unsent(words)]),
    );
  }

  #unsent(words) {
    if (!words.declined) return make("div", { class: "hint", text: this.say(this.conversation.live.isOpen ? "sending" : "kept") });
    const { outbox } = this.conversation;
    return make(
      "div", { class: "error" }, `${words.declined} `,
      button(this.say("retry"), () => outbox.retry(words.client_message_id), { class: "plain" }),
      button(this.say("give_up"), () => outbox.remove(words.client_message_id), { class: "plain" }),
    );
  }

  #typed({ member_id: memberId }) {
    this.typing.textContent = this.say("typing", { name: this.typist(memberId) });
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.#hush(), TYPING_LASTS);
  }

  #hush(count) {
    if (count !== undefined && count === this.heard) return;
    this.heard = count ?? this.heard;
    this.typing.textContent = "";
  }
}

/**
 * Where one writes: Enter sends, Shift + Enter starts a new line.
 * @param {{conversation: Object, say: Function}} told
 */
export function composer({ conversation, say }) {
  const text = make("textarea", { rows: "2", maxlength: String(LONGEST), name: "message" });
  const written = field(text, { label: say("message"), hint: say("message_hint"), quiet: true });
  const send = () => {
    if (!text.value.trim()) return;
    conversation.say(text.value.trim());
    text.value = "";
    text.focus();
  };
  text.addEventListener("input", () => text.value.trim() && conversation.typing());
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  });
  const go = make("button", { type: "submit", class: "strong round", "aria-label": say("send") }, icon("send"));
  const form = make("form", { class: "composer", "data-entraide": "composer" }, written.row, go);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  return form;
}
