import { createHash } from "node:crypto";
import { message, textIn, type Language, type Message } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";
import type { Occurrence } from "../model/occurrence.ts";
import { html } from "../model/forms.ts";

/** What the page of a link says. */
export interface LinkPage {
  readonly language: Language;
  readonly title: Message;
  readonly text: Message;
  /** Absent where the link does not hold. */
  readonly alarm?: { readonly occurrence: Occurrence; readonly since: string };
  /** The button that acknowledges. */
  readonly button?: Message;
  /** Where else something can be done. */
  readonly studio?: { readonly url: string; readonly text: Message };
}

const STYLE = `
:root{color-scheme:light dark;--ink:#16191d;--soft:#59626d;--ground:#f4f5f6;--panel:#fff;--line:#d5d9de;--act:#155e67;--on:#fff}
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a3abb5;--ground:#14171a;--panel:#1d2125;--line:#353b42;--act:#58b3bd;--on:#0d1113}}
*{box-sizing:border-box}
body{margin:0;padding:24px 16px;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,"Noto Sans","Noto Sans CJK SC",sans-serif}
main{max-width:520px;margin:0 auto;padding:20px;background:var(--panel);border:1px solid var(--line);border-radius:8px}
h1{margin:0 0 8px;font-size:20px;line-height:1.3}
p{margin:0 0 16px}
dl{display:grid;grid-template-columns:auto 1fr;gap:4px 16px;margin:0 0 20px}
dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
button,a.button{display:block;width:100%;min-height:48px;padding:12px 16px;border:1px solid var(--act);border-radius:6px;font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
button{background:var(--act);color:var(--on)}
a.button{margin-top:12px;background:none;color:var(--act)}
button:focus-visible,a.button:focus-visible{outline:3px solid var(--ink);outline-offset:2px}
`;

/** Runs nothing, loads nothing, and is framed nowhere; its form goes to this server alone. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;

/** With `same-origin` the browser says of the form where it comes from, and tells nobody else the address. */
export const LINK_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy": POLICY,
  "referrer-policy": "same-origin",
  "cache-control": "no-store",
  "x-robots-tag": "noindex",
};

/** A page that needs no script, so that it opens on any phone. */
export function linkPage({ language, title, text, alarm, button, studio }: LinkPage): string {
  const t = (said: Message): string => html(textIn(said, language));
  const facts: readonly (readonly [Message, string])[] =
    alarm === undefined
      ? []
      : [
          [message("notifications.page.alarm"), alarm.occurrence.title[language]],
          [message("notifications.page.priority"), String(alarm.occurrence.priority)],
          ...(alarm.occurrence.station === "" ? [] : [[message("notifications.page.station"), alarm.occurrence.station] as const]),
          ...(alarm.occurrence.value === undefined ? [] : [[message("notifications.page.value"), alarm.occurrence.value] as const]),
          [message("notifications.page.raised"), alarm.since],
        ];
  const list = facts.map(([name, value]) => `<dt>${t(name)}</dt><dd>${html(value)}</dd>`).join("");
  return `<!doctype html>
<html lang="${language === "zh" ? "zh-Hans" : "en"}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${t(title)} · Doppelwerk</title><style>${STYLE}</style></head>
<body><main><h1>${t(title)}</h1><p role="status">${t(text)}</p>${list === "" ? "" : `<dl>${list}</dl>`}${button === undefined ? "" : `<form method="post" enctype="text/plain"><button type="submit">${t(button)}</button></form>`}${studio === undefined ? "" : `<a class="button" href="${html(studio.url)}">${t(studio.text)}</a>`}</main></body></html>`;
}
