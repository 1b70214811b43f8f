import { message } from "@doppelwerk/messages";
import type { ClassRow } from "../class-table.ts";
import type { DataSpecificationIec61360, EmbeddedDataSpecification, LangString } from "../metamodel.ts";
import type { ReportFinding } from "./constraints.ts";
import type { Instance } from "./read-instance.ts";

const DATA_TYPES_BY_CATEGORY: Readonly<Record<string, readonly [string, ReadonlySet<string>]>> = {
  PROPERTY: ["AASc-3a-004", propertyTypes()],
  VALUE: ["AASc-3a-004", propertyTypes()],
  REFERENCE: ["AASc-3a-005", new Set(["STRING", "IRI", "IRDI"])],
  DOCUMENT: ["AASc-3a-006", new Set(["FILE", "BLOB", "HTML"])],
};

const NEEDS_UNIT = new Set(["INTEGER_MEASURE", "REAL_MEASURE", "RATIONAL_MEASURE", "INTEGER_CURRENCY", "REAL_CURRENCY"]);

/** Releases up to 3.0 wrote the template's IRI in several ways; all of them are in files on the market. */
const TEMPLATE = /^https?:\/\/admin-?shell\.io\/(aas|DataSpecificationTemplates\/DataSpecificationI(ec|EC)61360)(\/|$)/;

/**
 * The constraints of IDTA-01003-a. AASc-3a-003 needs to know who refers to the concept: value-ids.ts.
 * AASc-3a-050 is a warning: too many published dictionaries name another IRI.
 */
export function checkDataSpecifications(row: ClassRow, instance: Instance, reportFinding: ReportFinding, warn: ReportFinding): void {
  (instance.embeddedDataSpecifications as EmbeddedDataSpecification[]).forEach((embedded, index) => {
    const at = `.embeddedDataSpecifications[${index}]`;
    const content = embedded.dataSpecificationContent;
    if (!TEMPLATE.test(embedded.dataSpecification.keys[0]!.value)) {
      warn("AASc-3a-050", message("aas.contentWithoutTemplate"), `${at}.dataSpecification`);
    }
    const below = `${at}.dataSpecificationContent`;
    checkContent(content, below, reportFinding);
    if (row.name === "ConceptDescription") checkOfConcept(content, instance.category as string | undefined, below, reportFinding);
  });
}

function checkContent(content: DataSpecificationIec61360, at: string, reportFinding: ReportFinding): void {
  if (!hasEnglish(content.preferredName)) reportFinding("AASc-3a-002", message("aas.preferredNameMustGivenAt"), `${at}.preferredName`);
  if (content.dataType !== undefined && NEEDS_UNIT.has(content.dataType) && content.unit === undefined && content.unitId === undefined) {
    reportFinding("AASc-3a-009", message("aas.dataTypeNeedsUnitUnit", { dataType: content.dataType }), at);
  }
  if ((content.value === undefined) === (content.valueList === undefined)) {
    if (content.value !== undefined) reportFinding("AASc-3a-010", message("aas.valueValueListMustBoth"), at);
  }
}

function checkOfConcept(content: DataSpecificationIec61360, category: string | undefined, at: string, reportFinding: ReportFinding): void {
  if (content.value === undefined && !hasEnglish(content.definition)) {
    reportFinding("AASc-3a-008", message("aas.definitionMustGivenAtLeast"), `${at}.definition`);
  }
  if (category === "QUALIFIER_TYPE" && content.dataType === undefined)
    reportFinding("AASc-3a-007", message("aas.qualifierTypeNeedsDataType"), at);
  const allowed =
    category === undefined || !Object.hasOwn(DATA_TYPES_BY_CATEGORY, category) ? undefined : DATA_TYPES_BY_CATEGORY[category]!;
  if (allowed !== undefined && !allowed[1].has(content.dataType ?? "")) {
    reportFinding(
      allowed[0],
      message("aas.dataTypeNotOfCategory", { dataType: content.dataType ?? "(none)", category: category! }),
      `${at}.dataType`,
    );
  }
}

function hasEnglish(texts: readonly LangString[] | undefined): boolean {
  return texts !== undefined && texts.some(({ language }) => /^en(-|$)/i.test(language));
}

function propertyTypes(): ReadonlySet<string> {
  const names =
    "DATE STRING STRING_TRANSLATABLE INTEGER_MEASURE INTEGER_COUNT INTEGER_CURRENCY REAL_MEASURE " +
    "REAL_COUNT REAL_CURRENCY BOOLEAN RATIONAL RATIONAL_MEASURE TIME TIMESTAMP";
  return new Set(names.split(" "));
}
