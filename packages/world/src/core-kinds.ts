import type { WorldRecord } from "./record.ts";
import type { RecordKind } from "./world.ts";

/** The kinds every world knows. Packs and rooms add theirs; unknown kinds round-trip opaque. */
export const coreKinds: readonly RecordKind[] = [
  { kind: "shell", validate: strings("aasId"), indexes: { aasId: text("aasId"), idShort: text("idShort") } },
  {
    kind: "submodel",
    validate: strings("aasId"),
    indexes: { aasId: text("aasId"), semanticId: text("semanticId"), idShort: text("idShort") },
  },
  {
    kind: "element",
    validate: strings("submodel", "parent", "order", "modelType"),
    indexes: { submodel: text("submodel"), parent: text("parent"), signal: text("signal") },
    plannedFields: ["value"],
  },
  { kind: "conceptDescription", validate: strings("aasId"), indexes: { aasId: text("aasId"), idShort: text("idShort") } },
  {
    kind: "signal",
    validate: strings("name", "valueType"),
    indexes: {
      connection: text("connection"),
      element: text("element"),
      shell: text("shell"),
      address: text("address"),
      role: text("role"),
    },
  },
  { kind: "connection", validate: strings("name", "protocol", "url") },
  {
    kind: "mergeRequest",
    validate: strings("branch", "title", "author", "diffHash", "status"),
    indexes: { branch: text("branch"), status: text("status") },
  },
  { kind: "comment", validate: strings("request", "author", "text"), indexes: { request: text("request") } },
  { kind: "alarmRule", indexes: { signal: text("signal"), shell: text("shell") } },
];

function text(field: string): (record: WorldRecord) => string | undefined {
  return (record) => {
    const value = record[field];
    return typeof value === "string" ? value : undefined;
  };
}

function strings(...fields: readonly string[]): (record: WorldRecord) => readonly string[] {
  return (record) => fields.filter((field) => typeof record[field] !== "string").map((field) => `the field ${field} must be a string`);
}
