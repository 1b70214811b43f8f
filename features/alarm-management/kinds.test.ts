import { readFileSync } from "node:fs";
import { documentChange, readDocument, type KindDeclaration } from "@doppelwerk/kit";
import { expect, test } from "vitest";
import { decisionsOf, entryKind, fieldsOfEntry, isApproved } from "./model/entry-kind.ts";
import { philosophyKind } from "./model/philosophy-kind.ts";

const stored = (name: string) => JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), "utf8"));

test.each([
  ["alarmManagement.entry-v1", entryKind],
  ["alarmManagement.philosophy-v1", philosophyKind],
] as const)("[AR14] [level: round trip] %s is read as it was written, and written again changes nothing", (name, kind: KindDeclaration) => {
  const record = stored(name);
  const { id, kind: _kind, version: _version, ...fields } = record;
  expect(readDocument(kind, record)).toEqual(fields);
  expect(documentChange(kind, id, record, fields)).toBeUndefined();
});

test("[AR14] [AR3] an approval that was stored is still of its decisions, and of no others", () => {
  const entry = readDocument(entryKind, stored("alarmManagement.entry-v1"))!;
  expect(isApproved(entry)).toBe(true);
  expect(isApproved({ ...entry, setpoint: 51 })).toBe(false);
  expect(isApproved({ ...entry, reviewBy: undefined })).toBe(false);
  const fields = fieldsOfEntry(entry);
  const turned = Object.fromEntries(Object.entries(fields).toReversed()) as typeof fields;
  expect(decisionsOf(turned)).toBe(decisionsOf(fields));
});
