import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import { dirt } from "../signals/signal-list.ts";
import type { UnitId } from "../signals/unit.ts";
import { controllerStates, stateMeanings, vendorWordsOf, type ControllerState } from "../signals/vendor-states.ts";
import type { TableRow } from "../truth/plant-table.ts";
import { decimal, externalReference, list, text, truth, whole } from "./element.ts";
import type { LayoutEntry } from "../truth/layout.ts";

/** `Station` of docs/guide/engineering-file.md, from the nominal row. */
export function stationSubmodel(id: string, row: TableRow<string>, rejectTo: string | undefined): Submodel {
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

export interface StateWords {
  /** A word that several states share means what the first of them means, unless it is in `unclear`. */
  readonly words: Readonly<Record<ControllerState, number>>;
  readonly unclear?: number;
  readonly blockedBit: boolean;
  readonly starvedBit: boolean;
}

/** The mapping of a unit of Line 3. */
export function unitWords(unit: UnitId): StateWords {
  return { words: vendorWordsOf(unit), blockedBit: unit !== dirt.noBlockedBit, starvedBit: true };
}

/** P7: the maker's words as engineering understood them, and which bits the controller offers. */
export function stateMappingSubmodel(id: string, { words, unclear, blockedBit, starvedBit }: StateWords): Submodel {
  const states = controllerStates.filter((state, index) => controllerStates.findIndex((other) => words[other] === words[state]) === index);
  return {
    modelType: "Submodel",
    idShort: "StateMapping",
    id,
    semanticId: externalReference("urn:doppelwerk:submodel:state-mapping:1:0"),
    submodelElements: [
      whole("Version", 1),
      list(
        "Words",
        states.map((state) => [
          text("Word", String(words[state])),
          text("State", words[state] === unclear ? "idle" : stateMeanings[state][0]),
          text("Cause", words[state] === unclear ? "unknown" : stateMeanings[state][1]),
        ]),
      ),
      truth("BlockedBit", blockedBit),
      truth("StarvedBit", starvedBit),
      truth("Neighbours", true),
    ],
  };
}
