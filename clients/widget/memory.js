import { key } from "./api.js";

/**
 * What this browser remembers of one organization's widget.
 *
 * In localStorage, not in a cookie: it is never sent by itself, and to nobody but the API. Not in
 * sessionStorage either: whoever closes the tab while they wait must find their conversation again. The token
 * is good for a day, on this site alone; once it is over it is forgotten.
 */
export class Memory {
  #kept = {};

  /** Whether what is written here is there for the other tabs too. */
  isShared = true;

  /** @param {string} organization as the page names it */
  constructor(organization) {
    this.name = `entraide:${organization}`;
  }

  /** Everything that is remembered. It is read each time: another tab may have written. */
  read() {
    try {
      return JSON.parse(localStorage.getItem(this.name)) || {};
    } catch {
      return this.#kept; // storage is off, or another hand wrote there: then for as long as the page lasts
    }
  }

  /** Remember these; null forgets one. */
  write(changes) {
    const kept = Object.fromEntries(
      Object.entries({ ...this.read(), ...changes }).filter(([, value]) => value !== null && value !== undefined),
    );
    this.#kept = kept;
    try {
      if (Object.keys(kept).length) localStorage.setItem(this.name, JSON.stringify(kept));
      else localStorage.removeItem(this.name);
    } catch {
      this.isShared = false; // as above
    }
  }

  /** The key to ask this with: the same words are asked once, even after the page was left in between. */
  keyOf(body) {
    const said = JSON.stringify(body);
    const { asking } = this.read();
    const known = asking?.said === said ? asking.key : key();
    this.write({ asking: { said, key: known } });
    return known;
  }

  /** Where what they wrote waits until it is sent: see Outbox. */
  get unsent() {
    return {
      read: () => this.read().unsent || [],
      write: (unsent) => this.write({ unsent: unsent.length ? unsent : null }),
    };
  }

  /** Whether they do not want to see this: today, or ever. */
  get isDismissed() {
    const { dismissed } = this.read();
    return dismissed === "always" || Number(dismissed) > Date.now();
  }

  dismiss(forGood) {
    this.write({ dismissed: forGood ? "always" : new Date().setHours(24, 0, 0, 0) });
  }

  /** Forget who they are and what they asked, but not that they do not want to see this. */
  forget() {
    const { dismissed } = this.read();
    this.#kept = {};
    try {
      localStorage.removeItem(this.name);
    } catch {
      /* as above */
    }
    if (dismissed) this.write({ dismissed });
  }
}
