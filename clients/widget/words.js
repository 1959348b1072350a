import { EN } from "./words_en.js";
import { FR } from "./words_fr.js";

const ALL = { fr: FR, en: EN };

/**
 * The widget's sentences in a language: `say("counter", { left: 12 })`.
 * @param {string} language
 * @returns {(name: string, told?: Object) => string}
 */
export function words(language) {
  const known = ALL[language] || FR;
  return (name, told = {}) => {
    const [one, many = one] = [known[name]].flat();
    const sentence = "count" in told && told.count !== 1 ? many : one;
    return sentence.replace(/{(\w+)}/g, (whole, key) => (key in told ? String(told[key]) : whole));
  };
}

/**
 * The first of these languages that the widget speaks: what the page asks for, then the page's own, then the
 * organization's.
 */
export function chosen(...asked) {
  return asked.map((language) => (language || "").slice(0, 2).toLowerCase()).find((language) => language in ALL) || "fr";
}

/** A length of time in words, never shorter than it is. */
export function lasting(seconds, say) {
  if (seconds < 60) return say("under_a_minute");
  if (seconds < 3600) return say("minutes", { count: Math.ceil(seconds / 60) });
  if (seconds < 2 * 86400) return say("hours", { count: Math.ceil(seconds / 3600) });
  return say("days", { count: Math.ceil(seconds / 86400) });
}
