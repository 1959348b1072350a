import { attend } from "./attention.js";
import { beat } from "./beat.js";
import { Conversation } from "./conversation.js";
import { Live } from "./live.js";

/**
 * Someone on an organization's site, from their question to their thanks.
 *
 * Events: `change` (the question or the session is another), `over` (the session is no more), `asked`,
 * `answered`, `said` (a message came or went).
 */
export class Visit extends EventTarget {
  #stops = [];

  /** @param {{api: Object, memory: Object, session: Object, organizationId: string}} told */
  constructor({ api, memory, session, organizationId }) {
    super();
    Object.assign(this, { api, memory, session, organizationId });
    this.questions = `/organizations/${organizationId}/questions`;
    this.question = this.conversation = null;
    this.isAsking = false;
    this.live = new Live(() => api.postOnce(`/organizations/${organizationId}/live/tickets`, undefined, { again: true }));
    this.live.addEventListener("over", () => this.#end());
    this.live.addEventListener("open", () => {
      this.live.tell({ kind: "subscribe", notifications: true });
      this.refresh();
    });
    this.live.addEventListener("frame", ({ detail }) => {
      if (detail.kind === "notification" && detail.detail.question_id === this.question?.id) this.refresh();
    });
  }

  /** Find the question again that was asked before this page; whether there is one. */
  async restore(questionId = this.memory.read().question_id) {
    if (!this.session.resume() || !questionId) return false;
    return this.#held(async () => this.#take(await this.api.get(`${this.questions}/${questionId}`)));
  }

  /** Come back by a mailed link. */
  async returnBy(link) {
    const questionId = await this.session.returnBy(link);
    this.leave();
    return this.restore(questionId);
  }

  /** Ask. Interrupted and asked again in the same words, it is asked once. */
  async ask(body) {
    await this.session.open();
    const asked = await this.#held(() => this.api.post(this.questions, body, this.memory.keyOf(body)));
    this.memory.write({ asking: null, question_id: asked.id, unsent: null });
    this.#take(asked);
    this.dispatchEvent(new Event("asked"));
  }

  /** Do one of the things that whoever asked may do: `confirm`, `reopen`, `withdraw`, `block`… */
  async act(what, body) {
    // pressed twice, done once
    const once = [what, this.question.id, this.question.version, ...Object.values(body || {})].join("-");
    const found = await this.#held(() => this.api.post(`${this.questions}/${this.question.id}/${what}`, body, once));
    await (found ? this.#take(found) : this.refresh());
  }

  thank(text) {
    return this.#held(() => this.api.put(`${this.questions}/${this.question.id}/thanks`, { text }));
  }

  /** Leave this question where it is, for another one. */
  another() {
    this.leave();
    this.memory.write({ question_id: null, unsent: null });
    if (this.session.guest?.only) this.session.forget(); // a mailed link is good for its conversation alone
    this.dispatchEvent(new Event("change"));
  }

  /** Have this browser know nothing more of it. */
  forget() {
    this.leave();
    this.session.forget();
    this.dispatchEvent(new Event("change"));
  }

  /** Read again what has become of the question. */
  async refresh() {
    if (!this.question) return;
    const { id } = this.question;
    this.session.renew().catch(() => {}); // it lasts a day, and so may a tab
    try {
      const found = await this.#held(() => this.api.get(`${this.questions}/${id}`));
      if (this.question?.id === id) this.#take(found);
    } catch { /* it is asked again */ }
  }

  #take(question) {
    if (question.id === this.question?.id && question.version < this.question.version) return true;
    const before = this.question;
    this.question = question;
    if (before?.id !== question.id) this.#enter(question);
    if (question.state === "answered" && before?.state !== "answered") this.dispatchEvent(new Event("answered"));
    this.dispatchEvent(new Event("change"));
    return true;
  }

  #enter({ id, conversation_id: conversationId }) {
    this.#silence();
    this.conversation = new Conversation({
      api: this.api, live: this.live, organizationId: this.organizationId, questionId: id, conversationId,
      me: this.session.guest.guest_id,
      kept: this.memory.unsent,
    });
    this.conversation.addEventListener("change", () => this.question && this.#said());
    this.conversation.start();
    this.live.start();
    this.#stops = [beat(this.live, () => this.refresh()), attend(this.live, () => this.conversation?.opened())];
  }

  /** A first word is an answer begun: nobody is told of that but by the word itself. */
  #said() {
    const { messages, me } = this.conversation;
    const begun = this.question.state === "claimed" && messages.some(({ author }) => author.member_id !== me);
    if (begun) this.refresh();
    this.dispatchEvent(new Event("said"));
  }

  /** Listen no more, and hold no question. */
  leave() {
    this.#silence();
    this.live.stop();
    this.question = this.conversation = null;
  }

  #silence() {
    this.conversation?.stop();
    for (const stop of this.#stops.splice(0)) stop();
  }

  /** Do something as this guest; whoever is one no more is told so. */
  async #held(act) {
    try {
      return await act();
    } catch (failure) {
      if (this.session.isOver(failure)) this.#end();
      throw failure;
    }
  }

  #end() {
    this.forget();
    this.dispatchEvent(new Event("over"));
  }
}
