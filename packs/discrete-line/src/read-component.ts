import { numberOf, recordOfAasId } from "@doppelwerk/kit";
import type { ElementRecord, Json, RecordId, RecordReader, SubmodelRecord } from "@doppelwerk/kit";
import { localText, readPlantElements, type PlantReader } from "./element-reader.ts";
import type { PlantComponent, PlantResource, PlantValue } from "./plant.ts";

/** Submodels inside submodels that are followed. */
const MAX_DEPTH = 12;

/** `SimulationComponent` and `ComponentParameters` of a submodel `Station`; undefined where it names none. */
export function readComponent(reader: RecordReader, elements: PlantReader): PlantComponent | undefined {
  const root = elements.submodel.id;
  const id = elements.text(root, "SimulationComponent");
  if (id === undefined) return undefined;
  const given = elements.items(root, "ComponentParameters");
  const parameters = Object.fromEntries(given.flatMap((item) => named(item, jsonOf(reader, elements, item, 0))));
  const list = elements.child(root, "ComponentParameters");
  const numbers = Object.fromEntries(
    given.flatMap(({ idShort }): [string, PlantValue][] => {
      const value = idShort === undefined || list === undefined ? undefined : elements.value(list.id, idShort);
      return value === undefined || typeof parameters[idShort!] !== "number" ? [] : [[idShort!, value]];
    }),
  );
  return { id, parameters, numbers };
}

/** `Resources` of a submodel `ProductionLine`. */
export function readResources(elements: PlantReader): readonly PlantResource[] {
  return elements.items(elements.submodel.id, "Resources").flatMap((item) => {
    const id = elements.text(item.id, "Resource");
    const count = elements.value(item.id, "Count");
    if (id === undefined || count === undefined || count.value < 0) return [];
    return [{ id, title: localText(elements.child(item.id, "Title")?.value, id), count }];
  });
}

function named(item: ElementRecord, value: Json | undefined): [string, Json][] {
  return item.idShort === undefined || item.idShort === "" || value === undefined ? [] : [[item.idShort, value]];
}

/** An element as plain data: a list as a list, a collection as an object, a reference to a submodel as what stands in it. */
function jsonOf(reader: RecordReader, elements: PlantReader, element: ElementRecord, depth: number): Json | undefined {
  const { modelType } = element;
  if (modelType === "SubmodelElementList")
    return inside(elements, element.id).flatMap((item) => jsonOf(reader, elements, item, depth) ?? []);
  if (modelType === "SubmodelElementCollection") return objectOf(reader, elements, element.id, depth);
  if (modelType === "ReferenceElement") return submodelOf(reader, element, depth);
  if (modelType === "MultiLanguageProperty") return { ...localText(element.value, "") };
  return modelType === "Property" && typeof element.value === "string" ? valueOf(element, element.value) : undefined;
}

const inside = (elements: PlantReader, parent: RecordId): readonly ElementRecord[] => elements.children(parent);

function objectOf(reader: RecordReader, elements: PlantReader, parent: RecordId, depth: number): Json {
  return Object.fromEntries(inside(elements, parent).flatMap((item) => named(item, jsonOf(reader, elements, item, depth))));
}

function submodelOf(reader: RecordReader, { value }: ElementRecord, depth: number): Json | undefined {
  const aasId = (value as { readonly keys?: readonly { readonly value: string }[] } | undefined)?.keys?.at(-1)?.value;
  const submodel = aasId === undefined ? undefined : (recordOfAasId(reader, "submodel", aasId) as SubmodelRecord | undefined);
  if (submodel === undefined || depth >= MAX_DEPTH) return undefined;
  return objectOf(reader, readPlantElements(reader, submodel), submodel.id, depth + 1);
}

const TRUTHS: Readonly<Record<string, boolean>> = { true: true, "1": true, false: false, "0": false };

function valueOf({ body }: ElementRecord, text: string): Json {
  const valueType = String(body["valueType"] ?? "xs:string");
  if (valueType === "xs:boolean") return TRUTHS[text] ?? text;
  if (/^xs:(string|anyURI|date|dateTime|time|duration)$/.test(valueType)) return text;
  return numberOf(text) ?? text;
}
