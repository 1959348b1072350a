import { button, make, refill } from "./markup.js";
import { clock } from "./view_messages.js";

/** Who else comes in: those who were invited and read along, and whoever may go on in the helper's place. */
export class CompanyView {
  /** @param {{visit: Object, language: string, say: Function, announce: Function}} told */
  constructor({ visit, language, say, announce }) {
    Object.assign(this, { visit, language, say, announce });
    this.error = make("p", { class: "error", role: "alert" });
    this.inside = make("div");
    this.root = make("section", { class: "box", "data-entraide": "company", hidden: true }, this.inside, this.error);
  }

  /** Show who is there now. */
  render({ companion_ids: companions = [], awaited = null }) {
    const look = JSON.stringify([companions, awaited]);
    if (look === this.look) return;
    this.look = look;
    this.error.textContent = "";
    const parts = [
      companions.length ? make("p", { text: this.say("companions", { count: companions.length }) }) : null,
      ...(awaited ? this.#awaited(awaited) : []),
    ].filter(Boolean);
    this.root.hidden = parts.length === 0;
    refill(this.inside, ...parts);
  }

  #awaited({ proposal_id, name, returns_at: at, asker_agrees: agrees }) {
    const { say } = this;
    const told = { name: name || say("someone"), time: clock(at, this.language) };
    const choice = (wait) => button(say(wait ? "wait_yes" : "wait_no"), () => this.#say(proposal_id, wait), {
      "data-entraide": wait ? "wait-yes" : "wait-no", "aria-pressed": String(agrees === wait),
    });
    const answer = agrees === null || agrees === undefined ? null : say(agrees ? "awaited_yes" : "awaited_no", told);
    return [
      make("p", { text: say("awaited", told) }),
      make("div", { class: "row" }, choice(true), choice(false)),
      answer && make("p", { class: "soft", "data-entraide": "awaited-answer", text: answer }),
    ];
  }

  async #say(proposalId, agrees) {
    this.error.textContent = "";
    try {
      await this.visit.act("hand-over/wait", { proposal_id: proposalId, agrees });
      const answer = this.root.querySelector("[data-entraide=awaited-answer]");
      if (answer) this.announce(answer.textContent);
    } catch (failure) {
      this.error.textContent = failure.status ? failure.message : this.say("failed");
    }
  }
}
