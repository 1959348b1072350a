import { button, make } from "./markup.js";
import { IN_COMPANY, UNSETTLED } from "./states.js";

/** The choices that are seldom made: each says what it does, and asks once more before what cannot be undone. */
export class MenuView {
  /**
   * @param {{visit: Object|null, say: Function, announce: Function, back: () => void,
   *   dismiss: (forGood: boolean) => void}} told
   */
  constructor({ visit, say, announce, back, dismiss }) {
    Object.assign(this, { visit, say, announce, back, dismiss });
    this.root = make("div", { class: "menu", "data-entraide": "menu" });
    this.#choices();
  }

  #choices() {
    const { say, visit } = this;
    const question = visit?.question;
    const helper = question?.helper_name || say("someone");
    const choices = [button(say("back"), this.back, { class: "plain", "data-entraide": "back" })];
    if (question && UNSETTLED.has(question.state)) {
      choices.push(this.#choice("withdraw", {}, () => visit.act("withdraw", {})));
    }
    if (question && IN_COMPANY.has(question.state)) {
      choices.push(this.#choice("block", { name: helper }, async () => {
        await visit.act("block", { member_id: question.helper_id });
        this.announce(say("blocked"));
      }));
    }
    if (visit?.session.guest) choices.push(this.#choice("forget", {}, () => visit.forget()));
    choices.push(button(say("dismiss_today"), () => this.dismiss(false), { "data-entraide": "dismiss-today" }));
    choices.push(button(say("dismiss_always"), () => this.dismiss(true), { "data-entraide": "dismiss-always" }));
    this.root.replaceChildren(...choices);
  }

  #choice(what, told, act) {
    return button(this.say(what), () => this.#ask(what, told, act), { "data-entraide": what });
  }

  #ask(what, told, act) {
    const { say } = this;
    const error = make("p", { class: "error", role: "alert" });
    const question = make("p", { id: "entraide-sure", tabindex: "-1", text: say(`${what}_sure`, told) });
    const yes = button(say("sure"), async () => {
      try {
        await act();
        this.back();
      } catch (failure) {
        error.textContent = failure.status ? failure.message : say("failed");
      }
    }, { class: "strong", "aria-describedby": question.id, "data-entraide": "sure" });
    const no = button(say("cancel"), () => {
      this.#choices();
      this.root.querySelector(`[data-entraide="${what}"]`)?.focus();
    }, { "data-entraide": "cancel" });
    this.root.replaceChildren(question, error, make("div", { class: "row" }, yes, no));
    question.focus();
  }
}
