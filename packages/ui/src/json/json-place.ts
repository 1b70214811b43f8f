import { ensureSyntaxTree, syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";

type Tree = ReturnType<typeof syntaxTree>;
type SyntaxNode = Tree["topNode"];

/** Milliseconds for parsing a text at once. */
const PARSE_MS = 500;

/** A stretch of the text, in characters from its beginning. */
export interface TextSpan {
  readonly from: number;
  readonly to: number;
}

/** The names and indexes of `submodels[0].value`, or of a path of zod. */
export function segmentsOf(path: string | readonly PropertyKey[]): readonly string[] {
  return typeof path === "string" ? (path.match(/[^.[\]]+/g) ?? []) : path.map(String);
}

/** Where the text stops being JSON; undefined where it is JSON throughout. */
export function firstBreak(state: EditorState): TextSpan | undefined {
  let found: TextSpan | undefined;
  treeOf(state).iterate({
    enter: (node) => {
      if (found === undefined && node.type.isError) found = { from: node.from, to: node.to };
      return found === undefined;
    },
  });
  return found;
}

/** Where a path leads: the name of an attribute, or an entry of a list; of what is not there, what would have it. */
export function spanOfPath(state: EditorState, path: string | readonly PropertyKey[]): TextSpan {
  let value = treeOf(state).topNode.firstChild;
  let span: TextSpan = value === null ? { from: 0, to: 0 } : headOf(value);
  for (const segment of segmentsOf(path)) {
    if (value === null) break;
    const property = value.name === "Object" ? propertyNamed(state, value, segment) : undefined;
    const entry = value.name === "Array" ? entryAt(value, Number(segment)) : undefined;
    if (property !== undefined) {
      span = property.name;
      value = property.value;
    } else if (entry !== undefined) {
      span = headOf(entry);
      value = entry;
    } else break;
  }
  return span;
}

function treeOf(state: EditorState): Tree {
  return ensureSyntaxTree(state, state.doc.length, PARSE_MS) ?? syntaxTree(state);
}

/** Of an object or a list only its bracket: all of it would be marked over pages. */
function headOf(node: SyntaxNode): TextSpan {
  const isNested = node.name === "Object" || node.name === "Array";
  return { from: node.from, to: isNested ? node.from + 1 : node.to };
}

function propertyNamed(state: EditorState, object: SyntaxNode, name: string): { name: TextSpan; value: SyntaxNode | null } | undefined {
  for (const property of object.getChildren("Property")) {
    const head = property.getChild("PropertyName");
    if (head === null || nameOf(state.sliceDoc(head.from, head.to)) !== name) continue;
    const value = property.lastChild;
    return { name: { from: head.from, to: head.to }, value: value === null || value.from === head.from ? null : value };
  }
  return undefined;
}

function nameOf(text: string): string | undefined {
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}

function entryAt(list: SyntaxNode, index: number): SyntaxNode | undefined {
  let at = 0;
  for (let node = list.firstChild; node !== null; node = node.nextSibling) {
    if ("[],⚠".includes(node.name)) continue;
    if (at === index) return node;
    at += 1;
  }
  return undefined;
}
