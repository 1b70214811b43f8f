import type { Submodel } from "@doppelwerk/aas";
import { decimal, externalReference, list, property, text } from "./element.ts";

/** What a kilowatt-hour and a rejected appliance cost, from a day on. */
const PRICES = [
  { from: "2025-01-01", energy: 0.24, scrap: 84 },
  { from: "2026-01-01", energy: 0.21, scrap: 88 },
] as const;

/** Prices of the site; they hold for everything in it. */
export function prices(id: string): Submodel {
  return {
    modelType: "Submodel",
    idShort: "Prices",
    id,
    semanticId: externalReference("urn:doppelwerk:submodel:prices:1:0"),
    submodelElements: [
      text("Currency", "EUR"),
      list(
        "Prices",
        PRICES.map(({ from, energy, scrap }) => [
          property("ValidFrom", "xs:date", from),
          decimal("EnergyPerKWh", energy),
          decimal("ScrapPerPart", scrap),
        ]),
      ),
    ],
  };
}
