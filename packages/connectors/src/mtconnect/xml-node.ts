import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { XMLParser } from "fast-xml-parser";

export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
  readonly text: string;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/** The root of a document of an agent. Throws one clear line; a document type is refused, so no entity is ever declared. */
export function parseDocument(text: string): XmlNode {
  if (/<!DOCTYPE/i.test(text.slice(0, 10_000)) || /<!ENTITY/i.test(text))
    throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.documentTypeAgentsAnswerRefused"));
  let raw: unknown;
  try {
    raw = parser.parse(text);
  } catch (error) {
    throw new Error(`the answer is no XML: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const root = (Array.isArray(raw) ? (raw as RawNode[]) : []).map(nodeOf).find((node) => node !== undefined);
  if (root === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("connectors.answerNoXml"));
  return root;
}

interface RawNode {
  readonly ":@"?: Record<string, string>;
  readonly [name: string]: unknown;
}

function nodeOf(raw: RawNode): XmlNode | undefined {
  const name = Object.keys(raw).find((key) => key !== ":@" && key !== "#text");
  if (name === undefined) return undefined;
  const content = raw[name] as RawNode[];
  const children: XmlNode[] = [];
  let text = "";
  for (const part of content) {
    if (part["#text"] !== undefined) text += String(part["#text"]);
    else {
      const child = nodeOf(part);
      if (child !== undefined) children.push(child);
    }
  }
  return { name, attributes: raw[":@"] ?? {}, children, text };
}

/** All nodes below of that name, depth first. */
export function* descendants(node: XmlNode, name: string): Generator<XmlNode> {
  for (const child of node.children) {
    if (child.name === name) yield child;
    else yield* descendants(child, name);
  }
}
