import { expect, test } from "vitest";
import { writeAasx } from "../aasx/write-aasx.ts";
import type { Environment } from "../metamodel.ts";
import { writeXml } from "../xml/write-xml.ts";
import { validateBytes, type KnownClass } from "./validate-bytes.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const good: Environment = { submodels: [{ modelType: "Submodel", id: "urn:sm" }] };
const bad: Environment = { submodels: [{ modelType: "Submodel", id: "urn:sm", idShort: "1" }] };

test("[A25] a file is judged by its content: AASX, XML, JSON, environments and bare instances", () => {
  for (const file of [writeAasx(good), writeAasx(good, new Map(), { format: "xml" }), bytes(writeXml(good)), bytes(JSON.stringify(good))])
    expect(validateBytes(file)).toEqual([]);
  for (const file of [writeAasx(bad), writeAasx(bad, new Map(), { format: "xml" }), bytes(writeXml(bad)), bytes(JSON.stringify(bad))])
    expect(validateBytes(file)).toMatchObject([{ constraint: "AASd-002" }]);
  expect(validateBytes(bytes('\ufeff{"type":"GlobalReference","value":"x"}'))).toEqual([]);
  expect(validateBytes(bytes('<key xmlns="https://admin-shell.io/aas/3/1"><type>Nothing</type><value>x</value></key>'))).toMatchObject([
    { path: "type" },
  ]);
  const utf16 = Uint8Array.from([0xff, 0xfe, ...[...JSON.stringify(good)].flatMap((character) => [character.charCodeAt(0), 0])]);
  expect(validateBytes(utf16)).toEqual([]);
  for (const junk of [new Uint8Array(), bytes("nonsense"), Uint8Array.of(0xff, 0x00, 0x12), bytes("PK\u0003")])
    expect(validateBytes(junk)).toMatchObject([{ severity: "error" }]);
});

test("[A6] an id that an earlier document has is a warning that names the first and says whether the contents differ", () => {
  const concept = (idShort: string) => ({ modelType: "ConceptDescription", id: "urn:cd", idShort }) as const;
  const file: Environment = {
    ...good,
    conceptDescriptions: [concept("First"), concept("First"), concept("Second"), { ...concept("First"), id: "urn:sm" }],
  };
  const kept = "that of conceptDescriptions[0] already";
  expect(validateBytes(bytes(JSON.stringify(file)))).toMatchObject([
    {
      path: "conceptDescriptions[1].id",
      severity: "warning",
      constraint: "id",
      message: expect.stringContaining(`${kept}, with the same content`),
    },
    { path: "conceptDescriptions[2].id", severity: "warning", message: expect.stringContaining(`${kept}, with other content`) },
    { path: "conceptDescriptions[3].id", severity: "warning", message: expect.stringMatching(/that of submodels\[0\] already\.$/) },
  ]);
});

test("[A25] a class that must be is asked of every format; a likely one only decides where the content leaves it open", () => {
  const told = (text: string, known: KnownClass) =>
    validateBytes(bytes(text), {}, known).map(({ constraint, severity }) => `${severity} ${constraint}`);
  expect(told("{}", {})).toEqual([]);
  expect(told("{}", { likely: "Extension" })).toEqual(["info class", "error required"]);
  expect(told('{"name":"x"}', { likely: "SpecificAssetId" })).toEqual(["info class", "error required"]);
  expect(told('{"surprise":1}', { likely: "Key" })).toEqual(["info class", "error additional", "error required"]);
  expect(told(JSON.stringify(good), { likely: "AssetAdministrationShell" })).toEqual([]);
  expect(told(JSON.stringify(good.submodels![0]), { likely: "Key" })).toEqual([]);
  expect(told(writeXml(good), { likely: "Key" })).toEqual([]);
  expect(told(writeXml(good), { is: "Environment" })).toEqual([]);
  expect(told(writeXml(good), { is: "Key" })).toEqual(["error structure"]);
  expect(validateBytes(writeAasx(good), {}, { is: "Key" })).toMatchObject([{ constraint: "structure" }]);
});
