/** How asking and talking look. */
export const TALK = `
.ask { display: grid; gap: .9rem; }
.ask > button { justify-self: stretch; }
.greeting { font-size: 1.05rem; }
.there {
  display: flex; gap: .65rem; padding: .75rem .9rem; border-radius: 12px; background: var(--surface); font-size: .95rem;
}
.lamp {
  flex: none; width: 12px; height: 12px; margin-top: .35rem; border-radius: 50%; border: 2px solid var(--muted);
}
.lamp.lit { background: #1f8a4c; border-color: #1f8a4c; }
.chips { display: flex; flex-wrap: wrap; gap: .5rem; margin: .35rem 0 .7rem; }
.chip { position: relative; }
.chip input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }
.chip label {
  display: flex; align-items: center; min-height: 44px; padding: .3rem .95rem; border-radius: 22px;
  border: 1.5px solid color-mix(in srgb, var(--text) 45%, var(--background));
}
.chip input:checked + label { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
.chip input:checked + label::before { content: "✓"; margin-right: .4rem; }
.chip input:focus-visible + label { outline: 3px solid var(--accent); outline-offset: 2px; }
.chip input:disabled + label { opacity: .5; }
.tick { display: flex; gap: .5rem; }
.tick input { flex: none; width: 24px; height: 24px; margin: 10px 0 0; accent-color: var(--accent); }
.tick label { display: flex; align-items: center; min-height: 44px; font-weight: 600; cursor: pointer; }

.question { display: grid; gap: 1rem; }
.box, .box *, .question .line { scroll-margin-top: 5rem; } /* the state stays above them */
.state {
  position: sticky; top: -1.1rem; z-index: 1; margin-top: -.4rem; padding: .4rem 0; background: var(--background);
  text-wrap: balance;
}
.state::before {
  content: ""; display: inline-block; width: 12px; height: 12px; margin-right: .55rem; border-radius: 50%;
  background: var(--accent);
}
.wait { display: grid; gap: .5rem; font-size: .95rem; }
.steps { display: grid; gap: .3rem; list-style: none; color: var(--muted); }
.steps li { position: relative; padding-left: 1.5rem; }
.steps li::before {
  content: ""; position: absolute; left: .15rem; top: .5em; width: 9px; height: 9px; border-radius: 50%;
  border: 2px solid var(--muted);
}
.steps .reached { color: var(--text); }
.steps .reached::before { background: var(--accent); border-color: var(--accent); }
.steps [aria-current] { font-weight: 600; }
.lost { padding: .5rem .8rem; border-radius: 10px; background: var(--surface); font-size: .95rem; font-weight: 600; }
.box { padding: .9rem 1rem 1rem; border-radius: 14px; background: var(--surface); }
summary { display: list-item; padding: .6rem 0; margin: -.6rem 0; min-height: 44px; font-weight: 650; cursor: pointer; }
.box[open] summary { margin-bottom: 0; }
.box form { display: grid; gap: .6rem; margin-top: .3rem; }
.box > div > * + * { margin-top: .6rem; }
.box .soft, .box .hint { color: var(--text); }
.box textarea, .box input { background: var(--background); }

.messages { min-height: 1.5rem; }
.log { display: flex; flex-direction: column; gap: .8rem; list-style: none; border-radius: 8px; }
.line { display: grid; gap: .15rem; justify-items: start; animation: rise .18s ease-out; }
.line.mine { justify-items: end; }
.line.mine .meta { text-align: right; }
.words {
  max-width: 88%;
  padding: .6rem .9rem; border-radius: 16px 16px 16px 5px; background: var(--surface); color: var(--text);
  white-space: pre-wrap; overflow-wrap: anywhere;
}
.mine .words { background: var(--accent); color: var(--on-accent); border-radius: 16px 16px 5px 16px; }
.unsent .words { opacity: .75; }
.who { font-weight: 600; color: var(--text); }
.typing { min-height: 1.5em; margin-top: .35rem; color: var(--muted); font-size: .9rem; font-style: italic; }
.composer { display: flex; gap: .6rem; align-items: flex-end; }
.composer .field { flex: 1; margin: 0; }
.composer .hint { font-size: .8rem; margin: 0 0 .25rem; }
.composer textarea { min-height: 48px; max-height: 9rem; resize: none; field-sizing: content; }
@media (max-height: 30rem) { .state { position: static; } }
.menu { display: grid; gap: .6rem; justify-items: stretch; }
.menu button { justify-content: flex-start; text-align: left; }
.menu > p { font-weight: 600; }
`;
