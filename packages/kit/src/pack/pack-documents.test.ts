import type { Change } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { featureOfPack } from "./feature-of-pack.ts";
import { packDocuments } from "./pack-documents.ts";
import { readPackManifest } from "./pack-manifest.ts";

const manifestOf = (version: number, upcast: object) =>
  readPackManifest(
    {
      name: "brewery",
      version: "0.2.0",
      doppelwerk: {
        api: "^1",
        permissions: ["read", "edit"],
        contributes: { features: [{ id: "brewery", kinds: [{ id: "brewery.tank", version, schema: { type: "object" }, upcast }] }] },
      },
    },
    () => true,
  );
const steps = {
  1: [
    { do: "rename", field: "litres", to: "volume" },
    { do: "scale", field: "volume", by: 0.01 },
    { do: "set", field: "role", value: "fermenter" },
  ],
  2: [
    { do: "map", field: "role", values: { fermenter: "FV", mash: "MT" } },
    { do: "remove", field: "colour" },
  ],
};
const documents = packDocuments(manifestOf(3, steps).manifest!.features.flatMap((feature) => featureOfPack(feature).kinds));
const first = { id: "brewery.tank:1", kind: "brewery.tank", name: "T1", litres: 2_000, colour: "red" };

test("[PK91] a document of an older version is read as the manifest has its kind; one of a newer version is not, and others are as they are", () => {
  expect(documents.read(first)).toEqual({ id: "brewery.tank:1", kind: "brewery.tank", version: 3, name: "T1", volume: 20, role: "FV" });
  expect(documents.read({ ...first, version: 2, role: "mash" })).toMatchObject({ version: 3, litres: 2_000, role: "MT" });
  expect(documents.read({ ...first, version: 4 })).toBeUndefined();
  const other = { id: "signal:1", kind: "signal" };
  expect(documents.read(other)).toBe(other);
});

test("[PK91] an edit of a document of an older version stores it whole in the present one; an edit of what was another value stays a conflict", () => {
  const get = () => first;
  const edit = (fields: Extract<Change, { op: "update" }>["fields"]) => documents.write({ op: "update", id: first.id, fields }, get);
  expect(edit({ volume: { from: 20, to: 25 } })).toEqual({
    op: "update",
    id: first.id,
    fields: {
      litres: { from: 2_000, to: undefined },
      colour: { from: "red", to: undefined },
      volume: { from: undefined, to: 25 },
      role: { from: undefined, to: "FV" },
      version: { from: undefined, to: 3 },
    },
  });
  expect(edit({ volume: { from: 19, to: 25 } })).toMatchObject({ fields: { volume: { from: 19, to: 25 } } });
  expect(documents.write({ op: "delete", record: documents.read(first)! }, get)).toEqual({ op: "delete", record: first });
  expect(documents.write({ op: "create", record: { id: "brewery.tank:2", kind: "brewery.tank" } }, get)).toMatchObject({
    record: { version: 3 },
  });
});

test("[PK91] a kind of a later version without steps from each one before is refused", () => {
  expect(manifestOf(3, { 2: [] }).faults).toEqual([expect.objectContaining({ code: "packs.kindStepMissing" })]);
  expect(manifestOf(1, { 1: [{ do: "guess", field: "x" }] }).faults).toHaveLength(1);
});
