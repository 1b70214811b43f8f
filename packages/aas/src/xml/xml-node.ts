import { message } from "@doppelwerk/messages";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { error, type Finding } from "../finding.ts";

/** An element of an XML document, its name resolved against the namespaces in scope. */
export interface XmlElement {
  readonly name: string;
  /** "" outside of every namespace. */
  readonly namespace: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** All text directly inside, joined. */
  readonly text: string;
}

/** Elements inside elements deeper than this are refused. Each level of the metamodel takes two. */
const DEEPEST_ELEMENT = 1000;

type Raw = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  trimValues: false,
  parseTagValue: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  cdataPropName: "#cdata",
  maxNestedTags: DEEPEST_ELEMENT,
  // No callback asks for the path of an element as text; making it took a quarter of the time.
  jPath: false,
});

/**
 * The root element of an XML text, or a finding (`xml`) when it is not well-formed.
 * A document type is refused before anything is read: no entity is ever declared, so none can be expanded or fetched.
 */
export function parseXml(text: string): XmlElement | Finding {
  if (hasDocumentType(text)) return error("", "xml", message("aas.doctypeRefused"));
  try {
    const verdict = XMLValidator.validate(text);
    if (verdict !== true) return error("", "xml", message("aas.notWellFormedXmlLine", { line: verdict.err.line, msg: verdict.err.msg }));
    const roots = (parser.parse(text) as Raw[]).filter((raw) => nameOf(raw) !== undefined);
    if (roots.length !== 1) return error("", "xml", message("aas.oneRootElement"));
    return resolved(roots[0]!, new Map([["", ""]]), 0);
  } catch (cause) {
    return error("", "xml", message("aas.notWellFormedXml", { cause: cause instanceof Error ? cause.message : String(cause) }));
  }
}

/** Whether the first thing that is neither a comment nor a processing instruction begins with `<!`: before the root nothing else may. */
function hasDocumentType(text: string): boolean {
  let at = 0;
  for (;;) {
    const open = text.indexOf("<", at);
    if (open < 0) return false;
    const isComment = text.startsWith("<!--", open);
    if (!isComment && text[open + 1] !== "?") return text[open + 1] === "!";
    const close = text.indexOf(isComment ? "-->" : "?>", open + (isComment ? 4 : 2));
    if (close < 0) return false;
    at = close + 2;
  }
}

function nameOf(raw: Raw): string | undefined {
  for (const key in raw) if (key !== ":@" && key !== "#text" && key !== "#cdata") return key;
  return undefined;
}

function resolved(raw: Raw, outer: ReadonlyMap<string, string>, depth: number): XmlElement {
  const tag = nameOf(raw)!;
  const attributes = decodedAttributes((raw[":@"] ?? {}) as Record<string, string>);
  let scope = outer;
  for (const key in attributes) {
    if (key !== "xmlns" && !key.startsWith("xmlns:")) continue;
    if (scope === outer) scope = new Map(outer);
    (scope as Map<string, string>).set(key === "xmlns" ? "" : key.slice(6), attributes[key]!);
  }
  const colon = tag.indexOf(":");
  const namespace = scope.get(colon < 0 ? "" : tag.slice(0, colon));
  if (namespace === undefined) throw new Error(`the prefix of <${tag}> is not declared`);
  const children: XmlElement[] = [];
  let text = "";
  for (const child of raw[tag] as Raw[]) {
    if (child["#text"] !== undefined) text += decodeText(String(child["#text"]));
    else if (child["#cdata"] !== undefined) text += (child["#cdata"] as Raw[]).map((part) => String(part["#text"] ?? "")).join("");
    else if (nameOf(child) !== undefined) children.push(resolved(child, scope, depth + 1));
  }
  return { name: colon < 0 ? tag : tag.slice(colon + 1), namespace, attributes, children, text };
}

function decodedAttributes(raw: Record<string, string>): Record<string, string> {
  for (const key in raw)
    if (raw[key]!.includes("&")) return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, decodeText(value)]));
  return raw;
}

const PREDEFINED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** Character data with its references resolved: the five predefined entities and character references, nothing else. */
function decodeText(raw: string): string {
  if (!raw.includes("&")) return raw;
  return raw.replace(/&([^;&\s]{0,32});?/g, (whole, name: string) => {
    const character = Object.hasOwn(PREDEFINED, name) ? PREDEFINED[name] : characterReference(name);
    if (character === undefined || !whole.endsWith(";")) throw new Error(`the entity reference ${whole} is not known`);
    return character;
  });
}

function characterReference(name: string): string | undefined {
  const match = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
  if (match === null) return undefined;
  const code = match[1] === undefined ? Number(match[2]) : parseInt(match[1], 16);
  const isCharacter =
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}
