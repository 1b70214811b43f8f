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

/** What the submodel `Station` holds of them (docs/guide/engineering-file.md). */
export function stationElements({ n, meanS, valuesS, places, isBound, resources }: LoggedTimes): readonly SubmodelElement[] {
  return [
    property("NumberOfPlaces", "xs:int", String(places)),
    collection("LoggedTimes", [
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
