import { readFileSync } from "node:fs";
import type { LogEntry, RecordReader } from "@doppelwerk/world";
import { expect, test } from "vitest";
import { isDescription, writtenWhy } from "./given-reason.ts";

const NAMES = ["addition", "attributes", "change", "creation", "deletion", "end", "installation", "move", "picture", "renaming", "repair"];
const FILES = ["en", "zh"].map((language) => new URL(`../../assets/words/${language}.json`, import.meta.url));

test("[CH12] what the studio itself writes of an edit is no reason, in either language; what a person writes is one", () => {
  for (const file of FILES) {
    const words = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
    for (const name of [...NAMES, "restoration", "takenOut", "upload"]) {
      const text = words[`assets.explorer.${name}Of`]!.replaceAll(/\{\w+\}/g, "S090/Places");
      expect([text, isDescription(text, [])]).toEqual([text, true]);
    }
  }
  const lines = [{ before: "6", after: "7" }];
  expect(isDescription("S090 Places 6 → 7", lines)).toBe(true);
  expect(isDescription("S090 Places 6 → 8", lines)).toBe(false);
  expect(isDescription("seal was worn", lines)).toBe(false);
});

test("[CH12] of a proposal and a merge the text of the request is the reason, of a comment the comment", () => {
  const request = { id: "mergeRequest:1", kind: "mergeRequest", text: " S090 blocks " };
  const reader = { get: (id: string) => (id === request.id ? request : undefined) } as unknown as RecordReader;
  const created = (record: object) => ({ changes: [{ op: "create", record }] }) as unknown as LogEntry;
  expect(writtenWhy(reader, created(request))).toBe("S090 blocks");
  expect(writtenWhy(reader, created({ id: "comment:1", kind: "comment", text: "why two?" }))).toBe("why two?");
  expect(writtenWhy(reader, created({ ...request, text: "" }))).toBeUndefined();
  const merge = { source: "branch:a", sourceRevision: 3, request: request.id };
  expect(writtenWhy(reader, { changes: [], merge })).toBe("S090 blocks");
});
