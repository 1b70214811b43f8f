import { parseSync, type Program } from "oxc-parser";

/** A node of a syntax tree, as far as a walk over every kind of node knows it. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** The syntax tree of a source; throws when it is not one. */
export function parseSource(file: string, text: string): Program {
  const { errors, program } = parseSync(file, text, { preserveParens: false });
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  return program;
}

/** Visits every node with its ancestors, outermost first. */
export function walk(
  node: unknown,
  visit: (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => void,
  ancestors: SyntaxNode[] = [],
): void {
  if (Array.isArray(node)) {
    for (const child of node) walk(child, visit, ancestors);
    return;
  }
  if (typeof node !== "object" || node === null) return;
  if (!isNode(node)) return;
  visit(node, ancestors);
  ancestors.push(node);
  for (const field in node) if (typeof node[field] === "object") walk(node[field], visit, ancestors);
  ancestors.pop();
}

function isNode(value: object): value is SyntaxNode {
  return "type" in value && typeof value.type === "string" && "start" in value;
}
