import type { ClassName, ClassRow } from "../class-table.ts";
import { CLASSES, classNamed, standInsOf } from "../class-table.ts";
import type { Environment } from "../metamodel.ts";

type Instance = Readonly<Record<string, unknown>>;

/**
 * XML text of namespace https://admin-shell.io/aas/3/1, elements in the order of the standard's schema.
 * Empty lists and attributes that the metamodel does not know are left out; a character that XML 1.0 cannot hold (AASd-130) becomes U+FFFD.
 */
export function writeXml(environment: Environment): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<environment xmlns="https://admin-shell.io/aas/3/1">'];
  writeAttributes(classNamed("Environment"), environment as Instance, "  ", lines);
  lines.push("</environment>", "");
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
