import MagicString from "magic-string";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import type { Moves } from "./move.ts";
import { Exports } from "./package-exports.ts";
import { parseSource, walk, type SyntaxNode } from "./syntax.ts";

interface Rewriting {
  readonly root: string;
  readonly all: ReadonlySet<string>;
  readonly moves: Moves;
  readonly exports: Exports;
  readonly unresolved: string[];
}

/** The texts of all files whose references change, by their new path, and what could not be resolved. */
export function rewrite(
  root: string,
  files: readonly string[],
  moves: Moves,
): { readonly rewritten: Map<string, string>; readonly unresolved: string[] } {
  const state: Rewriting = { root, all: new Set(files), moves, exports: new Exports(root, files), unresolved: [] };
  const rewritten = new Map<string, string>();
  const folders = new Set(
    [...moves.named.keys()].map((path) =>
      path
        .split("/")
        .at(-1)!
        .replace(/\.\w+$/, ""),
    ),
  );
  for (const file of files) {
    if (!/\.(?:[mc]?tsx?|[mc]?js|css|html|md|jsonc?|ya?ml)$/.test(file) || file === "package-lock.json") continue;
    const text = readFileSync(join(root, file), "utf8");
    // what neither moves nor names anything that moves cannot change
    if (!moves.files.has(file) && ![...folders].some((name) => text.includes(name)) && !mentionsMoved(text, moves)) continue;
    const edit = new MagicString(text);
    if (/\.(?:[mc]?tsx?|[mc]?js)$/.test(file)) rewriteSource(state, file, text, edit);
    else if (/\.(?:css|html)$/.test(file)) rewriteMarkup(state, file, text, edit);
    else if (file.endsWith(".md")) rewritePage(state, file, text, edit);
    else rewriteJson(state, file, text, edit);
    rewriteRootPaths(state, text, edit);
    const after = edit.toString();
    if (after !== text) rewritten.set(newPath(moves, file), after);
  }
  return { rewritten, unresolved: state.unresolved };
}

function mentionsMoved(text: string, moves: Moves): boolean {
  for (const file of moves.files.keys()) if (text.includes(posix.basename(file).replace(/\.\w+$/, ""))) return true;
  return false;
}

/** Where a file or folder, which need not exist, is after the moves. */
function newPath(moves: Moves, path: string): string {
  const exact = moves.files.get(path) ?? moves.named.get(path);
  if (exact !== undefined) return exact;
  for (const [from, to] of moves.named) if (path.startsWith(`${from}/`)) return to + path.slice(from.length);
  return path;
}

function relativePath(fromFile: string, to: string): string {
  const path = posix.relative(posix.dirname(fromFile), to);
  return path === "" ? "." : path.startsWith(".") ? path : `./${path}`;
}

function rewriteSource(state: Rewriting, file: string, text: string, edit: MagicString): void {
  walk(parseSource(file, text), (node, ancestors) => {
    const path = pathText(node, text);
    if (path === undefined) return;
    const specifier = isSpecifier(node, ancestors);
    const located = !specifier && isLocated(ancestors, text);
    const after =
      specifier && !path.value.startsWith(".")
        ? packageSpecifier(state, file, path.value)
        : relativeText(state, file, path, { node, ancestors, specifier, located });
    if (after !== undefined && after !== path.value) edit.update(path.start, path.start + path.value.length, after);
  });
}

interface PathText {
  readonly value: string;
  readonly start: number;
  /** Only the beginning of a template up to its last slash before the first expression. */
  readonly isPrefix: boolean;
}

function pathText(node: SyntaxNode, text: string): PathText | undefined {
  if (node.type === "Literal" && typeof node["value"] === "string") {
    const value = text.slice(node.start + 1, node.end - 1);
    return value === node["value"] ? { value, start: node.start + 1, isPrefix: false } : undefined;
  }
  if (node.type !== "TemplateLiteral") return undefined;
  const [first] = node["quasis"] as readonly { readonly value: { readonly raw: string; readonly cooked: string } }[];
  const whole = (node["expressions"] as readonly unknown[]).length === 0;
  const value = whole ? first!.value.raw : first!.value.raw.slice(0, first!.value.raw.lastIndexOf("/") + 1);
  return value === "" ? undefined : { value, start: node.start + 1, isPrefix: !whole };
}

function isSpecifier(node: SyntaxNode, ancestors: readonly SyntaxNode[]): boolean {
  const parent = ancestors.at(-1);
  if (parent === undefined) return false;
  if (["ImportDeclaration", "ExportNamedDeclaration", "ExportAllDeclaration", "ImportExpression", "TSImportType"].includes(parent.type))
    return parent["source"] === node;
  if (parent.type !== "CallExpression") return false;
  const callee = parent["callee"] as SyntaxNode;
  if (callee.type !== "MemberExpression" || (callee["object"] as { readonly name?: string }).name !== "vi") return false;
  return ["mock", "doMock", "unmock", "doUnmock", "importActual", "importMock"].includes(
    (callee["property"] as { readonly name: string }).name,
  );
}

