import { Problem, key } from "./api.js";
import { Refused } from "./live.js";

/** Said no for now: the same words are sent again. */
const FOR_NOW = new Set(["too_many_requests", "too_many_frames", "busy", "frame_failed", "connection_over"]);

/**
 * What someone wrote and that has not arrived yet: kept until it has, in its order, each under a key of its
 * own so that however often it is sent it is said once.
 *
 * Event: `change`.
 */
export class Outbox extends EventTarget {
  #sending = false;
  #arrived = new Set();

  /**
   * @param {{send: (words: Object) => Promise<void>, post: (words: Object) => Promise<void>,
   *   kept?: {read: () => Object[], write: (unsent: Object[]) => void}}} ways `send` is the quick way, `post`
   *   the sure one; `kept` keeps what is here across pages
   */
  constructor({ send, post, kept }) {
    super();
    this.send = send;
    this.post = post;
    this.kept = kept || { read: () => [], write: () => {} };
    this.unsent = this.kept.read();
  }

  /** Write something: it goes as soon as what was written before it has gone. */
  add(text) {
    this.unsent.push({ client_message_id: key(), text, at: new Date().toISOString() });
    this.#changed();
    return this.flush();
  }

  /** Try again what was declined. */
  retry(clientMessageId) {
    for (const words of this.unsent) if (words.client_message_id === clientMessageId) delete words.declined;
    this.#changed();
    return this.flush();
  }

  /** It has arrived, or is given up. */
  remove(clientMessageId) {
    const left = this.unsent.filter((words) => words.client_message_id !== clientMessageId);
    if (left.length === this.unsent.length) return;
    this.unsent = left;
    this.#changed();
  }

  /** Send what waits, the first written first; what cannot go now stays. */
  async flush() {
    if (this.#sending) return;
    this.#sending = true;
    try {
      for (let next; (next = this.#next()); ) if (!(await this.#deliver(next))) break;
    } finally {
      this.#sending = false;
    }
  }

  #next() {
    return this.unsent.find((words) => !words.declined && !this.#arrived.has(words.client_message_id));
  }

  /** Whether it has arrived or never will, so that the next one may go. */
  async #deliver(words) {
    for (const way of [this.send, this.post]) {
      try {
        await way({ client_message_id: words.client_message_id, text: words.text });
        this.#arrived.add(words.client_message_id);
        return true;
      } catch (failure) {
        if (this.#isFinal(failure)) {
          words.declined = failure.message;
          this.#changed();
          return true;
        }
      }
    }
    return false;
  }

  #isFinal(failure) {
    if (failure instanceof Refused) return !FOR_NOW.has(failure.code);
    if (!(failure instanceof Problem) || failure.status >= 500 || failure.status === 401) return false;
    return failure.status !== 429 && !FOR_NOW.has(failure.code);
  }

  #changed() {
    this.kept.write(this.unsent);
    this.dispatchEvent(new Event("change"));
  }
}
