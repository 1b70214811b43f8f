import type { WorldRecord } from "@doppelwerk/world";
import { z } from "zod";
import { expect, test } from "vitest";
import { documentChange, documentFaults, readDocument } from "./kind-documents.ts";
import type { KindDeclaration } from "./feature.ts";

const limit = {
  id: "test.limit",
  record: "testLimit",
  version: 2,
  schema: z.object({ high: z.number(), unit: z.string().optional() }),
  upcast: { 1: ({ max, ...rest }: { readonly max: number }) => ({ ...rest, high: max }) },
} satisfies KindDeclaration;
const record = (fields: object): WorldRecord => ({ id: "testLimit:1", kind: "testLimit", ...fields });

test("[K6] an older document is read by the steps between; a newer one, and one that does not fit, is not read", () => {
  expect(readDocument(limit, record({ version: 2, high: 5 }))).toEqual({ high: 5 });
  expect(readDocument(limit, record({ max: 4, unit: "bar" }))).toEqual({ high: 4, unit: "bar" });
  expect(readDocument(limit, record({ version: 3, high: 5 }))).toBeUndefined();
  expect(readDocument(limit, record({ version: 2, high: "5" }))).toBeUndefined();
  expect(documentFaults(limit, record({ version: 2, high: 5 }))).toEqual([]);
  expect(documentFaults(limit, record({ version: 3, high: 5 }))[0]).toMatchObject({ code: "messages.kindNewer" });
  expect(documentFaults(limit, record({ version: 2, high: "5" }))[0]).toMatchObject({ params: { path: "high" } });
});

test("[K6] what is stored are the fields that are different; those that the kind does not know stay", () => {
  expect(documentChange(limit, "testLimit:1", undefined, { high: 5 })).toEqual({ op: "create", record: record({ version: 2, high: 5 }) });
  const before = record({ version: 2, high: 5, unit: "bar", later: "kept" });
  expect(documentChange(limit, "testLimit:1", before, { high: 5, unit: "bar" })).toBeUndefined();
  expect(documentChange(limit, "testLimit:1", before, { high: 6 })).toEqual({
    op: "update",
    id: "testLimit:1",
    fields: { high: { from: 5, to: 6 }, unit: { from: "bar", to: undefined } },
  });
  expect(documentChange(limit, "testLimit:1", record({ max: 4 }), { high: 4 })).toMatchObject({
    fields: { version: { from: undefined, to: 2 }, high: { from: undefined, to: 4 } },
  });
});
