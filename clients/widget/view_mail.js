import { button, field, make, refill } from "./markup.js";

/** The answer by e-mail: an address, the code that shows that it is theirs, and the promise. */
export class MailView {
  /** @param {{visit: Object, say: Function, announce: Function}} told */
  constructor({ visit, say, announce }) {
    Object.assign(this, { visit, say, announce });
    this.inside = make("div");
    this.root = make(
      "details", { class: "box", "data-entraide": "mail" }, make("summary", { text: say("mail_title") }), this.inside,
    );
    if (visit.memory.read().mailed) this.#done();
    else this.#address();
  }

  /** Unfolded while nobody answers, out of the way afterwards; where nobody is there it says so. */
  unfold(isWaiting, isFirst) {
    this.isFirst = isFirst;
    const isBusy = this.root.contains(this.root.getRootNode().activeElement);
    if (this.wasWaiting !== isWaiting && !isBusy) this.root.open = isWaiting;
    this.wasWaiting = isWaiting;
    if (this.why) this.why.textContent = this.say(isFirst ? "mail_first" : "mail_why");
  }

  #address() {
    const { say } = this;
    this.why = make("p", { class: "soft", text: say(this.isFirst ? "mail_first" : "mail_why") });
    const email = make("input", { type: "email", name: "email", autocomplete: "email", required: true });
    const asked = field(email, { label: say("mail") });
    const send = async () => {
      asked.wrong("");
      await this.#tried(asked, async () => {
        await this.visit.session.open();
        await this.visit.session.sendCode(email.value.trim());
        this.#code(email.value.trim());
      });
    };
    this.#show(send, this.why, asked.row, make("button", { type: "submit", text: say("mail_send") }));
  }

  #code(address) {
    const { say } = this;
    this.why = null;
    const told = say("mail_sent", { email: address });
    const code = make("input", {
      type: "text", name: "code", autocomplete: "one-time-code", autocapitalize: "characters",
      spellcheck: "false", required: true,
    });
    const asked = field(code, { label: say("code") });
    const confirm = async () => {
      asked.wrong("");
      await this.#tried(asked, async () => {
        await this.visit.session.confirmCode(code.value.trim());
        this.#done();
        this.announce(say("mail_done"));
      });
    };
    const other = button(say("mail_other"), () => this.#address(), { class: "plain" });
    const go = make("button", { type: "submit", class: "strong", text: say("code_confirm") });
    this.#show(confirm, make("p", { text: told }), asked.row, go, other);
    this.announce(told);
    code.focus();
  }

  #done() {
    this.why = null;
    refill(this.inside, make("p", { class: "soft", text: this.say("mail_done") }));
  }

  #show(act, ...parts) {
    const form = make("form", { novalidate: true }, ...parts);
    let busy = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      await act();
      busy = false;
    });
    refill(this.inside, form);
  }

  async #tried(asked, act) {
    try {
      await act();
    } catch (failure) {
      asked.wrong(failure.errors?.[0]?.message || (failure.status ? failure.message : this.say("failed")));
    }
  }
}
