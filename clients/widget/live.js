import { Problem, around, key } from "./api.js";

const PING = 50_000;
const ANSWERED_WITHIN = 8_000;
const LONGEST_WAIT = 30_000;
const NETWORK = ["online", "offline"];

/** A frame was refused: `code` is stable, `message` is for the person. */
export class Refused extends Error {
  constructor(frame) {
    super(frame.detail);
    this.code = frame.code;
    this.body = frame;
  }
}

/** Nothing came back: it may or may not have been done. */
export class Lost extends Error {}

/**
 * The live channel: a ticket, a socket, and another one whenever it breaks.
 *
 * Events: `open`, `lost`, `over` (the session is no more), `frame` (detail: what was told).
 */
export class Live extends EventTarget {
  #socket = null;
  #waiting = new Map();
  #wanted = false;
  #failed = 0;
  #round = 0;

  /** @param {() => Promise<{ticket: string, url: string}>} ticket */
  constructor(ticket) {
    super();
    this.ticket = ticket;
    this.network = ({ type }) => (type === "offline" ? this.#socket?.close() : this.isOpen || this.#connect());
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Have a connection from now on. */
  start() {
    if (this.#wanted) return;
    this.#wanted = true;
    for (const change of NETWORK) addEventListener(change, this.network);
    this.#connect();
  }

  /** Have none any more. */
  stop() {
    this.#wanted = false;
    this.#round += 1;
    for (const change of NETWORK) removeEventListener(change, this.network);
    this.#socket?.close();
    this.#lose();
  }

  /**
   * Say a frame and wait for its answer.
   * @throws {Refused|Lost}
   */
  ask(frame) {
    if (!this.isOpen) return Promise.reject(new Lost("no connection"));
    const ref = key().slice(0, 64);
    return new Promise((resolve, reject) => {
      const socket = this.#socket;
      const late = setTimeout(() => {
        this.#answer(ref, (wait) => wait.reject(new Lost("no answer")));
        socket.close(); // whoever does not answer is not there: another connection is sooner had
      }, ANSWERED_WITHIN);
      this.#waiting.set(ref, { resolve, reject, late });
      socket.send(JSON.stringify({ ...frame, ref }));
    });
  }

  /** Say a frame whose answer nobody waits for. */
  tell(frame) {
    this.ask(frame).catch(() => {});
  }

  async #connect() {
    const round = ++this.#round;
    const isOld = () => round !== this.#round || !this.#wanted;
    try {
      const { ticket, url } = await this.ticket();
      if (isOld()) return;
      this.#listen(new WebSocket(`${url}?ticket=${encodeURIComponent(ticket)}`), isOld);
    } catch (failure) {
      if (isOld()) return;
      const is = failure instanceof Problem ? failure.status : 0;
      if (is === 401 || is === 403 || is === 404) return this.dispatchEvent(new Event("over"));
      this.#again(isOld);
    }
  }

  #listen(socket, isOld) {
    this.#socket = socket;
    let ping;
    socket.addEventListener("open", () => {
      if (isOld()) return socket.close();
      this.#failed = 0;
      ping = setInterval(() => this.tell({ kind: "ping" }), PING);
      this.dispatchEvent(new Event("open"));
    });
    socket.addEventListener("message", ({ data }) => isOld() || this.#hear(data));
    socket.addEventListener("close", () => {
      clearInterval(ping);
      if (isOld()) return;
      this.#lose();
      this.#again(isOld);
    });
  }

  #hear(data) {
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    if (frame.ref && this.#waiting.has(frame.ref)) {
      const refused = frame.kind === "refused";
      this.#answer(frame.ref, (wait) => (refused ? wait.reject(new Refused(frame)) : wait.resolve(frame)));
      if (frame.code === "connection_over") this.#socket.close();
      return;
    }
    this.dispatchEvent(new CustomEvent("frame", { detail: frame }));
  }

  #answer(ref, settle) {
    const wait = this.#waiting.get(ref);
    this.#waiting.delete(ref);
    clearTimeout(wait?.late);
    if (wait) settle(wait);
  }

  #lose() {
    for (const ref of [...this.#waiting.keys()]) this.#answer(ref, (wait) => wait.reject(new Lost("broken")));
    this.dispatchEvent(new Event("lost"));
  }

  async #again(isOld) {
    this.#failed += 1;
    await around(Math.min(LONGEST_WAIT, 500 * 2 ** this.#failed));
    if (!isOld()) this.#connect();
  }
}
