/** A partial carbon footprint as it is written into an AAS. */
export interface PcfStatement {
  readonly id: string;
  /** kg CO2e for the quantity. */
  readonly kg: number;
  /** Pieces that it is of. */
  readonly quantity: number;
  /** RFC 3339. */
  readonly publishedAt: string;
  /** What it is of and what it leaves out. */
  readonly explanation: { readonly en: string; readonly zh: string };
  /** Factors and amounts, a line each. */
  readonly information: readonly string[];
}

const IDTA = "https://admin-shell.io/idta/CarbonFootprint";
const external = (value: string) => ({ type: "ExternalReference", keys: [{ type: "GlobalReference", value }] });

function property(idShort: string | undefined, valueType: string, value: string, semantic: string, valueId?: string) {
  return {
    modelType: "Property",
    ...(idShort !== undefined && { idShort }),
    valueType,
    value,
    semanticId: external(semantic),
    ...(valueId !== undefined && { valueId: external(valueId) }),
  };
}

function list(
  idShort: string,
  semantic: string,
  of: "Property" | "SubmodelElementCollection",
  itemSemantic: string,
  value: readonly object[],
) {
  return {
    modelType: "SubmodelElementList",
    idShort,
    semanticId: external(semantic),
    semanticIdListElement: external(itemSemantic),
    orderRelevant: true,
    typeValueListElement: of,
    ...(of === "Property" && { valueTypeListElement: "xs:string" }),
    value,
  };
}

const method = () =>
  list("PcfCalculationMethods", `${IDTA}/PcfCalculationMethods/1/0`, "Property", "0173-1#02-ABG854#003", [
    property(undefined, "xs:string", "ISO 14067", "0173-1#02-ABG854#003", "0173-1#07-ABU218#003"),
  ]);

/** The submodel Carbon Footprint of IDTA 02023-1-0: of production (A3) alone, of pieces, by ISO 14067 as a partial footprint. */
export function pcfSubmodel({ id, kg, quantity, publishedAt, explanation, information }: PcfStatement): object {
  const texts = Object.entries(explanation).map(([language, text]) => ({ language, text }));
  return {
    modelType: "Submodel",
    kind: "Instance",
    id,
    idShort: "CarbonFootprint",
    administration: { version: "1", revision: "0", templateId: "https://admin-shell.io/IDTA 02023-1-0" },
    semanticId: external(`${IDTA}/CarbonFootprint/1/0`),
    description: texts,
    submodelElements: [
      list(
        "ProductCarbonFootprints",
        `${IDTA}/ProductCarbonFootprints/1/0`,
        "SubmodelElementCollection",
        `${IDTA}/ProductCarbonFootprint/1/0`,
        [
          {
            modelType: "SubmodelElementCollection",
            semanticId: external(`${IDTA}/ProductCarbonFootprint/1/0`),
            description: texts,
            value: [
              method(),
              property("PcfCO2eq", "xs:decimal", decimalText(kg), "0173-1#02-ABG855#003"),
              property("ReferenceImpactUnitForCalculation", "xs:string", "piece", "0173-1#02-ABG856#003", "0173-1#07-ABZ603#003"),
              property("QuantityOfMeasureForCalculation", "xs:double", String(quantity), "0173-1#02-ABG857#003"),
              list("LifeCyclePhases", `${IDTA}/LifeCyclePhases/1/0`, "Property", "0173-1#02-ABG858#003", [
                property(undefined, "xs:string", "A3 - production", "0173-1#02-ABG858#003", "0173-1#07-ABU210#003"),
              ]),
              property("PublicationDate", "xs:dateTime", publishedAt, `${IDTA}/PublicationDate/1/0`),
            ],
          },
        ],
      ),
      list(
        "ProductOrSectorSpecificCarbonFootprints",
        `${IDTA}/ProductOrSectorSpecificCarbonFootprints/1/0`,
        "SubmodelElementCollection",
        `${IDTA}/ProductOrSectorSpecificCarbonFootprint/1/0`,
        [
          {
            modelType: "SubmodelElementCollection",
            semanticId: external(`${IDTA}/ProductOrSectorSpecificCarbonFootprint/1/0`),
            value: [
              method(),
              {
                modelType: "SubmodelElementCollection",
                idShort: "ProductOrSectorSpecificRule",
                semanticId: external(`${IDTA}/ProductOrSectorSpecificRule/1/0`),
                value: [
                  property("PcfRuleOperator", "xs:string", "Doppelwerk", `${IDTA}/ProductOrSectorSpecificRule/Operator/1/0`),
                  property("PcfRuleName", "xs:string", "partial, gate to gate", `${IDTA}/ProductOrSectorSpecificRule/Name/1/0`),
                ],
              },
              {
                modelType: "SubmodelElementCollection",
                idShort: "PcfInformation",
                semanticId: external(`${IDTA}/PcfInformation/1/0`),
                value: information.map((text, at) =>
                  property(`Factor${String(at + 1).padStart(2, "0")}`, "xs:string", text, "https://admin-shell.io/SMT/General/Arbitrary"),
                ),
              },
            ],
          },
        ],
      ),
    ],
  };
}

/** xs:decimal has no exponent. */
export function decimalText(value: number): string {
  return value.toFixed(9).replace(/\.?0+$/, "");
}
