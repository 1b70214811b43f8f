import type { SyntaxNode } from "../syntax.ts";
import type { Source } from "./sources.ts";

/** A place in a source where a language stands in code, or where code decides by one. */
export interface LanguageFind {
  readonly line: number;
  readonly kind: "text" | "comparison";
  readonly found: string;
}

/** Data of a plant and of demonstrations, in the languages of the plant (docs/decisions/0022-texts-in-data.md). */
const DATA = /^(?:packs|examples|bench|e2e|scripts)\//;

/** What reads or writes words of a language by its purpose, with that purpose. */
const PURPOSES: Readonly<Record<string, string>> = {
  "packages/operations/src/proposal/vocabulary.ts": "reads the names that plants give",
  "packages/operations/src/states/state-words.ts": "reads the names that plants give to states",
  "packages/operations/src/proposal/signal-meaning.ts": "reads the names that plants give",
  "packages/operations/src/proposal/propose.ts": "reads the names that plants give, and days as people answer them",
  "packages/operations/src/proposal/concept-names.ts": "texts of the concept descriptions that are proposed",
  "packages/sim/src/event-log/log-columns.ts": "reads the columns of event logs",
  "packages/ui/src/language/standard-words.ts": "names of standard templates, looked up by idShort",
  "packages/ui/src/values/unit-names.ts": "names of units, looked up by their sign",
  "packages/ui/src/time/format.ts": "dates and durations as each language writes them",
  "packages/studio/src/frame/top-bar.tsx": "a language is named in itself",
  "packages/studio/src/settings/look-card.tsx": "a language is named in itself",
};

const HAN = /\p{Script=Han}/u;

/** Texts of others that code has to read: they have no code. */
const OTHERS: Readonly<Record<string, string>> = {
  "packages/ui/src/views/view-outlet.tsx": "a browser names the module that it could not fetch only in its message",
};

/** Texts for people stand in `words/`; code names them by code and never reads them. */
export function checkLanguages(sources: readonly Source[]): string[] {
  const files = new Set(sources.map(({ file }) => file));
  const product = sources.filter(({ file, isTest }) => !isTest && !DATA.test(file));
  return [
    ...product.flatMap(({ file, languages }) =>
      languages
        .filter(({ kind }) => !(file in (kind === "text" ? PURPOSES : OTHERS)))
        .map(({ line, kind, found }) =>
          kind === "text"
            ? `${file}:${line}: a Chinese text in code, it belongs into words/: ${found}`
            : `${file}:${line}: code that decides by the text of a message, ask for its code: ${found}`,
        ),
    ),
    ...Object.keys({ ...PURPOSES, ...OTHERS })
      .filter((file) => files.size > 0 && files.has("scripts/tidy/languages.ts") && !files.has(file))
      .map((file) => `scripts/tidy/languages.ts: ${file} is gone`),
  ];
}

/** What of a node is a text in Chinese, or a comparison with the text of a message. */
export function languageFind(node: SyntaxNode, text: string): Omit<LanguageFind, "line"> | undefined {
  const found = text.slice(node.start, node.end).replaceAll(/\s+/g, " ").slice(0, 80);
  if (isChineseText(node)) return { kind: "text", found };
  if (readsMessage(node)) return { kind: "comparison", found };
  return undefined;
}

function isChineseText(node: SyntaxNode): boolean {
  if (node.type === "Literal") return typeof node["value"] === "string" && HAN.test(node["value"]);
  if (node.type === "TemplateElement") return HAN.test((node["value"] as { readonly raw: string }).raw);
  if (node.type === "JSXText") return HAN.test(node["value"] as string);
  if (node.type !== "Property" || nameOf(node["key"]) !== "zh") return false;
  const value = node["value"] as SyntaxNode;
  return value.type === "Literal" && typeof value["value"] === "string" && /\p{L}/u.test(value["value"]) && !HAN.test(value["value"]);
}

const READS: ReadonlySet<string> = new Set(["includes", "startsWith", "endsWith", "match", "search", "indexOf"]);

/** `error.message === "…"`, `textOf(reason).startsWith("…")`, `/…/.test(why.en)`. */
function readsMessage(node: SyntaxNode): boolean {
  if (node.type === "BinaryExpression" && /^[!=]==?$/.test(String(node["operator"]))) {
    const sides = [node["left"], node["right"]] as readonly SyntaxNode[];
    return sides.some(isMessageText) && sides.some(isWords);
  }
  if (node.type !== "CallExpression") return false;
  const callee = node["callee"] as SyntaxNode;
  if (callee.type !== "MemberExpression") return false;
  const method = nameOf(callee["property"]) ?? "";
  const [first] = node["arguments"] as readonly SyntaxNode[];
  if (first === undefined) return false;
  const on = callee["object"] as SyntaxNode;
  if (READS.has(method)) return isMessageText(on) && (isWords(first) || isPattern(first));
  return (method === "test" || method === "exec") && isPattern(on) && isMessageText(first);
}

function isMessageText(node: SyntaxNode): boolean {
  if (node.type === "ChainExpression") return isMessageText(node["expression"] as SyntaxNode);
  if (node.type === "CallExpression") {
    const name = nameOf(node["callee"]);
    return name === "textOf" || name === "textIn" || name === "messageText";
  }
  if (node.type !== "MemberExpression" || node["computed"] === true) return false;
  const name = nameOf(node["property"]);
  return name === "message" || name === "en" || name === "zh";
}

/** A text that is written down: a template or a literal that is not empty. */
function isWords(node: SyntaxNode): boolean {
  if (node.type === "TemplateLiteral") return true;
  return node.type === "Literal" && typeof node["value"] === "string" && node["value"] !== "";
}

function isPattern(node: SyntaxNode): boolean {
  return node.type === "Literal" && node["regex"] !== undefined && node["regex"] !== null;
}

function nameOf(node: unknown): string | undefined {
  const { name, value } = (node ?? {}) as { readonly name?: unknown; readonly value?: unknown };
  return typeof name === "string" ? name : typeof value === "string" ? value : undefined;
}
