import { Problem } from "./api.js";

const OLD = 12 * 3600 * 1000;

/** Who the visitor is to the API: a guest, for a day, whom the site may vouch for. */
export class Session {
  /**
   * @param {import("./api.js").Api} api
   * @param {import("./memory.js").Memory} memory
   * @param {string} organizationId
   * @param {() => Promise<string|null>} hostToken asks the page for a token of its own; each is good once
   */
  constructor(api, memory, organizationId, hostToken) {
    this.api = api;
    this.memory = memory;
    this.organizationId = organizationId;
    this.hostToken = hostToken;
    this.guest = null;
  }

  /** Go on as who they were, if that is not over. */
  resume() {
    const { guest } = this.memory.read();
    const lasts = guest && Date.parse(guest.expires_at) > Date.now() + 60_000;
    if (guest && !lasts) this.memory.forget();
    if (lasts) this.#be(guest);
    return Boolean(lasts);
  }

  /** Be someone, from now on if not already. */
  async open() {
    if (this.guest || this.resume()) return;
    const vouched = await this.hostToken();
    const asked = { organization_id: this.organizationId, ...(vouched ? { host_token: vouched } : {}) };
    // a host token is good once: its answer lost, another one must be asked for
    this.#keep(await this.api.postOnce("/widget/sessions", asked, { again: !vouched }));
  }

  /** Go on as the same guest for another day, once half of this one is over. */
  async renew() {
    if (!this.guest || this.guest.only || this.renewing || Date.parse(this.guest.expires_at) - Date.now() > OLD) return;
    this.renewing = true; // asked for once an hour at most: after thirty days it is refused
    setTimeout(() => { this.renewing = false; }, OLD / 12);
    this.#keep(await this.api.postOnce("/widget/sessions/renew", undefined, { again: true }));
  }

  /** Come back by the link that was mailed; the question that it leads to. */
  async returnBy(link) {
    this.api.token = null; // who they were is over, or is who the link says
    try {
      const session = await this.api.postOnce("/widget/sessions/return", { link }, { again: true });
      const isMore = this.resume() && this.guest.guest_id === session.guest_id && !this.guest.only;
      if (!isMore) this.#keep(session); // a link is good for its conversation alone
      this.memory.write({ question_id: session.question_id, mailed: true });
      return session.question_id;
    } catch (failure) {
      this.api.token = this.guest?.token || null;
      throw failure;
    }
  }

  sendCode(email) {
    return this.api.postOnce("/widget/sessions/email", { email });
  }

  async confirmCode(code) {
    this.#keep(await this.api.postOnce("/widget/sessions/email/confirm", { code }));
    this.memory.write({ mailed: true });
  }

  /** Whether this refusal means that the session is no more. */
  isOver(failure) {
    return failure instanceof Problem && failure.status === 401;
  }

  forget() {
    this.guest = null;
    this.api.token = null;
    this.memory.forget();
  }

  #keep(session) {
    const { token, guest_id, name, is_verified, expires_at, question_id: only } = session;
    this.#be({ token, guest_id, name, is_verified, expires_at, only });
    this.memory.write({ guest: this.guest });
  }

  #be(guest) {
    this.guest = guest;
    this.api.token = guest.token;
  }
}
