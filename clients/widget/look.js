import { TALK } from "./look_talk.js";

const COLOUR = /^#[0-9a-f]{6}$/i;
const NAMES = { accent: "accent", on_accent: "on-accent", background: "background", surface: "surface", text: "text", muted: "muted" };

const SHELL = `
:host { all: initial; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.corner, .panel {
  font: 400 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  color: var(--text); -webkit-text-size-adjust: 100%;
  --line: color-mix(in srgb, var(--text) 16%, var(--background));
}
.corner {
  position: fixed; z-index: 2147483000;
  right: max(1rem, env(safe-area-inset-right)); bottom: max(1rem, env(safe-area-inset-bottom));
}
button, input, textarea { font: inherit; color: inherit; }
h2, h3, p, ol, ul, fieldset, legend { margin: 0; padding: 0; border: 0; }
h2 { font-size: 1.2rem; line-height: 1.25; font-weight: 650; text-wrap: balance; }
h3 { font-size: 1.05rem; line-height: 1.35; font-weight: 650; }
:focus { outline: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
h2:focus-visible { outline-style: dotted; outline-width: 2px; outline-offset: 4px; }

.launcher {
  display: flex; align-items: center; gap: .6rem; min-height: 56px; padding: .5rem 1.3rem .5rem 1.1rem;
  border: 0; border-radius: 28px; background: var(--accent); color: var(--on-accent); font-weight: 600;
  cursor: pointer; box-shadow: 0 1px 2px rgb(0 0 0 / .2), 0 8px 24px rgb(0 0 0 / .18);
}
.launcher:hover { filter: brightness(1.06); }
.launcher:focus-visible { outline-color: var(--text); box-shadow: 0 0 0 3px var(--background); outline-offset: 4px; }
.badge {
  min-width: 26px; padding: 0 .4rem; border-radius: 13px; background: var(--on-accent); color: var(--accent);
  text-align: center; font-size: .9rem;
}

.panel {
  position: fixed; z-index: 2147483001; display: flex; flex-direction: column; overflow: hidden;
  right: max(1rem, env(safe-area-inset-right)); bottom: calc(max(1rem, env(safe-area-inset-bottom)) + 68px);
  width: min(25rem, calc(100vw - 2rem)); height: min(43rem, calc(100vh - 7rem)); height: min(43rem, calc(100dvh - 7rem));
  background: var(--background); border: 1px solid var(--line); border-radius: 18px;
  box-shadow: 0 2px 6px rgb(0 0 0 / .08), 0 18px 48px rgb(0 0 0 / .22);
  animation: rise .18s ease-out;
}
@keyframes rise { from { opacity: 0; transform: translateY(10px); } }
header {
  display: flex; align-items: flex-start; gap: .15rem; padding: 1rem .5rem .8rem 1.2rem;
  border-bottom: 1px solid var(--line); background: var(--surface);
}
header > div { flex: 1; min-width: 0; padding-top: .2rem; }
header .hint { margin-top: .1rem; }
.body { flex: 1; overflow-y: auto; overscroll-behavior: contain; padding: 1.1rem 1.2rem 1.2rem; scrollbar-width: thin; }
.foot:not(:empty) {
  border-top: 1px solid var(--line); background: var(--background);
  padding: .6rem .8rem max(.6rem, env(safe-area-inset-bottom)) 1rem;
}
.notice { padding: .8rem 1.2rem; background: var(--surface); border-bottom: 1px solid var(--line); font-weight: 600; }

.panel button {
  min-height: 44px; min-width: 44px; padding: .5rem 1rem; border-radius: 12px; cursor: pointer;
  border: 1.5px solid color-mix(in srgb, var(--text) 45%, var(--background)); background: var(--background);
  color: var(--text); font-weight: 600; display: inline-flex; align-items: center; justify-content: center; gap: .5rem;
}
.panel button:hover { background: var(--surface); }
.panel button.strong { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.panel button.strong:hover { filter: brightness(1.06); }
.panel button.plain { border-color: transparent; background: transparent; }
.panel button.plain:hover { text-decoration: underline; }
.panel button.round { padding: 0; width: 44px; border-radius: 50%; flex: none; }
.panel button[aria-disabled=true] { opacity: .6; cursor: progress; }
.panel button[aria-pressed=true] {
  background: var(--surface); border: 3px solid var(--accent); box-shadow: inset 0 0 0 2px var(--background);
}
.panel button[aria-pressed=true]::before { content: "✓"; content: "✓" / ""; }
.row { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .6rem; }

.label { display: block; font-weight: 600; margin-bottom: .15rem; }
.hint, .soft, .meta { color: var(--muted); font-size: .9rem; line-height: 1.45; }
.hint { display: block; }
.error { display: block; color: var(--text); font-size: .95rem; font-weight: 600; }
.error:not(:empty) { border-left: 4px solid #b42318; padding-left: .6rem; margin: .35rem 0; }
.field { margin-bottom: .2rem; }
.field .hint { margin-bottom: .35rem; }
textarea, input[type=text], input[type=email] {
  display: block; width: 100%; min-height: 44px; padding: .6rem .75rem; border-radius: 12px; resize: vertical;
  border: 1.5px solid color-mix(in srgb, var(--text) 45%, var(--background)); background: var(--background);
  font-size: 1rem;
}
textarea:focus-visible, input:focus-visible { outline-offset: 0; }
[aria-invalid=true] { border-color: #b42318; border-width: 2px; }
.unseen {
  position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}

@media (max-width: 30rem) {
  .panel { inset: 0; width: 100%; height: 100%; height: 100dvh; border: 0; border-radius: 0; }
  header { padding-top: max(1rem, env(safe-area-inset-top)); }
}
@media (max-height: 30rem) {
  .panel { top: 0; bottom: 0; height: 100%; height: 100dvh; border-radius: 0; }
}
@media (prefers-reduced-motion: reduce) { *, .panel { animation: none !important; transition: none !important; } }
@media (forced-colors: active) {
  .launcher, .panel, .panel button, .badge, .words { border: 2px solid ButtonText; }
  .lamp { forced-color-adjust: none; }
  .panel button[aria-pressed=true] { border: 4px solid Highlight; }
}
@media print { .corner, .panel { display: none; } }
`;

/**
 * The widget's look in an organization's colours, as sheets that no site's policy on styles forbids.
 * @param {Object<string, string>} theme
 * @returns {CSSStyleSheet[]}
 */
export function look(theme) {
  const colours = Object.entries(NAMES)
    .filter(([name]) => COLOUR.test(theme[name] || ""))
    .map(([name, variable]) => `--${variable}: ${theme[name]};`);
  return [`:host { ${colours.join(" ")} }`, SHELL, TALK].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
}
