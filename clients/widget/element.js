import { carried, pageNow } from "./address.js";
import { Api } from "./api.js";
import { Launcher } from "./launcher.js";
import { look } from "./look.js";
import { Memory } from "./memory.js";
import { Panel } from "./panel.js";
import { Session } from "./session.js";
import { together } from "./tabs.js";
import { Visit } from "./visit.js";
import { chosen, words } from "./words.js";

const ROOT = new URL("../..", import.meta.url).href.replace(/\/$/, "");

/**
 * `<entraide-widget organization="cyclofil" language="fr">`: ask a question, and talk with whoever answers.
 *
 * It never opens by itself, but for a link that says so, or its attribute `open`. See docs/widget.md.
 */
export class EntraideWidget extends HTMLElement {
  #started = null;
  #arrived = () => this.#arrive();

  /** A token of the site's own for its visitor, or a function that gets one: each is good once. */
  hostToken = null;

  connectedCallback() {
    addEventListener("hashchange", this.#arrived);
    this.memory = new Memory(this.getAttribute("organization") || "");
    // a microtask later the page has had its say: properties, listeners
    queueMicrotask(() => this.isConnected && this.#arrive({ first: true }));
  }

  disconnectedCallback() {
    removeEventListener("hashchange", this.#arrived);
    this.visit?.leave();
    this.#started = null;
    this.shadowRoot?.replaceChildren();
  }

  /** Open it, even where it was dismissed: for a link or a button of the page. */
  async open() {
    await this.#start();
    this.#show();
  }

  /** Close it; the focus returns to where it came from. */
  close() {
    if (!this.panel?.isOpen) return;
    this.panel.close();
    this.launcher.root.hidden = this.memory.isDismissed;
    this.#changed();
    this.launcher.takeFocus();
  }

  async #arrive({ first = false } = {}) {
    const { link, questionId } = carried();
    const isAsked = Boolean(link || questionId);
    if (isAsked || (first && !this.memory.isDismissed)) await this.#start();
    if (!this.panel) return;
    if (isAsked) await this.#restored(questionId, link);
    if (isAsked || (first && this.hasAttribute("open"))) this.#show();
  }

  /** Learn all that the organization says of it, in one call, and only then be seen. */
  #start() {
    this.#started ||= this.#begin().catch((failure) => {
      this.#started = null;
      this.#tell("unavailable", { reasons: [failure.code || "unreachable"] });
    });
    return this.#started;
  }

  async #begin() {
    const name = this.getAttribute("organization") || "";
    const language = chosen(this.getAttribute("language"), document.documentElement.lang);
    const api = new Api(ROOT, language);
    const widget = await api.get(`/widget/${encodeURIComponent(name)}`);
    const topics = this.getAttribute("topics")?.split(",").map((topic) => topic.trim()).filter(Boolean);
    if (topics) widget.topics = topics.slice(0, 12);
    if (widget.unavailable.length) this.#tell("unavailable", { reasons: widget.unavailable });
    if (!widget.asking_is_open && !this.memory.read().question_id) return;
    this.#build(api, widget, language);
    await this.#restored();
    this.#tell("ready", { organization_id: widget.organization_id, available: widget.availability.available });
  }

  #build(api, widget, language) {
    const session = new Session(api, this.memory, widget.organization_id, () => this.#hostToken());
    const say = words(language);
    const visit = this.visit = new Visit({ api, memory: this.memory, session, organizationId: widget.organization_id });
    this.lookAround = together(visit, () => this.isConnected && this.visit === visit);
    this.panel = new Panel({
      widget, language, say, visit,
      pageNow: () => (this.hasAttribute("without-page") ? null : pageNow(widget.allowed_query_parameters)),
      leave: () => this.close(), dismiss: (forGood) => this.#dismiss(forGood),
    });
    const press = () => (this.panel.isOpen ? this.close() : this.#show());
    this.launcher = new Launcher({ say, language, memory: this.memory, press });
    this.say = say;
    const root = this.shadowRoot || this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = look(widget.theme);
    root.replaceChildren(this.panel.root, this.launcher.root);
    for (const name of ["change", "said"]) visit.addEventListener(name, () => this.#changed());
    const told = (name) => visit.addEventListener(name, () => this.#tell(name, { question_id: visit.question.id }));
    ["asked", "answered"].forEach(told);
    visit.addEventListener("over", () => this.panel.tell(say("over")));
    this.#changed();
  }

  async #restored(questionId = undefined, link = undefined) {
    this.panel.tell("");
    try {
      const before = this.visit.question?.id;
      await (link ? this.visit.returnBy(link) : questionId === before && before ? null : this.visit.restore(questionId));
    } catch (failure) {
      if (failure.status === 404 && !link) this.memory.write({ question_id: null });
      const gone = failure.status && failure.status < 500;
      if (gone) this.panel.tell(link ? this.say("link_over") : failure.status === 404 ? "" : failure.message);
      else this.panel.tell(this.say("failed"), () => this.#restored(questionId, link));
    }
  }

  #show() {
    if (!this.panel) return;
    this.launcher.root.hidden = false;
    this.panel.open();
    this.#changed();
    this.lookAround();
  }

  #changed() {
    this.panel.render();
    this.launcher.render(this.visit, this.panel.isOpen);
  }

  async #hostToken() {
    const given = this.hostToken ?? this.getAttribute("host-token");
    return (typeof given === "function" ? await given() : given) || null;
  }

  #dismiss(forGood) {
    this.memory.dismiss(forGood);
    this.close();
    this.#tell("dismissed", { for_good: forGood });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`entraide:${name}`, { detail, bubbles: true, composed: true }));
  }
}
