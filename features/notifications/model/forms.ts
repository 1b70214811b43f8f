import type { Composed } from "./composed.ts";

/** A mail: text, and the same with links to press. */
export function asMail({ intro, alarms, notes, list, linkText, foot }: Composed): { readonly text: string; readonly html: string } {
  const rows = alarms.map(
    ({ priority, title, facts, link }) => `[${priority}] ${title}\n    ${facts}${link === undefined ? "" : `\n    ${linkText}: ${link}`}`,
  );
  const text = [intro, ...rows, ...notes, ...(list ? [`${list.text}: ${list.url}`] : []), foot].join("\n\n");
  const button = (url: string, label: string): string =>
    `<a href="${html(url)}" style="display:inline-block;padding:12px 16px;margin:6px 0;border:1px solid #1f6f78;border-radius:6px;color:#1f6f78;text-decoration:none">${html(label)}</a>`;
  const items = alarms
    .map(
      ({ priority, title, facts, link }) =>
        `<li style="margin:0 0 14px"><strong>${priority} · ${html(title)}</strong><br>${html(facts)}${link === undefined ? "" : `<br>${button(link, linkText)}`}</li>`,
    )
    .join("");
  const paragraphs = notes.map((note) => `<p>${html(note)}</p>`).join("");
  const all = list === undefined ? "" : `<p>${button(list.url, list.text)}</p>`;
  return {
    text: `${text}\n`,
    html: `<!doctype html><meta charset="utf-8"><div style="font-family:sans-serif;font-size:15px;max-width:640px"><p>${html(intro)}</p><ul style="list-style:none;padding:0">${items}</ul>${paragraphs}${all}<p style="color:#555;font-size:13px">${html(foot)}</p></div>`,
  };
}

/** Octets of UTF-8 that WeCom takes of a markdown message; DingTalk refuses more than 20,000, Teams a request of more than 28 KB. */
const WECOM_BYTES = 4_096;
const DINGTALK_BYTES = 18_000;
const TEAMS_BYTES = 26_000;

/** Markdown of chat robots, in at most so many octets: rows that do not fit are left out, and the notes say how many alarms there are. */
export function asMarkdown(composed: Composed, maxBytes: number): string {
  const { subject, intro, alarms, notes, list } = composed;
  const head = `### ${plain(subject)}\n\n${plain(intro)}`;
  const foot = [...notes.map(plain), ...(list ? [`[${plain(list.text)}](${list.url})`] : [])];
  const rows: string[] = [];
  for (const { priority, title, facts } of alarms) {
    const row = `- **${priority} · ${plain(title)}** ${plain(facts)}`;
    if (bytes([head, ...rows, row, ...foot].join("\n\n")) > maxBytes) break;
    rows.push(row);
  }
  return [head, rows.join("\n"), ...foot].filter((part) => part !== "").join("\n\n");
}

export function asDingTalk(composed: Composed): object {
  return { msgtype: "markdown", markdown: { title: plain(composed.subject).slice(0, 100), text: asMarkdown(composed, DINGTALK_BYTES) } };
}

export function asWeCom(composed: Composed): object {
  return { msgtype: "markdown", markdown: { content: asMarkdown(composed, WECOM_BYTES) } };
}

/** An Adaptive Card, as the workflow "Post to a channel when a webhook request is received" takes it. */
export function asTeams(composed: Composed): object {
  const { subject, intro, alarms, notes, list } = composed;
  const block = (text: string, more: object = {}): object => ({ type: "TextBlock", text: plain(text), wrap: true, ...more });
  const cardOf = (rows: readonly object[]): object => ({
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          body: [
            block(subject, { weight: "Bolder", size: "Medium" }),
            block(intro),
            ...rows,
            ...notes.map((note) => block(note, { isSubtle: true })),
          ],
          ...(list && { actions: [{ type: "Action.OpenUrl", title: list.text, url: list.url }] }),
        },
      },
    ],
  });
  const rows: object[] = [];
  for (const { priority, title, facts } of alarms) {
    const row = {
      type: "Container",
      separator: true,
      items: [block(`${priority} · ${title}`, { weight: "Bolder" }), block(facts, { isSubtle: true, spacing: "None" })],
    };
    if (bytes(JSON.stringify(cardOf([...rows, row]))) > TEAMS_BYTES) break;
    rows.push(row);
  }
  return cardOf(rows);
}

const bytes = (text: string): number => new TextEncoder().encode(text).length;

const HTML: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
export const html = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => HTML[character]!);

/** The dialects of chats have no common escape: what they would take for a link, a tag or a mention stands there in its wide form. */
const WIDE: Readonly<Record<string, string>> = {
  "[": "［",
  "]": "］",
  "<": "＜",
  ">": "＞",
  "*": "＊",
  "`": "＇",
  "@": "＠",
  "~": "～",
  "#": "＃",
  "|": "｜",
};
const plain = (text: string): string => text.replaceAll(/[[\]<>*`@~#|]/g, (character) => WIDE[character]!);
