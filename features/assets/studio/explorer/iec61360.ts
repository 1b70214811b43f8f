import type { ConceptDescription, DataSpecificationIec61360 } from "@doppelwerk/aas";
import { withoutEmpty } from "./without-empty.ts";

/** Units that are offered; any other can be written. */
export const UNITS =
  "mm m m² m³ l kg g s min h ms °C K % V A mA W kW kWh VA Hz kHz 1/min N kN N·m bar mbar Pa kPa l/min m³/h m/s m/s² rad ° Ω dB lx mol EUR".split(
    " ",
  );

export const DATA_TYPES = [
  "STRING",
  "STRING_TRANSLATABLE",
  "BOOLEAN",
  "INTEGER_COUNT",
  "INTEGER_MEASURE",
  "INTEGER_CURRENCY",
  "REAL_COUNT",
  "REAL_MEASURE",
  "REAL_CURRENCY",
  "RATIONAL",
  "RATIONAL_MEASURE",
  "DATE",
  "TIME",
  "TIMESTAMP",
  "IRI",
  "IRDI",
  "FILE",
  "HTML",
  "BLOB",
] as const;

const SPECIFICATION = "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3";

/** What the first data specification says; an empty one where there is none. */
export function contentOf({ embeddedDataSpecifications: [first] = [] }: ConceptDescription): DataSpecificationIec61360 {
  return first?.dataSpecificationContent ?? { modelType: "DataSpecificationIec61360", preferredName: [{ language: "en", text: "" }] };
}

/** With this as its first data specification; others stay. */
export function withContent(concept: ConceptDescription, content: DataSpecificationIec61360): ConceptDescription {
  const [first, ...others] = concept.embeddedDataSpecifications ?? [];
  const dataSpecification = first?.dataSpecification ?? {
    type: "ExternalReference",
    keys: [{ type: "GlobalReference", value: SPECIFICATION }],
  };
  const dataSpecificationContent = withoutEmpty(content) as DataSpecificationIec61360;
  return { ...concept, embeddedDataSpecifications: [{ dataSpecification, dataSpecificationContent }, ...others] };
}
