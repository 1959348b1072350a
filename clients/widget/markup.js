const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element. Whatever people wrote goes through `text`: nothing here is ever read as markup.
 * @param {string} tag
 * @param {Object} [told] `text`, `on` (event → listener), and attributes; false and null leave one out.
 * @param {...(Node|string|null)} children
 * @returns {HTMLElement}
 */
export function make(tag, { text, on = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    element.setAttribute(name, value === true ? "" : value);
  }
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  if (text !== undefined) element.textContent = text;
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const SHAPES = {
  bubble: "M4 5.5h16v11H10l-4.5 4v-4H4z",
  close: "M6 6l12 12M18 6L6 18",
  more: "M12 5.5h.01M12 12h.01M12 18.5h.01",
  send: "M4 12l16-7-6.5 15-2.5-6z",
  back: "M14.5 5.5L8 12l6.5 6.5",
};

/**
 * Make a drawing that says nothing to those who listen: what it stands for is said beside it.
 * @param {keyof SHAPES} name
 */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  const told = { viewBox: "0 0 24 24", width: "22", height: "22", "aria-hidden": "true", focusable: "false" };
  for (const [attribute, value] of Object.entries(told)) drawing.setAttribute(attribute, value);
  const line = document.createElementNS(SVG, "path");
  const drawn = { d: SHAPES[name], fill: "none", stroke: "currentColor", "stroke-linejoin": "round" };
  const width = name === "more" ? "3.2" : "2";
  const ends = { "stroke-linecap": "round", "stroke-width": width };
  for (const [attribute, value] of Object.entries({ ...drawn, ...ends })) line.setAttribute(attribute, value);
  drawing.append(line);
  return drawing;
}

/**
 * A button that does one thing, and cannot be pressed again while it is being done.
 * @param {string} label
 * @param {() => (Promise<void>|void)} act
 * @param {Object} [attributes]
 */
export function button(label, act, attributes = {}) {
  const made = make("button", { type: "button", text: label, ...attributes });
  made.addEventListener("click", async () => {
    if (made.getAttribute("aria-disabled") === "true") return;
    made.setAttribute("aria-disabled", "true"); // `disabled` would lose the focus
    try {
      await act();
    } finally {
      made.removeAttribute("aria-disabled");
    }
  });
  return made;
}

/**
 * Put these in place of what is there. Where that had the focus, it is not lost: it goes to what took the place
 * of the button that was pressed, or else to the nearest heading, field or sentence.
 * @param {HTMLElement} place
 * @param {...Node} parts
 */
export function refill(place, ...parts) {
  const focused = place.getRootNode().activeElement;
  const had = focused && place.contains(focused);
  const hook = focused?.dataset?.entraide;
  place.replaceChildren(...parts);
  if (!had) return;
  const same = hook && place.querySelector(`[data-entraide="${hook}"]`);
  if (same && !same.closest("[hidden]")) same.focus();
  else land(place);
}

/** Move the focus to what is to be read or filled in next, here or around here. */
export function land(place) {
  const isShown = (one) => one.getClientRects().length > 0;
  for (let around = place; around; around = around.parentElement) {
    for (const kind of ["[data-land]", "h2, h3, input, textarea", "p"]) {
      const found = [...around.querySelectorAll(kind)].find(isShown);
      if (!found) continue;
      if (!/^(INPUT|TEXTAREA)$/.test(found.tagName)) found.setAttribute("tabindex", "-1");
      found.focus();
      return;
    }
  }
}

let counted = 0;

/** An id that no other element of these views has: labels and errors are tied by it. */
export function id(word) {
  counted += 1;
  return `entraide-${word}-${counted}`;
}

/**
 * A field with its label, its hint, and a place for what is wrong with it.
 * @param {HTMLElement} control
 * @param {{label: string, hint?: string, hidden?: boolean}} told
 * @returns {{row: HTMLElement, wrong: (sentence: string) => void}}
 */
export function field(control, { label, hint = "", quiet = false }) {
  const name = id("field");
  control.id = name;
  const described = make("span", { id: `${name}-hint`, class: "hint", text: hint, hidden: !hint });
  const error = make("span", { id: `${name}-error`, class: "error", role: "alert" });
  control.setAttribute("aria-describedby", `${described.id} ${error.id}`);
  const caption = make("label", { for: name, class: quiet ? "unseen" : "label", text: label });
  const wrong = (sentence) => {
    error.textContent = sentence;
    if (sentence) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    if (sentence) control.focus();
  };
  return { row: make("div", { class: "field" }, caption, described, control, error), wrong };
}
