/** What repairs say, by code; {{1}}, {{2}} are values. A screen that speaks another language has a list of its own by the same codes. */
const REPAIR_SENTENCES = {
  renameInForm: "Rename {{1}} to {{2}} (letters, digits, hyphens and underscores).",
  renameApart: "Rename {{1}} to {{2}} (a name of its own).",
  setVersion: 'Set the version to "0".',
  coManaged: "Make the entity a CoManagedEntity.",
  withoutOwnSemanticId: "Leave out the element's own semantic id: it has that of the list.",
  withoutSemanticId: "Leave out the element's own semantic id.",
  withoutReservedName: "Leave out the specific asset id of the reserved name.",
  conceptQualifier: "Make the qualifier a ConceptQualifier.",
  withoutValue: "Leave out the single value: the value list stays.",
  withoutTwin: "Leave out the second: it says the same.",
  withoutOther: "Leave out the second, which says something else.",
  listOfText: "Declare that the list holds values of xs:string.",
  firstSupplemental: "Make the first supplemental semantic id the semantic id.",
  modelReference: "Make it a model reference: its keys say that it is one.",
  withoutControls: "Put U+FFFD in the place of characters that XML cannot hold.",
  withoutText: "Leave out the empty text.",
  withoutReference: "Leave out the reference: it refers to nothing.",
  unknownLanguage: 'Say that the language is not known ("und").',
  withoutContentType: "Leave out the content type.",
  withoutEmptyValue: "Leave out the empty value.",
  textValue: "Make the value a text (xs:string).",
  externalReference: "Make it an external reference: every key a global name.",
  nameElement: "Name the element {{1}}.",
  renameIt: "Rename it to {{1}}.",
  listOf: "Declare that the list holds {{1}}.",
  listOfValues: "Declare that the list holds values of {{1}}.",
  byIndex: "Refer to the element by its index {{1}}.",
  inEnglish: "Say it in English with the text that is there: {{1}}.",
  withoutUnknown: "Leave out {{1}}, which the metamodel does not know.",
  cutText: "Cut the text after {{1}} characters.",
  writeLanguage: "Write the language as {{1}}.",
  writeContentType: "Write the content type as {{1}}.",
  writeNumber: "Write the {{1}} as {{2}}.",
  writePath: "Write the path as {{1}}.",
  writeAs: "Write it as {{1}}.",
  withoutAttribute: "Leave out {{1}}: {{2}} is not a value of it.",
  writeValue: "Write the value as {{1}}.",
} as const;

export type RepairCode = keyof typeof REPAIR_SENTENCES;

/** The sentence of a code with its values, in English. */
export function repairSentence(code: RepairCode, values: readonly string[]): string {
  return REPAIR_SENTENCES[code].replace(/\{\{(\d)\}\}/g, (_, place: string) => values[Number(place) - 1] ?? "");
}