/** Whether a text is a path from the place of its own file: an argument beside `import.meta.url` or `import.meta.dirname`. */
function isLocated(ancestors: readonly SyntaxNode[], text: string): boolean {
  const call = ancestors.findLast((node) => node.type === "NewExpression" || node.type === "CallExpression");
  if (call === undefined) return false;
  const source = text.slice(call.start, call.end);
  return /^new URL\([\s\S]*import\.meta\.url/.test(source) || /^(?:\w+\.)?(?:join|resolve)\(\s*import\.meta\.dirname\b/.test(source);
}

interface Site {
  readonly node: SyntaxNode;
  readonly ancestors: readonly SyntaxNode[];
  readonly specifier: boolean;
  readonly located: boolean;
}

/** A path from the folder of the file: an import, a URL beside the file, or any text that names an existing file so. */
function relativeText(state: Rewriting, file: string, path: PathText, site: Site): string | undefined {
  const [value, query = ""] = splitQuery(path.value);
  if (!site.located && !/^\.\.?\//.test(value)) return undefined;
  if (value.startsWith("/") || /^[a-z]+:/.test(value)) return undefined;
  const target = posix.join(posix.dirname(file), value.replace(/\/$/, "") || ".");
  const actual = existing(state, target);
  if (!site.located && !site.specifier && (actual === undefined || !state.all.has(actual))) return undefined;
  const from = newPath(state.moves, file);
  if (site.specifier && actual === undefined) {
    if (from !== file) state.unresolved.push(`${from}: ${path.value} names no file`);
    return undefined;
  }
  const to = newPath(state.moves, actual ?? target);
  if (path.isPrefix && from !== file && target === posix.dirname(file) && posix.dirname(from) !== newPath(state.moves, target))
    state.unresolved.push(`${from}: a path built from ${path.value} means the former folder ${target}`);
  if (posix.dirname(from) === posix.dirname(file) && to === (actual ?? target)) return undefined;
  if (site.specifier) {
    const crossing = crossingSpecifier(state, file, actual!, site);
    if (crossing !== undefined) return crossing;
  }
  const slash = value.endsWith("/") ? "/" : "";
  const plain = relativePath(from, actual === target || actual === undefined ? to : to.replace(/\.ts(x?)$/, ".js$1"));
  if (plain + slash + query === `./${path.value}`) return undefined;
  return plain.replace(/\/$/, "") + slash + query;
}

function splitQuery(value: string): [string, string?] {
  const index = value.indexOf("?");
  return index < 0 ? [value] : [value.slice(0, index), value.slice(index)];
}

function existing(state: Rewriting, target: string): string | undefined {
  if (state.all.has(target)) return target;
  const source = target.replace(/\.js(x?)$/, ".ts$1");
  if (state.all.has(source)) return source;
  const path = join(state.root, target);
  return existsSync(path) && statSync(path).isDirectory() ? target : undefined;
}

/** What was a relative import inside one package and now leads out of it becomes an import of the other package. */
function crossingSpecifier(state: Rewriting, file: string, target: string, site: Site): string | undefined {
  const { moves, exports } = state;
  const from = newPath(moves, file);
  const to = newPath(moves, target);
  const inside = exports.packageOf(to);
  if (exports.packageOf(from) === inside || inside === undefined || exports.packageOf(from) === undefined) return undefined;
  const specifier = exports.specifierOf(to, target, importedNames(site.ancestors.at(-1)!));
  if (specifier !== undefined) return specifier;
  const isTest = /\.(?:test|fuzz|bench|contract|fixture)\.tsx?$/.test(from) || from.includes("/fixtures/");
  if (!isTest) state.unresolved.push(`${from}: ${to} is not exported by ${inside}; the import is written as a relative path`);
  return undefined;
}

/** The names that an import or re-export takes; undefined for all of them. */
function importedNames(statement: SyntaxNode): readonly string[] | undefined {
  if (statement.type !== "ImportDeclaration" && statement.type !== "ExportNamedDeclaration") return undefined;
  const names: string[] = [];
  for (const specifier of statement["specifiers"] as readonly SyntaxNode[]) {
    const name =
      specifier.type === "ImportSpecifier" ? specifier["imported"] : specifier.type === "ExportSpecifier" ? specifier["local"] : undefined;
    if (name === undefined) return undefined;
    names.push((name as { readonly name: string }).name);
  }
  return names;
}

/** An import by a package's name changes when its target moved, or when the importing file moved into that package. */
function packageSpecifier(state: Rewriting, file: string, specifier: string): string | undefined {
  const target = state.exports.fileOf(specifier);
  if (target === undefined) return undefined;
  const from = newPath(state.moves, file);
  const to = newPath(state.moves, target);
  const home = state.exports.packageOf(from);
  if (home !== undefined && home === state.exports.packageOf(to) && state.exports.packageOf(file) !== state.exports.packageOf(target))
    return relativePath(from, to);
  if (to === target) return undefined;
  const after = state.exports.specifierOf(to, target, undefined);
  if (after === undefined) state.unresolved.push(`${from}: ${specifier} was ${target}, and ${to} is not exported`);
  return after;
}

function rewriteMarkup(state: Rewriting, file: string, text: string, edit: MagicString): void {
  const pattern = file.endsWith(".css") ? /(?:@import\s+["']|url\(["']?)([^"')]+)/g : /(?:src|href)="([^"]+)"/g;
  for (const match of text.matchAll(pattern)) {
    const value = match[1]!;
    if (/^(?:[a-z]+:|#|data:)/.test(value)) continue;
    const rooted = value.startsWith("/");
    const target = existing(state, posix.join(posix.dirname(file), value));
    if (target === undefined || !state.all.has(target)) continue;
    const from = newPath(state.moves, file);
    const path = relativePath(from, newPath(state.moves, target));
    if (rooted && path.startsWith("../")) state.unresolved.push(`${from}: ${value} is now ${path}`);
    else if (path !== value && path.slice(1) !== value && path !== `./${value}`) {
      const start = match.index + match[0].lastIndexOf(value);
      edit.update(start, start + value.length, rooted ? path.slice(1) : path);
    }
  }
}

/** Links and back-ticked paths of a page, written from its own folder, its package, its package's sources, or `packages`. */
function rewritePage(state: Rewriting, file: string, text: string, edit: MagicString): void {
  const from = newPath(state.moves, file);
  for (const match of text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)|(?<!`)`([\w@.-]+(?:\/[\w@.-]+)*\/?)`(?!`)/g)) {
    const link = match[1] !== undefined;
    const value = match[1] ?? match[2]!;
    if (/^[a-z]+:|^\//.test(value)) continue;
    const base = (link ? [dirname(file)] : pageBases(state, file)).find((folder) => {
      const target = existing(state, posix.join(folder, value).replace(/\/$/, ""));
      return target !== undefined && (link || target !== newPath(state.moves, target) || from !== file);
    });
    if (base === undefined) continue;
    const target = posix.join(base, value).replace(/\/$/, "");
    const to = newPath(state.moves, target);
    if (to === target && (!link || from === file)) continue;
    if (!link && base === ".") continue; // replaced with all paths from the root
    const after = link ? posix.relative(dirname(from), to) : to.startsWith(`${base}/`) ? to.slice(base.length + 1) : to;
    const start = match.index + match[0].indexOf(value);
    edit.update(start, start + value.length, after + (value.endsWith("/") ? "/" : ""));
  }
}

function pageBases(state: Rewriting, file: string): string[] {
  const home = state.exports.folderOf(file);
  return [...(home === undefined ? [] : [dirname(file), home, `${home}/src`]), ".", "packages"];
}

/** Paths in `package.json`, tsconfigs and the like that begin with a dot, and entries of knip's workspaces. */
function rewriteJson(state: Rewriting, file: string, text: string, edit: MagicString): void {
  let workspace = "";
  for (const match of text.matchAll(/"([^"\n]+)"(\s*:)?/g)) {
    const value = match[1]!;
    if (file === "knip.json" && match[2] !== undefined && existing(state, value) !== undefined) workspace = value;
    const isEntry = file === "knip.json" && workspace !== "";
    if (!/^\.\.?\//.test(value) && !isEntry) continue;
    const folder = isEntry ? workspace : posix.dirname(file);
    const target = existing(state, posix.join(folder, value));
    if (target === undefined || target === folder) continue;
    const from = newPath(state.moves, isEntry ? `${workspace}/package.json` : file);
    const to = newPath(state.moves, target);
    const after = isEntry ? posix.relative(posix.dirname(from), to) : relativePath(from, to);
    if (after === value) continue;
    if (after.startsWith("../") && !value.startsWith("../"))
      state.unresolved.push(`${newPath(state.moves, file)}: ${value} is now ${to}, outside its package`);
    else edit.update(match.index + 1, match.index + 1 + value.length, after);
  }
}

/** Paths from the root of the repository, in whatever text. */
function rewriteRootPaths(state: Rewriting, text: string, edit: MagicString): void {
  for (const [from, to] of state.moves.named) {
    if (!from.includes("/")) continue;
    for (let start = text.indexOf(from); start >= 0; start = text.indexOf(from, start + from.length)) {
      const before = text[start - 1] ?? " ";
      const after = text.slice(start + from.length, start + from.length + 2);
      if (/[\w./@-]/.test(before) || /^[\w-]|^\.\w/.test(after)) continue;
      edit.update(start, start + from.length, to);
    }
  }
}
