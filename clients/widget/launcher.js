import { icon, make } from "./markup.js";

/** The button on the page: what it opens, and how much was said since they last looked. */
export class Launcher {
  #told = 0;

  /** @param {{say: Function, language: string, memory: Object, press: () => void}} told */
  constructor({ say, language, memory, press }) {
    Object.assign(this, { say, memory });
    this.label = make("span");
    this.badge = make("span", { class: "badge", hidden: true, "data-entraide": "unread" });
    this.button = make(
      "button",
      { type: "button", class: "launcher", part: "launcher", "aria-expanded": "false", "aria-haspopup": "dialog",
        "data-entraide": "launcher", on: { click: press } },
      icon("bubble"), this.label, this.badge,
    );
    this.status = make("p", { class: "unseen", role: "status" });
    this.root = make("div", { class: "corner", lang: language }, this.button, this.status);
  }

  /** Show how things are. */
  render({ question, conversation }, isOpen) {
    this.button.setAttribute("aria-expanded", String(isOpen));
    this.label.textContent = this.say(question ? "yours" : "open");
    const count = this.#unread(question, conversation, isOpen);
    this.badge.hidden = count === 0;
    const told = this.say("unread", { count });
    this.badge.replaceChildren(
      make("span", { "aria-hidden": "true", text: String(count) }), make("span", { class: "unseen", text: told }),
    );
    if (count !== this.#told) this.status.textContent = count > this.#told ? told : "";
    this.#told = count;
  }

  /** Have the focus come back here; where the button is not wanted, to the place where it was. */
  takeFocus() {
    const { host } = this.root.getRootNode();
    if (this.root.hidden) host.setAttribute("tabindex", "-1");
    else host.removeAttribute("tabindex");
    (this.root.hidden ? host : this.button).focus();
  }

  #unread(question, conversation, isOpen) {
    const theirs = (conversation?.messages || []).filter(({ author }) => author.member_id !== conversation.me);
    if (!theirs.length) return 0;
    const { seen } = this.memory.read();
    const since = seen?.of === question.id ? seen.seq : 0;
    const newest = theirs.at(-1).seq;
    if (!isOpen) return theirs.filter(({ seq }) => seq > since).length;
    if (newest > since) this.memory.write({ seen: { of: question.id, seq: newest } });
    return 0;
  }
}
