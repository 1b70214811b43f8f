import type { Submodel, SubmodelElement } from "@doppelwerk/aas";
import { shiftPlans, timeZone, type CalendarAnchor, type ShiftPlan } from "../clock/calendar.ts";
import type { UnitId } from "../signals/unit.ts";
import { flowTable, logisticsTable, productTable, type TableProduct } from "../truth/plant-table.ts";
import { collection, decimal, externalReference, languages, list, reference, shellReference, text, whole } from "./element.ts";

/** Conveyors run at 0.4 m/s; engineering's figure, as good as any of its others. */
const conveyorMps = 0.4;

/** What engineering says of a line as a whole. */
export interface LinePlan {
  readonly taktS: number;
  readonly constraint: string;
  readonly carriers?: { readonly count: number; readonly from: string; readonly to: string };
  readonly directOperators: number;
  readonly technicians: number;
  readonly stations: readonly string[];
  readonly flows: readonly { readonly from: string; readonly to: string; readonly kind: string; readonly lengthM: number }[];
  readonly products: readonly TableProduct[];
  readonly shifts: readonly ShiftPlan[];
  readonly timeZone: string;
  readonly logistics?: readonly SubmodelElement[];
}

/** The plan of Line 3, or of its units that are there. */
export function line3Plan(units: readonly UnitId[], anchor: CalendarAnchor): LinePlan {
  const present = (unit: string) => (units as readonly string[]).includes(unit);
  const { carrierFrom, carrierTo } = logisticsTable;
  return {
    taktS: logisticsTable.taktS,
    constraint: logisticsTable.constraint,
    carriers: { count: logisticsTable.carriers, from: present(carrierFrom) ? carrierFrom : units[0]!, to: carrierTo },
    directOperators: logisticsTable.directOperators,
    technicians: logisticsTable.technicians,
    stations: units,
    flows: [...(units.length < 16 ? chain(units) : []), ...flowTable.filter((flow) => present(flow.from) && present(flow.to))],
    products: productTable,
    shifts: shiftPlans(anchor),
    timeZone: timeZone(anchor),
    ...(present(logisticsTable.station)
      ? {
          logistics: [
            whole("NumberOfAgvs", logisticsTable.vehicles),
            decimal("Speed", logisticsTable.speedMps),
            whole("KitsPerTrip", logisticsTable.kitsPerTrip),
            decimal("BatteryHours", logisticsTable.batteryHours),
            text("Station", logisticsTable.station),
          ],
        }
      : {}),
  };
}

/** `ProductionLine` of docs/guide/engineering-file.md. */
export function productionLine(id: string, plan: LinePlan, shellIdOf: (station: string) => string): Submodel {
  const { carriers, logistics } = plan;
  return {
    modelType: "Submodel",
    idShort: "ProductionLine",
    id,
    semanticId: externalReference("urn:doppelwerk:submodel:production-line:1:0"),
    submodelElements: [
      decimal("Takt", plan.taktS),
      text("ConstraintStation", plan.constraint),
      ...(carriers ? [whole("NumberOfCarriers", carriers.count), text("CarrierFrom", carriers.from), text("CarrierTo", carriers.to)] : []),
      whole("DirectOperators", plan.directOperators),
      whole("MaintenanceTechnicians", plan.technicians),
      list(
        "Stations",
        plan.stations.map((station) => [text("Station", station), reference("Shell", shellReference(shellIdOf(station)))]),
      ),
      list(
        "Flows",
        plan.flows.map((flow) => [
          text("From", flow.from),
          text("To", flow.to),
          text("Kind", flow.kind),
          decimal("TravelTime", Number((flow.lengthM / conveyorMps).toFixed(1))),
          decimal("Length", flow.lengthM),
        ]),
      ),
      list(
        "Products",
        plan.products.map((product) => [
          text("Id", product.id),
          { ...text("Family", product.family), displayName: languages("Family", "产品族") },
          { ...text("CartonFamily", product.cartonFamily), displayName: languages("Carton", "纸箱") },
          decimal("Share", product.share),
          whole("BatchMin", product.batchMin),
          whole("BatchMax", product.batchMax),
        ]),
      ),
      list(
        "Shifts",
        plan.shifts.map((shift) => [
          text("Name", shift.name),
          text("Start", shift.start),
          text("End", shift.end),
          text("Days", shift.days),
          text("Breaks", shift.breaks),
        ]),
      ),
      text("TimeZone", plan.timeZone),
      // dryers look the same
      text("ProductShape", "washing-machine"),
      ...(logistics ? [collection("Logistics", logistics)] : []),
    ],
  };
}

/** The small plant is a chain of its units. */
function chain(
  units: readonly UnitId[],
): { readonly from: UnitId; readonly to: UnitId; readonly kind: "main"; readonly lengthM: number }[] {
  return units
    .slice(1)
    .flatMap((to, index) =>
      flowTable.some((flow) => flow.from === units[index] && flow.to === to) ? [] : [{ from: units[index]!, to, kind: "main", lengthM: 8 }],
    );
}
