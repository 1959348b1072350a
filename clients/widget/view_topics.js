import { field, id, make } from "./markup.js";

const MOST = 5;

/** What a question is about: those that the organization suggests, and one of their own. */
export class TopicsView {
  /** @param {{topics: string[], say: Function, changed: () => void}} told */
  constructor({ topics, say, changed }) {
    this.changed = changed;
    const chips = topics.map((topic) => {
      const box = make("input", { type: "checkbox", name: "topic", value: topic, id: id("topic") });
      box.addEventListener("change", () => this.#chose(topic));
      return make("span", { class: "chip" }, box, make("label", { for: box.id, text: topic }));
    });
    this.other = make("input", { type: "text", maxlength: "40", name: "other", autocomplete: "off" });
    this.other.addEventListener("change", () => this.#chose(this.other.value.trim()));
    const other = field(this.other, { label: say("other_topic"), hint: say("other_topic_hint") });
    this.root = make(
      "fieldset", { "data-entraide": "topics" },
      make("legend", { class: "label", text: say("topics") }),
      chips.length ? make("div", { class: "chips" }, ...chips) : null,
      other.row,
    );
  }

  get chosen() {
    const ticked = this.#boxes.filter((box) => box.checked).map((box) => box.value);
    const other = this.other.value.trim();
    return [...new Set([...ticked, ...(other ? [other] : [])])].slice(0, MOST);
  }

  /** The one that was chosen last, of those that still are. */
  get latest() {
    const { chosen } = this;
    return chosen.includes(this.last) ? this.last : chosen.at(-1);
  }

  get #boxes() {
    return [...this.root.querySelectorAll("input[name=topic]")];
  }

  #chose(topic) {
    this.last = topic;
    const full = this.#boxes.filter((box) => box.checked).length >= MOST;
    for (const box of this.#boxes) box.disabled = full && !box.checked;
    this.changed();
  }
}
