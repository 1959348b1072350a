import { Problem } from "./api.js";
import { beat } from "./beat.js";
import { Outbox } from "./outbox.js";

const GAP = 1_200;
const TYPING = 3_000;

/**
 * What is said about one question, on either side of it: each message once, in its order, none missing.
 *
 * Events: `change`, `typing` (someone else writes), `over` (there is nothing to read here any more).
 */
export class Conversation extends EventTarget {
  #said = new Map();
  #gap = null;
  #fetching = null;
  #told = 0;
  #beat = null;

  /**
   * @param {{api: Object, live: Object, organizationId: string, questionId: string, conversationId: string,
   *   me: string, kept?: Object}} told `kept`: see Outbox
   */
  constructor({ api, live, organizationId, questionId, conversationId, me, kept }) {
    super();
    Object.assign(this, { api, live, me, questionId });
    this.place = { organization_id: organizationId, conversation_id: conversationId };
    this.path = `/organizations/${organizationId}/questions/${questionId}/messages`;
    this.isLoaded = false;
    /** Whether the API answered last time, socket or not. */
    this.isReachable = true;
    /** The number up to which nothing is missing. */
    this.upTo = 0;
    this.outbox = new Outbox({ kept, send: (words) => this.#send(words), post: (words) => this.#post(words) });
    this.outbox.addEventListener("change", () => this.dispatchEvent(new Event("change")));
    this.heard = ({ detail }) => this.#hear(detail);
    this.opened = () => this.catchUp().then(() => this.outbox.flush());
  }

  /** What was said, in its order. */
  get messages() {
    return [...this.#said.values()].sort((one, other) => one.seq - other.seq);
  }

  start() {
    this.live.addEventListener("frame", this.heard);
    this.live.addEventListener("open", this.opened);
    this.opened();
    this.#beat = beat(this.live, this.opened);
  }

  stop() {
    this.live.removeEventListener("frame", this.heard);
    this.live.removeEventListener("open", this.opened);
    this.#beat?.();
    clearTimeout(this.#gap);
  }

  /** Say something: it is shown at once, and sent until it has arrived. */
  say(text) {
    return this.outbox.add(text);
  }

  /** Let the other side know that one is writing: now and then, and only if there is a connection. */
  typing() {
    if (Date.now() - this.#told < TYPING || !this.live.isOpen) return;
    this.#told = Date.now();
    this.live.tell({ kind: "typing", ...this.place });
  }

  /** Read whatever is missing; asked for twice at once, it is done once. */
  catchUp() {
    this.#fetching ||= this.#read().finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  async #read() {
    try {
      for (let more = true; more; ) more = await this.#page();
      this.isLoaded = true;
      this.isReachable = true;
      this.dispatchEvent(new Event("change"));
    } catch (failure) {
      // anything else passes: what is missing is asked for again
      this.isReachable = false;
      if (failure instanceof Problem && failure.status === 404) this.dispatchEvent(new Event("over"));
    }
  }

  async #page() {
    const after = this.upTo;
    let page = null;
    if (this.live.isOpen) {
      // it also subscribes: whatever is said from here on is told
      page = await this.live.ask({ kind: "resume", ...this.place, after_seq: after }).catch(() => null);
    }
    if (page === null) {
      const found = await this.api.get(this.path, { after_seq: after, limit: 50 });
      page = { messages: found.data, has_more: found.has_more };
    }
    for (const message of page.messages) this.#add(message);
    return page.has_more && this.upTo > after;
  }

  async #send(words) {
    await this.live.ask({ kind: "say", ...this.place, ...words });
    this.opened(); // the acknowledgement has no words: they are read if they are not told first
  }

  async #post(words) {
    this.#add(await this.api.postOnce(this.path, words, { again: true }));
    this.dispatchEvent(new Event("change"));
  }

  #hear(frame) {
    if (frame.kind === "typing" && frame.conversation_id === this.place.conversation_id) {
      if (frame.member_id !== this.me) this.dispatchEvent(new CustomEvent("typing", { detail: frame }));
    }
    if (frame.kind !== "said" || frame.message.conversation_id !== this.place.conversation_id) return;
    this.#add(frame.message);
    this.dispatchEvent(new Event("change"));
    clearTimeout(this.#gap);
    // what was told ahead of another may only be early: the other is given a moment
    if (frame.message.seq > this.upTo) this.#gap = setTimeout(() => this.catchUp(), GAP);
  }

  #add(message) {
    this.#said.set(message.seq, message);
    while (this.#said.has(this.upTo + 1)) this.upTo += 1;
    if (message.author.member_id === this.me) this.outbox.remove(message.client_message_id);
  }
}
