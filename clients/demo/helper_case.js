import { Conversation } from "/v1/widget/client/conversation.js";
import { button, make, refill } from "/v1/widget/client/markup.js";
import { MessagesView, clock, composer } from "/v1/widget/client/view_messages.js";
import { words } from "/v1/widget/client/words.js";
import { tell } from "./helper_words.js";
import { language } from "./language.js";

const MINE = new Set(["claimed", "in_progress", "handing_over"]);

/** A question in hand: where it was asked, what is said about it, and how it ends. */
export class Case {
  constructor(helper, question, closed) {
    Object.assign(this, { helper, question, closed });
    this.path = `/organizations/${helper.organizationId}/questions/${question.id}`;
    this.conversation = new Conversation({
      api: helper.api, live: helper.live, organizationId: helper.organizationId, questionId: question.id,
      conversationId: question.conversation_id, me: helper.me,
    });
    const say = words(language);
    const nameOf = (author) => author.name || this.#asker();
    this.messages = new MessagesView({ conversation: this.conversation, language, say, nameOf, typist: () => this.#asker() });
    this.composer = composer({ conversation: this.conversation, say });
    this.state = make("p", { id: "state", role: "status", "data-land": true });
    this.error = make("p", { class: "error", role: "alert" });
    this.actions = make("div", { class: "row" });
    this.root = make(
      "div", { class: "case" },
      this.state, this.#asked(), this.messages.root, this.composer, this.error, this.actions,
    );
    this.conversation.addEventListener("change", () => this.#begun());
    this.conversation.addEventListener("over", () => this.#lost());
    this.conversation.start();
    this.render();
  }

  stop() {
    this.conversation.stop();
    this.messages.stop();
  }

  async read() {
    try {
      this.question = await this.helper.api.get(this.path);
      this.render();
    } catch (failure) {
      if (failure.status !== 404) throw failure;
      this.#lost();
    }
  }

  render() {
    const { state, outcome, lease_until: until } = this.question;
    if (this.shown === JSON.stringify([state, outcome, until])) return;
    this.shown = JSON.stringify([state, outcome, until]);
    const lease = state === "claimed" && until ? tell("first_word", { time: clock(until, language) }) : "";
    const ended = outcome ? tell(`outcome_${outcome}`) : "";
    this.state.textContent = [tell(`state_${state}`), lease, ended].filter(Boolean).join(" ");
    this.state.dataset.state = state;
    const done = async () => {
      this.question = await this.helper.api.post(`${this.path}/answered`);
      this.render();
    };
    const release = async () => {
      await this.helper.api.post(`${this.path}/release`);
      this.closed();
    };
    refill(
      this.actions,
      ...(state === "in_progress" ? [button(tell("done"), () => this.#tried(done), { class: "strong", id: "done" })] : []),
      ...(MINE.has(state) ? [button(tell("release"), () => this.#tried(release), { id: "release" })] : []),
      ...(MINE.has(state) ? [] : [button(tell("close"), this.closed, { id: "close" })]),
    );
  }

  #asked() {
    const { text, page, topics, asker_is_verified: known } = this.question;
    const who = known ? this.#asker() : `${this.#asker()} (${tell("unverified")})`;
    const from = page && make("p", { class: "page" }, tell("from"), " ", this.#link(page));
    return make(
      "div", { class: "asked-card" },
      make("p", { class: "hint", text: [who, ...topics].join(" · ") }),
      make("p", { class: "asked", dir: "auto", text }),
      from,
    );
  }

  /** The server takes http and https alone; whatever else came is text. */
  #link({ title, url }) {
    if (!/^https?:\/\//.test(url)) return make("span", { text: title || url });
    return make("a", { href: url, target: "_blank", rel: "noopener noreferrer", text: title || url });
  }

  #asker() {
    return this.question.asker_name || tell("guest");
  }

  /** The first word moves the question. */
  #begun() {
    const { messages, me } = this.conversation;
    if (this.question.state === "claimed" && messages.some(({ author }) => author.member_id === me)) this.read();
  }

  #lost() {
    this.state.textContent = tell("gone");
    this.composer.hidden = true;
    refill(this.actions, button(tell("close"), this.closed, { id: "close" }));
  }

  async #tried(act) {
    this.error.textContent = "";
    try {
      await act();
    } catch (failure) {
      this.error.textContent = failure.message || tell("failed");
    }
  }
}
