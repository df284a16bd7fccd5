import { sha256 } from '../core/encoding.ts';

/** The one style sheet of every page. It stands in the page itself and is allowed by its hash, so it must not differ between pages. */
export const STYLESHEET = `
:root {
  color-scheme: light dark;
  --ground: #f3f4f1; --surface: #ffffff; --sunken: #f5f7f5; --line: #d5dad6; --strong-line: #7b8783;
  --text: #18211f; --muted: #55615d; --accent: #0b5a50; --accent-hover: #08463e; --on-accent: #ffffff;
  --focus: #0b62c4; --warn-ground: #fdf4df; --warn-line: #d9a93f; --warn-text: #553c05;
  --stop-ground: #fcefec; --stop-line: #d98877; --stop-text: #7a2114;
  --shadow: 0 1px 2px rgb(24 33 31 / 6%), 0 8px 28px rgb(24 33 31 / 7%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #101413; --surface: #191f1d; --sunken: #121716; --line: #303a37; --strong-line: #7f8d88;
    --text: #e7ecea; --muted: #a2b0ab; --accent: #7fd1c2; --accent-hover: #a0dfd3; --on-accent: #06231e;
    --focus: #8cc4ff; --warn-ground: #2a2312; --warn-line: #8a6d24; --warn-text: #f3dca6;
    --stop-ground: #2d1a17; --stop-line: #92503f; --stop-text: #f6c3b6;
    --shadow: 0 1px 2px rgb(0 0 0 / 40%);
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column; align-items: center;
  background: var(--ground); color: var(--text);
  font: 1rem/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif;
  overflow-wrap: anywhere;
}
header, main, footer { width: 100%; max-width: 35rem; padding: 0 1rem; }
.wide header, .wide main, .wide footer { max-width: 58rem; }
header { padding-top: clamp(1.25rem, 5vh, 3rem); padding-bottom: 1rem; }
.brand { display: flex; align-items: center; gap: .6rem; margin: 0; font-weight: 650; letter-spacing: .01em; }
.logo { flex: none; color: var(--accent); }
.card {
  background: var(--surface); border: 1px solid var(--line); border-radius: 14px; box-shadow: var(--shadow);
  padding: clamp(1.25rem, 5vw, 2.25rem);
}
main > .card > :last-child { margin-bottom: 0; }
footer { padding-top: 1.1rem; padding-bottom: 2rem; color: var(--muted); font-size: .875rem; }
footer p { margin: 0; }
h1 { margin: 0 0 .6rem; font-size: 1.375rem; line-height: 1.25; font-weight: 650; letter-spacing: -.01em; text-wrap: balance; }
h2 { margin: 1.6rem 0 .5rem; font-size: 1rem; line-height: 1.35; font-weight: 650; }
p { margin: 0 0 .9rem; }
a { color: var(--accent); text-underline-offset: .18em; }
a:hover { color: var(--accent-hover); }
code, pre, .address { font-family: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: .875em; }
.muted { color: var(--muted); }
.small { font-size: .875rem; }
.destination {
  margin: 1.1rem 0 1.25rem; padding: 1.15rem 1rem 1.05rem; text-align: center;
  background: var(--sunken); border: 1px solid var(--line); border-radius: 10px;
}
.destination p { margin: 0; }
.host { font-size: clamp(1.75rem, 7.5vw, 2.375rem); line-height: 1.2; font-weight: 700; letter-spacing: -.015em; }
.host-long { font-size: 1.5rem; }
dl.facts { margin: 0; display: grid; grid-template-columns: minmax(6.5rem, max-content) 1fr; gap: .45rem 1.1rem; font-size: .9375rem; }
.facts dt { color: var(--muted); }
.facts dd { margin: 0; min-width: 0; }
.tag {
  display: inline-block; padding: 0 .5em; border: 1px solid var(--warn-line); border-radius: 99px;
  background: var(--warn-ground); color: var(--warn-text); font-size: .8125rem; white-space: nowrap;
}
ul.scopes { margin: 0; padding: 0; list-style: none; border: 1px solid var(--line); border-radius: 10px; }
.scopes li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .1rem 1rem; padding: .6rem .85rem; }
.scopes li + li { border-top: 1px solid var(--line); }
.scopes code { color: var(--muted); padding-top: .1em; }
.notice { margin: 1.25rem 0 0; padding: .8rem 1rem; border: 1px solid var(--warn-line); border-radius: 10px; background: var(--warn-ground); color: var(--warn-text); font-size: .9375rem; }
.notice.stop { border-color: var(--stop-line); background: var(--stop-ground); color: var(--stop-text); }
.notice p { margin: 0; }
.notice p + p { margin-top: .4rem; }
.notice.first { margin: 0 0 1.25rem; }
form { margin: 1.5rem 0 0; }
fieldset { margin: 0 0 1.25rem; padding: 0; border: 0; min-width: 0; }
legend { padding: 0; margin-bottom: .5rem; font-weight: 650; }
.choice { display: flex; align-items: center; gap: .7rem; min-height: 2.9rem; padding: .45rem .85rem; border: 1px solid var(--line); border-radius: 10px; cursor: pointer; }
.choice + .choice { margin-top: .5rem; }
.choice:hover { border-color: var(--strong-line); }
.choice:has(input:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.choice input { margin: 0; width: 1.1rem; height: 1.1rem; flex: none; accent-color: var(--accent); }
.actions { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
.button {
  display: inline-flex; align-items: center; justify-content: center; width: 100%; min-height: 2.9rem; padding: .5rem 1.1rem;
  border: 1px solid var(--strong-line); border-radius: 10px; background: transparent; color: var(--text);
  font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer;
}
.button:hover { background: var(--sunken); color: var(--text); border-color: var(--text); }
.button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.button.main:hover { background: var(--accent-hover); border-color: var(--accent-hover); color: var(--on-accent); }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.choice:has(:focus-visible) { outline: 3px solid var(--focus); outline-offset: 2px; }
.choice :focus-visible { outline: none; }
.people { display: grid; gap: .6rem; }
.person { justify-content: flex-start; gap: .85rem; padding: .6rem .85rem; text-align: left; }
.person .initial {
  flex: none; width: 2.25rem; height: 2.25rem; border-radius: 50%; display: grid; place-items: center;
  background: var(--sunken); border: 1px solid var(--line); color: var(--accent); font-weight: 700;
}
.person .note { display: block; color: var(--muted); font-weight: 400; font-size: .875rem; }
.after { margin: 1.5rem 0 0; }
ul.steps { margin: 0 0 .9rem; padding-left: 1.2rem; }
.steps li + li { margin-top: .35rem; }
ol.steps li + li { margin-top: .8rem; }
.incident { margin: 1.4rem 0 0; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--muted); font-size: .875rem; }
.incident code { color: var(--text); font-size: 1rem; user-select: all; }
.wide h1 { font-size: 1.75rem; }
ol.steps { margin: 0 0 .9rem; padding-left: 1.4rem; }
.label { margin: 0 0 .3rem; color: var(--muted); font-size: .875rem; }
.url { margin: 0 0 .6rem; padding: .85rem 1rem; background: var(--sunken); border: 1px solid var(--line); border-radius: 10px; }
.url code { font-size: clamp(.9rem, 4vw, 1.125rem); font-weight: 600; user-select: all; }
.clients { margin-bottom: 1rem; border: 1px solid var(--line); border-radius: 10px; }
details + details { border-top: 1px solid var(--line); }
summary { padding: .7rem 1rem; border-radius: 10px; font-weight: 600; cursor: pointer; }
summary:hover { color: var(--accent); }
.client { padding: .2rem 1rem .6rem; }
.client .small { margin-bottom: .5rem; }
.file { margin: .6rem 0 -.3rem; color: var(--muted); font-size: .8125rem; }
pre { margin: .5rem 0 .25rem; padding: .75rem .9rem; background: var(--sunken); border: 1px solid var(--line); border-radius: 8px; white-space: pre-wrap; line-height: 1.5; }
pre code { font-size: 1em; user-select: all; }
@media (max-width: 26rem) {
  .actions { grid-template-columns: 1fr; }
  dl.facts { grid-template-columns: 1fr; gap: 0; }
  .facts dd { margin-bottom: .6rem; }
}
@media (forced-colors: active) { .button.main { border-width: 2px; } }
`;

/** CSP 3 §2.3.1: the `hash-source` that allows `STYLESHEET` and no other style. */
export const STYLESHEET_HASH = `'sha256-${Buffer.from(sha256(STYLESHEET)).toString('base64')}'`;
