import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import { dirt } from "../signals/signal-list.ts";
import type { UnitId } from "../signals/unit.ts";
import { controllerStates, stateMeanings, vendorWordsOf } from "../signals/vendor-states.ts";
import { flowTable, type TableRow } from "../truth/plant-table.ts";
import { decimal, externalReference, list, text, truth, whole } from "./element.ts";
import type { LayoutEntry } from "../truth/layout.ts";

/** `Station` of docs/guide/engineering-file.md, from the nominal row. */
export function stationSubmodel(id: string, row: TableRow): Submodel {
  const rejectTo = flowTable.find((flow) => flow.from === row.id && flow.kind === "reject")?.to;
  const elements: SubmodelElement[] = [
    whole("NumberOfPlaces", row.places),
    truth("PlacesFailAlone", row.placesFailAlone ?? false),
    decimal("IdealCycleTime", row.cycleS),
    list(
      "ProductCycleTimes",
      Object.entries(row.added ?? {}).map(([product, seconds]) => [text("Product", product), decimal("AddedTime", seconds)]),
    ),
    whole("BufferCapacity", row.buffer),
    whole("Operators", row.operators),
    ...(row.failure ? [decimal("MeanOperatingTimeBetweenFailures", row.failure[0]), decimal("MeanTimeToRepair", row.failure[1])] : []),
    ...(row.microStop ? [decimal("MicroStopInterval", row.microStop[0]), decimal("MicroStopDuration", row.microStop[1])] : []),
    list("SetUps", row.setUp ? [[text("Attribute", row.setUp.attribute), decimal("Duration", row.setUp.durationS)]] : []),
    ...(row.inspection
      ? [
          decimal("RejectRate", row.inspection.reject),
          decimal("RetestRejectRate", row.inspection.retestReject),
          whole("MaxTries", row.inspection.maxTries),
        ]
      : []),
    ...(rejectTo ? [text("RejectTo", rejectTo)] : []),
  ];
  return {
    modelType: "Submodel",
    idShort: "Station",
    id,
    semanticId: externalReference("urn:doppelwerk:submodel:station:1:0"),
    submodelElements: elements,
  };
}

export function layoutSubmodel(id: string, entry: LayoutEntry): Submodel {
  return {
    modelType: "Submodel",
    idShort: "Layout",
    id,
    semanticId: externalReference("urn:doppelwerk:submodel:layout:1:0"),
    submodelElements: [
      text("PartKind", entry.kind),
      decimal("PositionX", entry.x),
      decimal("PositionY", entry.y),
      decimal("Rotation", entry.rotation),
      ...(entry.length !== undefined ? [decimal("Length", entry.length)] : []),
      ...(entry.width !== undefined ? [decimal("Width", entry.width)] : []),
    ],
  };
}

/** P7: the maker's words as engineering understood them, and which bits the controller offers. */
export function stateMappingSubmodel(id: string, unit: UnitId): Submodel {
  const words = vendorWordsOf(unit);
  return {
    modelType: "Submodel",
    idShort: "StateMapping",
    id,
    semanticId: externalReference("urn:doppelwerk:submodel:state-mapping:1:0"),
    submodelElements: [
      whole("Version", 1),
      list(
        "Words",
        controllerStates.map((state) => [
          text("Word", String(words[state])),
          text("State", stateMeanings[state][0]),
          text("Cause", stateMeanings[state][1]),
        ]),
      ),
      truth("BlockedBit", unit !== dirt.noBlockedBit),
      truth("StarvedBit", true),
      truth("Neighbours", true),
    ],
  };
}
