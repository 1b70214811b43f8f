import type { ConceptDescription, Submodel, SubmodelElement } from "@doppelwerk/aas";
import { externalReference, languages } from "./element.ts";

/** What the properties of engineering mean: name in both languages and the unit, by idShort. Counts have no unit. */
const concepts: Readonly<Record<string, readonly [en: string, zh: string, unit: string]>> = {
  PlacesFailAlone: ["Places fail alone", "各工位独立故障", ""],
  IdealCycleTime: ["Ideal cycle time", "理想节拍", "s"],
  AddedTime: ["Added time", "附加时间", "s"],
  MeanOperatingTimeBetweenFailures: ["Mean operating time between failures", "平均故障间隔运行时间", "min"],
  MeanTimeToRepair: ["Mean time to repair", "平均修复时间", "min"],
  MicroStopInterval: ["Micro-stop interval", "短停间隔", "min"],
  MicroStopDuration: ["Micro-stop duration", "短停时长", "s"],
  Time: ["Time", "时间", "s"],
  Duration: ["Duration", "时长", "s"],
  PositionX: ["Position X", "位置 X", "m"],
  PositionY: ["Position Y", "位置 Y", "m"],
  Rotation: ["Rotation", "旋转", "deg"],
  Length: ["Length", "长度", "m"],
  Width: ["Width", "宽度", "m"],
  Takt: ["Takt", "节拍", "s"],
  TravelTime: ["Travel time", "输送时间", "s"],
  Speed: ["Speed", "速度", "m/s"],
  BatteryHours: ["Battery life", "电池续航", "h"],
};
/** The submodels that engineering wrote itself; others have the concepts of their templates. */
const own = new Set(["Station", "Layout", "ProductionLine", "WorkElements"]);
const conceptId = (idShort: string) => `urn:doppelwerk:concept:${idShort}:1:0`;

/** The same submodels, whose properties name what they mean. */
export function withConcepts(submodels: readonly Submodel[]): readonly Submodel[] {
  return submodels.map((submodel) =>
    own.has(submodel.idShort ?? "") && submodel.submodelElements
      ? { ...submodel, submodelElements: submodel.submodelElements.map(meant) }
      : submodel,
  );
}

function meant(element: SubmodelElement): SubmodelElement {
  if ((element.modelType === "SubmodelElementCollection" || element.modelType === "SubmodelElementList") && element.value)
    return { ...element, value: element.value.map(meant) };
  const { idShort } = element;
  return element.modelType === "Property" && idShort !== undefined && idShort in concepts
    ? { ...element, semanticId: externalReference(conceptId(idShort)) }
    : element;
}

/** One concept description a property, in the form of IEC 61360. */
export function conceptDescriptions(): readonly ConceptDescription[] {
  return Object.entries(concepts).map(([idShort, [en, zh, unit]]) => ({
    modelType: "ConceptDescription",
    idShort,
    id: conceptId(idShort),
    embeddedDataSpecifications: [
      {
        dataSpecification: externalReference("https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3"),
        dataSpecificationContent: {
          modelType: "DataSpecificationIec61360",
          preferredName: languages(en, zh),
          definition: languages(en, zh),
          ...(unit === "" ? {} : { unit }),
        },
      },
    ],
  }));
}
