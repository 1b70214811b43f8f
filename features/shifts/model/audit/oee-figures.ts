import { message } from "@doppelwerk/kit";
import type { LineDefinition, OeeResult } from "@doppelwerk/operations";
import { figure, signalsOf, term, type FigureOfShift } from "./figure-of-shift.ts";

const standard = "ISO 22400-2";

/** OEE of the constraint and everything that it is made of. */
export function oeeFigures(definition: LineDefinition, oee: OeeResult): readonly FigureOfShift[] {
  return [...ratios(oee), ...amounts(definition, oee)];
}

function ratios({ station, oee, availability, effectiveness, qualityRatio, findings, ...of }: OeeResult): readonly FigureOfShift[] {
  const ratio = (value: number | undefined) => ({ value, unit: "ratio", station });
  const actual = term("s", "actualProduction", of.actualProductionS, "time.working");
  return [
    figure(["oee", "oee.oee", "oee"], ratio(oee), {
      standard,
      operator: "product",
      terms: [
        term("ratio", "availability", availability, "oee.availability"),
        term("ratio", "effectiveness", effectiveness, "oee.effectiveness"),
        term("ratio", "qualityRatio", qualityRatio, "oee.qualityRatio"),
      ],
      notes: findings.map(({ kind, value }) => message("shifts.audit.finding", { kind, value })),
    }),
    figure(["oee", "oee.availability", "availability"], ratio(availability), {
      standard,
      operator: "quotient",
      terms: [actual, term("s", "plannedBusy", of.plannedBusyS, "oee.plannedBusy")],
      stations: [station],
    }),
    figure(["oee", "oee.effectiveness", "effectiveness"], ratio(effectiveness), {
      standard,
      operator: "quotient",
      terms: [term("s", "ideal", of.idealS, "oee.ideal"), actual],
    }),
    figure(["oee", "oee.qualityRatio", "qualityRatio"], ratio(qualityRatio), {
      standard,
      operator: "quotient",
      terms: [term("units", "goodAtStation", of.good, "oee.good"), term("units", "produced", of.produced, "oee.produced")],
    }),
  ];
}

function amounts({ stations }: LineDefinition, oee: OeeResult): readonly FigureOfShift[] {
  const { station, good, reworkedGood } = oee;
  const own = stations.find(({ id }) => id === station)!;
  const units = (value: number) => ({ value, unit: "units", station });
  return [
    figure(
      ["oee", "oee.ideal", "ideal"],
      { value: oee.idealS, unit: "s" },
      {
        standard,
        operator: "sum",
        terms: oee.products.map(({ product, produced, plannedRunTimePerItemS }) => ({
          title: message("shifts.audit.product", { product: product || "–", count: produced, seconds: plannedRunTimePerItemS }),
          value: produced * plannedRunTimePerItemS,
          unit: "s",
        })),
        signals: signalsOf(own, "Total", "Product"),
        notes: [message("shifts.audit.productSplit")],
      },
    ),
    figure(
      ["oee", "oee.goodIdeal", "goodIdeal"],
      { value: oee.products.reduce((sum, each) => sum + each.good * each.plannedRunTimePerItemS, 0), unit: "s" },
      {
        standard,
        operator: "sum",
        terms: oee.products.map(({ product, good: units, plannedRunTimePerItemS }) => ({
          title: message("shifts.audit.product", { product: product || "–", count: units, seconds: plannedRunTimePerItemS }),
          value: units * plannedRunTimePerItemS,
          unit: "s",
        })),
        signals: signalsOf(own, "Good", "Product", "PartOut"),
        notes: [message("shifts.audit.productSplit")],
      },
    ),
    figure(["oee", "oee.produced", "produced"], units(oee.produced), {
      standard,
      signals: own.signals.Total === undefined ? signalsOf(own, "Good", "Reject") : signalsOf(own, "Total"),
    }),
    figure(["oee", "oee.good", "goodAtStation"], units(good), {
      standard,
      operator: "difference",
      terms: [term("units", "countedGood", good + reworkedGood), term("units", "reworkedThere", reworkedGood)],
      signals: own.signals.Good === undefined ? signalsOf(own, "Total", "Reject", "PartOut") : signalsOf(own, "Good", "PartOut"),
    }),
    figure(["oee", "oee.plannedBusy", "plannedBusy"], { value: oee.plannedBusyS, unit: "s" }, { standard, isPlannedTime: true }),
  ];
}
