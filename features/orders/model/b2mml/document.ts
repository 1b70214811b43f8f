import { parseXml, type XmlElement } from "@doppelwerk/aas";
import { DoppelwerkError, message, verbatim, type Message } from "@doppelwerk/kit";
import type {} from "../../message-codes.ts";
import { all, type Content, type Tree } from "./tree.ts";

/** The namespace of B2MML 7 (V0700, V0701): its release does not stand in it. */
export const B2MML_7 = "http://www.mesa.org/xml/B2MML";
export const MAX_TEXT = 20_000_000;
const MAX_ELEMENTS = 500_000;
const MAX_DEPTH = 100;

/** Documents that are read and written, and the messages of part 5 that they may come in. */
export const DOCUMENTS = [
  "OperationsSchedule",
  "OperationsPerformance",
  "MaterialInformation",
  "MaterialDefinition",
  "MaterialLot",
] as const;
export type DocumentName = (typeof DOCUMENTS)[number];

export interface B2mmlDocument {
  readonly name: DocumentName;
  /** More than one where a message brings several. */
  readonly contents: readonly Content[];
  /** What was to be done with it: `Process`, `Sync`, `Cancel` …; absent: a document without a message. */
  readonly verb?: string;
}

const VERBS = /^(Process|Sync|Change|Cancel|Show|Acknowledge|Respond|Get)([A-Z]\w+)$/;

/** A document of B2MML 7 in XML or JSON. Throws DW_INVALID with what is wrong: another version is named. */
export function readDocument(text: string): B2mmlDocument {
  if (text.length > MAX_TEXT) throw invalid(message("orders.b2mml.tooLarge", { megabytes: MAX_TEXT / 1e6 }));
  const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const [root, content] = plain.trimStart().startsWith("<") ? fromXml(plain) : fromJson(plain);
  const verb = VERBS.exec(root);
  const name = verb?.[2] ?? root;
  if (!isDocument(name)) throw invalid(message("orders.b2mml.otherDocument", { name: root.slice(0, 100), known: DOCUMENTS.join(", ") }));
  const contents = verb === null ? [content] : all(all(content, "DataArea")[0], name);
  if (contents.length === 0) throw invalid(message("orders.b2mml.nothingIn", { name: root }));
  return { name, contents, ...(verb && { verb: verb[1]! }) };
}

const isDocument = (name: string): name is DocumentName => (DOCUMENTS as readonly string[]).includes(name);

function fromXml(text: string): readonly [string, Content] {
  const root = parseXml(text);
  if (!("children" in root)) throw invalid(root.reason ?? verbatim(root.message));
  requireVersion(root.namespace);
  const counted = { elements: 0 };
  return [root.name, contentOf(root, counted, 0)];
}

function contentOf({ name, children, text, namespace }: XmlElement, counted: { elements: number }, depth: number): Content {
  counted.elements++;
  if (counted.elements > MAX_ELEMENTS || depth > MAX_DEPTH) throw invalid(message("orders.b2mml.tooDeep", { name: name.slice(0, 100) }));
  if (children.length === 0) return text;
  const inner: Record<string, Content[]> = Object.create(null) as Record<string, Content[]>;
  for (const child of children) {
    // elements of extensions have namespaces of their own, and mean nothing here
    if (child.namespace !== namespace) continue;
    (inner[child.name] ??= []).push(contentOf(child, counted, depth + 1));
  }
  return inner;
}

function fromJson(text: string): readonly [string, Content] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(message("orders.b2mml.noJson", { reason: (error as Error).message.slice(0, 200) }));
  }
  const names = typeof value === "object" && value !== null ? Object.keys(value).filter((name) => !name.startsWith("@")) : [];
  if (names.length !== 1) throw invalid(message("orders.b2mml.oneRoot"));
  const root = (value as Readonly<Record<string, unknown>>)[names[0]!];
  const version = (value as Readonly<Record<string, unknown>>)["@xmlns"];
  requireVersion(typeof version === "string" ? version : undefined);
  return [names[0]!, plainContent(root, { elements: 0 }, 0)];
}

function plainContent(value: unknown, counted: { elements: number }, depth: number): Content {
  counted.elements++;
  if (counted.elements > MAX_ELEMENTS || depth > MAX_DEPTH) throw invalid(message("orders.b2mml.tooDeep", { name: "JSON" }));
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "";
  const inner: Record<string, Content | Content[]> = Object.create(null) as Record<string, Content | Content[]>;
  for (const [name, each] of Object.entries(value))
    inner[name] = Array.isArray(each)
      ? each.map((one: unknown) => plainContent(one, counted, depth + 1))
      : plainContent(each, counted, depth + 1);
  return inner;
}

function requireVersion(namespace: string | undefined): void {
  if (namespace === B2MML_7) return;
  const old = /B2MML-V(\d{2})(\d{2})$/.exec(namespace ?? "");
  if (old !== null) throw invalid(message("orders.b2mml.otherVersion", { version: `${Number(old[1])}.${old[2]}`, namespace: namespace! }));
  throw invalid(message("orders.b2mml.noVersion", { namespace: (namespace ?? "").slice(0, 200) || "–", expected: B2MML_7 }));
}

const invalid = (reason: Message): DoppelwerkError => new DoppelwerkError("DW_INVALID", reason);

export function writeXml(name: DocumentName, content: Tree): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>'];
  element(name, content, 0, lines, ` xmlns="${B2MML_7}"`);
  return `${lines.join("\n")}\n`;
}

/** The same elements by their names; `@xmlns` names the version. */
export function writeJson(name: DocumentName, content: Tree): string {
  return `${JSON.stringify({ "@xmlns": B2MML_7, [name]: content }, undefined, 2)}\n`;
}

function element(name: string, content: Content, depth: number, lines: string[], attributes = ""): void {
  const indent = "  ".repeat(depth);
  if (typeof content === "string") return void lines.push(`${indent}<${name}${attributes}>${escaped(content)}</${name}>`);
  lines.push(`${indent}<${name}${attributes}>`);
  for (const [child, inner] of Object.entries(content))
    for (const each of Array.isArray(inner) ? (inner as readonly Content[]) : inner === undefined ? [] : [inner as Content])
      element(child, each, depth + 1, lines);
  lines.push(`${indent}</${name}>`);
}

/** Characters that XML 1.0 has no place for become blanks. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
