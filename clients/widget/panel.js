import { button, icon, id, make } from "./markup.js";
import { AskView } from "./view_ask.js";
import { MenuView } from "./view_menu.js";
import { QuestionView } from "./view_question.js";

/**
 * The dialog: what it is called, one view at a time, and a voice for those who listen.
 *
 * It is not modal: the page stays theirs. Escape closes it, and the focus returns where it came from.
 */
export class Panel {
  #view = null;

  /**
   * @param {{widget: Object, language: string, say: Function, visit: Object, pageNow: () => Object|null,
   *   leave: () => void, dismiss: (forGood: boolean) => void}} told
   */
  constructor(told) {
    Object.assign(this, told);
    const { say, widget, language } = told;
    this.announce = (sentence) => {
      this.status.textContent = "";
      // the same sentence again is said again
      setTimeout(() => { this.status.textContent = sentence; }, 50);
    };
    this.title = make("h2", { id: id("title"), tabindex: "-1", text: widget.texts[language].title });
    this.status = make("p", { class: "unseen", role: "status", "data-entraide": "status" });
    this.notice = make("p", { class: "notice", role: "alert", hidden: true, "data-entraide": "notice" });
    this.body = make("div", { class: "body" });
    this.foot = make("div", { class: "foot" });
    const more = button("", () => this.#menu(), { class: "round plain", "aria-label": say("menu"), "data-entraide": "more" });
    const close = button("", told.leave, { class: "round plain", "aria-label": say("close"), "data-entraide": "close" });
    more.append(icon("more"));
    close.append(icon("close"));
    this.root = make(
      "div",
      { class: "panel", part: "panel", role: "dialog", "aria-labelledby": this.title.id, lang: language, hidden: true,
        "data-entraide": "panel" },
      make("header", {}, make("div", {}, this.title, make("p", { class: "hint", text: widget.name })), more, close),
      this.notice, this.body, this.foot, this.status,
    );
    this.root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.stopPropagation();
      told.leave();
    });
  }

  get isOpen() {
    return !this.root.hidden;
  }

  open() {
    this.root.hidden = false;
    this.render();
    if (this.#view instanceof AskView) this.#view.refresh();
    this.title.focus();
    this.#toTheEnd();
  }

  close() {
    this.root.hidden = true;
    if (this.#view instanceof MenuView) this.#show(null); // opened again, it shows what is the case
  }

  /** Say something that went wrong with the whole of it; an empty sentence takes it away. */
  tell(sentence, retry = null) {
    this.notice.hidden = !sentence;
    this.notice.replaceChildren(sentence);
    if (sentence && retry) this.notice.append(" ", button(this.say("retry"), retry, { class: "plain" }));
  }

  /** Show what is the case now: a question, or where one is asked. */
  render() {
    const { visit } = this;
    const shown = this.#view;
    if (shown instanceof MenuView && shown.about === visit.question?.id) return;
    if (!this.isOpen && !shown) return;
    if (visit.question && shown instanceof QuestionView && shown.id === visit.question.id) return shown.render();
    if (!visit.question && shown instanceof AskView) return;
    const hadFocus = this.root.contains(this.root.getRootNode().activeElement);
    this.#show(visit.question ? this.#question() : new AskView({ ...this.#told(), page: this.pageNow() }));
    if (hadFocus) this.title.focus(); // what had it is gone
  }

  #told() {
    const { visit, widget, language, say, announce } = this;
    return { visit, widget, language, say, announce };
  }

  #question() {
    const view = new QuestionView(this.#told());
    view.id = this.visit.question.id;
    return view;
  }

  #menu() {
    if (this.#view instanceof MenuView) return this.#back();
    const back = () => this.#back();
    this.#show(new MenuView({ ...this.#told(), back, dismiss: this.dismiss }));
    this.#view.about = this.visit.question?.id;
    this.body.querySelector("button")?.focus();
  }

  #back() {
    this.#show(null);
    this.render();
    this.root.querySelector("[data-entraide=more]").focus();
  }

  #show(view) {
    this.#view?.stop?.();
    this.#view = view;
    this.body.replaceChildren(...(view ? [view.root] : []));
    this.foot.replaceChildren(...(view?.composer ? [view.composer] : []));
    this.body.scrollTop = 0;
    if (view instanceof QuestionView) this.#toTheEnd();
  }

  /** The newest words are below. */
  #toTheEnd() {
    const last = this.body.querySelector(".log > :last-child");
    if (last) requestAnimationFrame(() => last.scrollIntoView({ block: "nearest" }));
  }
}
