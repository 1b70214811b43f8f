import type { SubmodelElement } from "@doppelwerk/aas";
import { message, type Message } from "@doppelwerk/messages";
import { collection, list, property } from "../element.ts";
import { plainName } from "./find-flow.ts";
import type { LoggedTimes } from "./offered.ts";

const MAX_RESOURCES = 50;

/** The times of the activity that an asset is named after, in its source or in the documents. */
export function timesOf(names: readonly string[], times: readonly LoggedTimes[] | undefined): LoggedTimes | undefined {
  const wanted = new Set(names.map(plainName));
  return times?.find(({ activity }) => wanted.has(plainName(activity)));
}

/** More units at once than this are a queue, not places. */
const MAX_LIKELY_PLACES = 10;
/** Waiting may be most of what lies between two rows of a log. */
const BOUND_CONFIDENCE = 0.5;
const MEASURED_CONFIDENCE = 0.9;

/** False where the time includes waiting and is longer than any likely number of places allows at the pace at which units come out. */
export function isPlausible({ isBound, meanS, intervalS }: LoggedTimes): boolean {
  return !isBound || intervalS === undefined || intervalS <= 0 || meanS <= MAX_LIKELY_PLACES * intervalS;
}

/** How sure it is that they are times of work, 0–1. */
export function timesConfidence({ isBound }: LoggedTimes): number {
  return isBound ? BOUND_CONFIDENCE : MEASURED_CONFIDENCE;
}

/** Of a time that is left empty, for the findings of a proposal: what it would have been, and the pace of the station. */
export function implausibleTime({ meanS, intervalS = 0 }: LoggedTimes, idShort: string): string {
  return `${idShort} (${shownTime(meanS)} > ${MAX_LIKELY_PLACES} × ${shownTime(intervalS)})`;
}

/**
 * What the submodel `Station` holds of them (docs/guide/engineering-file.md). A guess is marked with how sure it is; what cannot be is left empty, and how
 * often the station was visited stays.
 */
export function stationElements(times: LoggedTimes): readonly SubmodelElement[] {
  const { n, meanS, valuesS, places, isBound, resources } = times;
  if (!isPlausible(times))
    return [
      collection("LoggedTimes", [property("Visits", "xs:int", String(n)), property("WaitingIncluded", "xs:boolean", String(isBound))]),
    ];
  return [
    property("NumberOfPlaces", "xs:int", String(places)),
    marked(times, "LoggedTimes", [
      property("Visits", "xs:int", String(n)),
      property("Mean", "xs:double", String(seconds(meanS))),
      property("Values", "xs:string", valuesS.map(seconds).join(" ")),
      property("WaitingIncluded", "xs:boolean", String(isBound)),
      ...(resources.length === 0
        ? []
        : [
            list(
              "Resources",
              resources
                .slice(0, MAX_RESOURCES)
                .map((each) => [
                  property("Resource", "xs:string", each.resource.slice(0, 200)),
                  property("Visits", "xs:int", String(each.n)),
                  property("Mean", "xs:double", String(seconds(each.meanS))),
                  property("Pooled", "xs:boolean", String(each.pooled)),
                ]),
            ),
          ]),
    ]),
  ];
}

function marked(times: LoggedTimes, idShort: string, value: readonly SubmodelElement[]): SubmodelElement {
  const whole = collection(idShort, value);
  if (!times.isBound) return whole;
  return {
    ...whole,
    qualifiers: [
      { kind: "ValueQualifier", type: "Estimated", valueType: "xs:boolean", value: "true" },
      { kind: "ValueQualifier", type: "Confidence", valueType: "xs:double", value: String(timesConfidence(times)) },
    ],
  };
}

/** Why a station has them, for the evidence of the proposal. */
export function timesReason({ n, meanS, places, isBound, resources }: LoggedTimes): Message {
  const facts = {
    visits: n,
    mean: shownTime(meanS),
    places,
    resources: resources.length,
    pooled: resources.filter(({ pooled }) => pooled).length,
  };
  return isBound ? message("operations.proposal.loggedTimesBound", facts) : message("operations.proposal.loggedTimes", facts);
}

/** Four digits are more than any log knows. */
function seconds(value: number): number {
  return Number(value.toPrecision(4));
}

function shownTime(s: number): string {
  const [value, unit] = s >= 5_400 ? [s / 3_600, "h"] : s >= 90 ? [s / 60, "min"] : [s, "s"];
  return `${Number(value.toPrecision(3))} ${unit}`;
}
