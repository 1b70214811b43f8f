import type { ClassName, ClassRow } from "../class-table.ts";
import { CLASSES, classNamed, standInsOf } from "../class-table.ts";
import type { Environment, EnvironmentParts } from "../metamodel.ts";

type Instance = Readonly<Record<string, unknown>>;

export interface WriteXmlOptions {
  /** Release of the namespace; default 3.1. What 3.0 cannot say is for downgrade to take out before. */
  readonly release?: "3.0" | "3.1";
}

/**
 * XML text of namespace https://admin-shell.io/aas/3/1 (or 3/0), elements in the order of the standard's schema.
 * Empty lists and attributes that the metamodel does not know are left out; a character that XML 1.0 cannot hold (AASd-130) becomes U+FFFD.
 */
export function writeXml(environment: Environment, options: WriteXmlOptions = {}): string {
  return writeXmlOf("Environment", environment, options);
}

/** The text of `writeXml` document by document, for environments that are not held whole in memory. */
export function* xmlPieces(parts: EnvironmentParts, options: WriteXmlOptions = {}): Generator<string> {
  const row = classNamed("Environment");
  yield `${opening(row, options).join("\n")}\n`;
  for (const { name, type } of row.attributes) {
    if (type.kind !== "list") continue;
    let items = 0;
    for (const item of parts[name as keyof EnvironmentParts]()) {
      if (items++ === 0) yield `  <${name}>\n`;
      const lines: string[] = [];
      writeInstance(type.of, item as unknown as Instance, "    ", lines);
      yield `${lines.join("\n")}\n`;
    }
    if (items > 0) yield `  </${name}>\n`;
  }
  yield `</${row.xmlName}>\n`;
}

function opening(row: ClassRow, options: WriteXmlOptions): string[] {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<${row.xmlName} xmlns="https://admin-shell.io/aas/${options.release === "3.0" ? "3/0" : "3/1"}">`,
  ];
}

/** XML text of an instance of any class. */
export function writeXmlOf(className: ClassName, instance: object, options: WriteXmlOptions = {}): string {
  const row = classNamed(className);
  const lines = opening(row, options);
  writeAttributes(row, instance as Instance, "  ", lines);
  lines.push(`</${row.xmlName}>`, "");
  return lines.join("\n");
}

function writeAttributes(row: ClassRow, instance: Instance, indent: string, lines: string[]): void {
  for (const { name, type } of row.attributes) {
    const value = instance[name];
    if (value === undefined) continue;
    if (type.kind === "list") {
      const items = value as Instance[];
      if (items.length > 0) wrap(name, indent, lines, () => items.forEach((item) => writeInstance(type.of, item, `${indent}  `, lines)));
    } else if (type.kind !== "instance") {
      lines.push(`${indent}<${name}>${escapeText(String(value))}</${name}>`);
    } else if (standInsOf(type.of) !== undefined) {
      wrap(name, indent, lines, () => writeInstance(type.of, value as Instance, `${indent}  `, lines));
    } else {
      wrap(name, indent, lines, () => writeAttributes(classNamed(type.of as ClassName), value as Instance, `${indent}  `, lines));
    }
  }
}

function writeInstance(expected: string, instance: Instance, indent: string, lines: string[]): void {
  const row =
    standInsOf(expected as ClassName) === undefined ? classNamed(expected as ClassName) : CLASSES.get(instance.modelType as string);
  if (row !== undefined) wrap(row.xmlName, indent, lines, () => writeAttributes(row, instance, `${indent}  `, lines));
}

function wrap(name: string, indent: string, lines: string[], inside: () => void): void {
  const opened = lines.push(`${indent}<${name}>`);
  inside();
  if (lines.length === opened) lines[opened - 1] = `${indent}<${name}/>`;
  else lines.push(`${indent}</${name}>`);
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;" };

function escapeText(text: string): string {
  const escaped = text.replace(/[&<>\r]/g, (character) => ESCAPES[character]!);
  return escaped.replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
}
