import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { jsonColours, token } from "../theme/tokens.ts";

const highlighting = HighlightStyle.define([
  { tag: tags.propertyName, color: token(jsonColours.name) },
  { tag: tags.string, color: token(jsonColours.text) },
  { tag: tags.number, color: token(jsonColours.number) },
  { tag: [tags.bool, tags.null], color: token(jsonColours.word) },
  { tag: [tags.separator, tags.squareBracket, tags.brace], color: token(jsonColours.mark) },
]);

const theme = EditorView.theme({
  "&": { color: token("text"), backgroundColor: token("panel"), fontSize: "12px", maxHeight: "var(--rows-most)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "ui-monospace, monospace", lineHeight: "1.5", overflow: "auto", minHeight: "var(--rows-least)" },
  ".cm-content": { caretColor: token("text"), padding: "6px 0" },
  ".cm-gutters": { backgroundColor: token("sunken"), color: token("muted"), border: "none" },
  ".cm-activeLineGutter": { backgroundColor: token("hover") },
  ".cm-content ::selection, .cm-line::selection": { backgroundColor: `${token("accentSoft")} !important` },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: token("accentSoft"), outline: `1px solid ${token("accent")}` },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", outline: `1px solid ${token("alarm1")}` },
  ".cm-placeholder": { color: token("muted") },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: `underline wavy ${token("alarm1")}`, textUnderlineOffset: "3px" },
  ".cm-tooltip, .cm-panels": { backgroundColor: token("raised"), color: token("text"), border: `1px solid ${token("lineStrong")}` },
  ".cm-diagnostic": { borderLeft: `4px solid ${token("alarm1")}`, fontFamily: "var(--dw-font)" },
  ".cm-panel.cm-panel-lint ul [aria-selected]": { backgroundColor: token("accentSoft") },
  ".cm-panel.cm-panel-lint button": { color: token("text") },
  ".cm-lint-marker-error": { content: "none", borderRadius: "50%", backgroundColor: token("alarm1"), width: "0.7em", height: "0.7em" },
});

/** The editor in the colours of the tokens, which reach through its shadow root. */
export const jsonLook: Extension = [theme, syntaxHighlighting(highlighting)];
