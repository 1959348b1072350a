const TRIES = 4;
const PATIENCE = 20_000;
const OVERLOADED = new Set([429, 502, 503, 504]);

/** The server said no: `code` is stable, `message` is for the person, in their language. */
export class Problem extends Error {
  /** @param {number} status @param {Object} body RFC 9457 */
  constructor(status, body) {
    super(body.detail || body.title || `HTTP ${status}`);
    this.status = status;
    this.code = body.code || "";
    this.errors = body.errors || [];
    this.body = body;
  }
}

/** Nothing came back: the network is gone, or the server does not answer. */
export class Unreachable extends Error {}

/** A key for what is to be done once, however often it is sent. */
export function key() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Wait so many milliseconds, give or take a third: clients that failed together do not come back together. */
export function around(milliseconds) {
  const wait = milliseconds * (0.67 + Math.random() * 0.66);
  return new Promise((resolve) => setTimeout(resolve, wait));
}

/** Calls to the API: in one language, as one person, sent again when that is safe. */
export class Api {
  /**
   * @param {string} root such as https://api.example/v1
   * @param {string} language fr or en
   */
  constructor(root, language) {
    this.root = root;
    this.language = language;
    /** @type {string|null} */
    this.token = null;
  }

  get(path, query = {}) {
    const asked = new URLSearchParams(query).toString();
    return this.call("GET", asked ? `${path}?${asked}` : path);
  }

  /** Sent again after a lost answer, it is still done once: the key says that it is the same. */
  post(path, body = undefined, idempotencyKey = key()) {
    return this.call("POST", path, { body, headers: { "Idempotency-Key": idempotencyKey } });
  }

  /** For what takes no key: sent again only when `again` says that a second time does no harm. */
  postOnce(path, body, { again = false } = {}) {
    return this.call("POST", path, { body, again });
  }

  put(path, body = undefined) {
    return this.call("PUT", path, { body });
  }

  delete(path) {
    return this.call("DELETE", path);
  }

  /**
   * @returns {Promise<Object|null>} what was answered
   * @throws {Problem|Unreachable}
   */
  async call(method, path, { body, headers = {}, again = true } = {}) {
    for (let tried = 1; ; tried += 1) {
      const last = !again || tried === TRIES;
      try {
        return await this.#once(method, path, body, headers);
      } catch (failure) {
        if (last || !passes(failure)) throw failure;
        const asked = Number(failure.body?.retry_after || 0);
        if (asked > 10) throw failure; // nobody waits before a screen for longer: let them decide
        await around(Math.max(asked * 1000, 400 * 2 ** tried));
      }
    }
  }

  async #once(method, path, body, headers) {
    const told = { ...headers, "Accept-Language": this.language };
    if (this.token) told.Authorization = `Bearer ${this.token}`;
    if (body !== undefined) told["Content-Type"] = "application/json";
    const sent = { method, headers: told, credentials: "omit", referrerPolicy: "no-referrer" };
    const cut = new AbortController();
    const late = setTimeout(() => cut.abort(), PATIENCE);
    let answer;
    let text;
    try {
      const payload = body === undefined ? undefined : JSON.stringify(body);
      answer = await fetch(this.root + path, { ...sent, body: payload, signal: cut.signal, cache: cacheOf(path) });
      text = await answer.text();
    } catch {
      throw new Unreachable("no answer");
    } finally {
      clearTimeout(late);
    }
    const said = parsed(text);
    if (!answer.ok) throw new Problem(answer.status, said || {});
    return said;
  }
}

/** What is public may be a minute old; what is someone's own may not. */
function cacheOf(path) {
  return /^\/widget\/[^/]+$/.test(path) ? "default" : "no-store";
}

function passes(failure) {
  if (failure instanceof Unreachable) return true;
  return failure instanceof Problem && (OVERLOADED.has(failure.status) || failure.code === "busy");
}

function parsed(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null; // a proxy's page, not ours
  }
}
