import { readFileSync } from "node:fs";
import { join } from "node:path";
import { languageFind, type LanguageFind } from "./languages.ts";
import { parseSource, walk, type SyntaxNode } from "../syntax.ts";

export interface Import {
  readonly specifier: string;
  /** Erased before anything runs. */
  readonly isTypeOnly: boolean;
  /** `import(…)`: runs when it is reached, not when the file is loaded. */
  readonly isLazy: boolean;
}

/** What the checks know of one source. Paths are relative to the root, with forward slashes. */
export interface Source {
  readonly file: string;
  readonly text: string;
  /** A test or what only tests load: it may reach further than the product. */
  readonly isTest: boolean;
  readonly imports: readonly Import[];
  readonly functions: readonly { readonly line: number; readonly lines: number }[];
  /** Lines of catches that drop an error and do not say why. */
  readonly silentCatches: readonly number[];
  /** Texts of a language in the code, and comparisons with texts of messages. */
  readonly languages: readonly LanguageFind[];
}

export function isTestFile(file: string): boolean {
  return /\.(test|fuzz|bench|contract|fixture)\.tsx?$/.test(file) || /\/(fixtures|bench)\//.test(file);
}

export function readSources(root: string, files: readonly string[]): Source[] {
  return files
    .filter((file) => /\.m?tsx?$/.test(file) && !/\.d\.m?ts$/.test(file))
    .map((file) => readSource(file, readFileSync(join(root, file), "utf8")));
}

export function readSource(file: string, text: string): Source {
  const imports: Import[] = [];
  const functions: { line: number; lines: number }[] = [];
  const silentCatches: number[] = [];
  const languages: LanguageFind[] = [];
  const lineEnds = [...text.matchAll(/\n/g)].map(({ index }) => index);
  const lineAt = (offset: number): number => {
    let [low, high] = [0, lineEnds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (lineEnds[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
  walk(parseSource(file, text), (node) => {
    const found = importOf(node);
    if (found !== undefined) imports.push(found);
    if (isFunction(node)) functions.push({ line: lineAt(node.start), lines: lineAt(node.end) - lineAt(node.start) + 1 });
    const language = languageFind(node, text);
    if (language !== undefined) languages.push({ ...language, line: lineAt(node.start) });
    if (isSilentCatch(node, text)) silentCatches.push(lineAt(node.start));
  });
  return { file, text, isTest: isTestFile(file), imports, functions, silentCatches, languages };
}

function importOf(node: SyntaxNode): Import | undefined {
  const source = node["source"] as { readonly value?: unknown } | null | undefined;
  const specifier = source?.value;
  if (typeof specifier !== "string") return undefined;
  switch (node.type) {
    case "ImportDeclaration":
      return { specifier, isTypeOnly: node["importKind"] === "type", isLazy: false };
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
      return { specifier, isTypeOnly: node["exportKind"] === "type", isLazy: false };
    case "ImportExpression":
      return { specifier, isTypeOnly: false, isLazy: true };
    case "TSImportType":
      return { specifier, isTypeOnly: true, isLazy: false };
    default:
      return undefined;
  }
}

function isFunction(node: SyntaxNode): boolean {
  return node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression";
}

/** `.catch(() => undefined)`, `.catch(() => {})` and `catch {}`, unless a comment inside says why. */
function isSilentCatch(node: SyntaxNode, text: string): boolean {
  if (node.type === "CatchClause") return isNothing(node["body"] as SyntaxNode, text);
  if (node.type !== "CallExpression") return false;
  const callee = node["callee"] as SyntaxNode;
  if (callee.type !== "MemberExpression" || (callee["property"] as { readonly name?: string }).name !== "catch") return false;
  const [handler] = node["arguments"] as readonly SyntaxNode[];
  return handler !== undefined && isFunction(handler) && isNothing(handler["body"] as SyntaxNode, text);
}

function isNothing(body: SyntaxNode, text: string): boolean {
  if (body.type === "BlockStatement")
    return (body["body"] as readonly unknown[]).length === 0 && !/\/[/*]/.test(text.slice(body.start, body.end));
  if (body.type === "Literal") return body["value"] === null;
  return (body.type === "Identifier" && body["name"] === "undefined") || (body.type === "UnaryExpression" && body["operator"] === "void");
}
