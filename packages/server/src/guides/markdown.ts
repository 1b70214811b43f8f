import MarkdownIt from "markdown-it";

/** HTML of a guide. A tag of the source is text of the page; a link or picture without an address (`addressOf`) is its text. */
export function htmlOfMarkdown(source: string, addressOf: (target: string) => string | undefined): string {
  const tokens = markdown.parse(source, {});
  setIds(tokens);
  for (const { children } of tokens) if (children !== null) setAddresses(children, addressOf);
  return markdown.renderer.render(tokens, markdown.options, {});
}

/** The id of a heading, as on GitHub, so that links of the repository work here too. */
export function headingId(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");
}

export function escapeHtml(text: string): string {
  return markdown.utils.escapeHtml(text);
}

const markdown = new MarkdownIt({ html: false, linkify: false });
type Tokens = ReturnType<typeof markdown.parse>;

// a wide table or text can be scrolled by keyboard
markdown.renderer.rules.table_open = () => '<div class="table" tabindex="0"><table>';
markdown.renderer.rules.table_close = () => "</table></div>\n";
markdown.renderer.rules.fence = (tokens, index) => `<pre tabindex="0"><code>${escapeHtml(tokens[index]!.content)}</code></pre>\n`;

/** Headings have an id, and rows whose first cell is one code: an error is linked by its code. */
function setIds(tokens: Tokens): void {
  for (const [index, token] of tokens.entries()) {
    if (token.type === "heading_open") token.attrSet("id", headingId(tokens[index + 1]!.content));
    if (token.type === "th_open") token.attrSet("scope", "col");
    if (token.type !== "tr_open" || tokens[index + 1]?.type !== "td_open") continue;
    const { code } = /^`(?<code>[^`]+)`$/.exec(tokens[index + 2]?.content ?? "")?.groups ?? {};
    if (code !== undefined) token.attrSet("id", code);
  }
}

/** What has no address becomes text: of a link its content, of a picture its description. */
function setAddresses(tokens: Tokens, addressOf: (target: string) => string | undefined): void {
  let isLinked = true;
  for (const token of tokens) {
    if (token.type === "link_open" || token.type === "image") {
      const name = token.type === "image" ? "src" : "href";
      const address = addressOf(String(token.attrGet(name)));
      if (token.type === "link_open") isLinked = address !== undefined;
      if (address !== undefined) token.attrSet(name, address);
      else asText(token);
    } else if (token.type === "link_close" && !isLinked) asText(token);
  }
}

function asText(token: Tokens[number]): void {
  if (token.type !== "image") token.content = "";
  token.type = "text";
}
