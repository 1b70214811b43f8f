import type { Submodel } from "@doppelwerk/aas";
import { shiftPlans, timeZone, type CalendarAnchor } from "../clock/calendar.ts";
import type { UnitId } from "../signals/unit.ts";
import { flowTable, logisticsTable, productTable } from "../truth/plant-table.ts";
import { collection, decimal, externalReference, list, reference, shellReference, text, whole } from "./element.ts";

/** Conveyors run at 0.4 m/s; engineering's figure, as good as any of its others. */
const conveyorMps = 0.4;

/** `ProductionLine` of docs/guide/engineering-file.md. */
export function productionLine(
  id: string,
  units: readonly UnitId[],
  anchor: CalendarAnchor,
  shellIdOf: (unit: string) => string,
): Submodel {
  const present = (unit: string) => (units as readonly string[]).includes(unit);
  const flows = flowTable.filter((flow) => present(flow.from) && present(flow.to));
  const bridged = units.length < 16 ? chain(units) : [];
  return {
    modelType: "Submodel",
    idShort: "ProductionLine",
    id,
    semanticId: externalReference("urn:doppelwerk:submodel:production-line:1:0"),
    submodelElements: [
      decimal("Takt", logisticsTable.taktS),
      text("ConstraintStation", logisticsTable.constraint),
      whole("NumberOfCarriers", logisticsTable.carriers),
      text("CarrierFrom", present(logisticsTable.carrierFrom) ? logisticsTable.carrierFrom : units[0]!),
      text("CarrierTo", logisticsTable.carrierTo),
      whole("DirectOperators", logisticsTable.directOperators),
      whole("MaintenanceTechnicians", logisticsTable.technicians),
      list(
        "Stations",
        units.map((unit) => [text("Station", unit), reference("Shell", shellReference(shellIdOf(unit)))]),
      ),
      list(
        "Flows",
        [...bridged, ...flows].map((flow) => [
          text("From", flow.from),
          text("To", flow.to),
          text("Kind", flow.kind),
          decimal("TravelTime", Number((flow.lengthM / conveyorMps).toFixed(1))),
          decimal("Length", flow.lengthM),
        ]),
      ),
      list(
        "Products",
        productTable.map((product) => [
          text("Id", product.id),
          text("Family", product.family),
          text("CartonFamily", product.cartonFamily),
          decimal("Share", product.share),
          whole("BatchMin", product.batchMin),
          whole("BatchMax", product.batchMax),
        ]),
      ),
      list(
        "Shifts",
        shiftPlans(anchor).map((shift) => [
          text("Name", shift.name),
          text("Start", shift.start),
          text("End", shift.end),
          text("Days", shift.days),
          text("Breaks", shift.breaks),
        ]),
      ),
      text("TimeZone", timeZone(anchor)),
      ...(present(logisticsTable.station)
        ? [
            collection("Logistics", [
              whole("NumberOfAgvs", logisticsTable.vehicles),
              decimal("Speed", logisticsTable.speedMps),
              whole("KitsPerTrip", logisticsTable.kitsPerTrip),
              decimal("BatteryHours", logisticsTable.batteryHours),
              text("Station", logisticsTable.station),
            ]),
          ]
        : []),
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
