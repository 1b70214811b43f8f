// The nouns of the house: the Asset Administration Shell metamodel 3.1, its serialisations, validation and value forms.

export * from "./metamodel.ts";
export { VALUE_TYPES, type ValueType } from "./value-type.ts";
export { inThisLanguage, error, hasErrors, info, repaired, strictly, warning, type Finding, type Severity } from "./finding.ts";
export { decodeId, encodeId } from "./identifier.ts";
export { childrenOf, elementAt, formatIdShortPath, parseIdShortPath, type IdShortPathSegment } from "./id-short-path.ts";
export { parseEnvironment } from "./json/parse-environment.ts";
export { isDeeperThan } from "./json/json-depth.ts";
export { jsonPieces, writeEnvironment } from "./json/write-environment.ts";
export { CLASSES, type AttributeRow, type AttributeType, type ClassName, type ClassRow } from "./class-table.ts";
export { isContentType } from "./text-form.ts";
export { isLexical, isNumeric } from "./lexical.ts";
export { sameReference } from "./validation/reference-rules.ts";
export { classOf, validate } from "./validation/validate.ts";
export { validateBytes, type KnownClass } from "./import/validate-bytes.ts";
export { readFile, type FileContent } from "./import/read-file.ts";
export { takeDocument, type DocumentHome } from "./import/take-instance.ts";
export { readXml, readXmlOf } from "./xml/read-xml.ts";
export type { ReadEnvironment, Release } from "./read-environment.ts";
export { parseXml, type XmlElement } from "./xml/xml-node.ts";
export { writeXml, writeXmlOf, xmlPieces, type WriteXmlOptions } from "./xml/write-xml.ts";
export { readAasx, type AasxContent, type AasxFile } from "./aasx/read-aasx.ts";
export { DEFAULT_LIMITS, partFinder, type AasxLimits } from "./aasx/open-package.ts";
export { unpackArchive } from "./archive/unpack.ts";
export { writeAasx, type WriteAasxOptions } from "./aasx/write-aasx.ts";
export { aasxPieces, type PackedPart } from "./aasx/aasx-pieces.ts";
export { downgrade } from "./release/downgrade.ts";
export { applyRepairs, type Repair, type RepairChange, type FormerRepair } from "./repair/repair.ts";
export type { RepairCode } from "./repair/repair-reason.ts";
export { repairEnvironment, type Repaired } from "./repair/repair-environment.ts";
export { repairsOf } from "./repair/repairs-of.ts";
export { reportOf, type FileFinding, type FileReport, type RepairRequest } from "./repair/file-report.ts";
export { applyValue, type Applied } from "./value-form/apply-value.ts";
export { valueOf, type ValueOfOptions } from "./value-form/value-of.ts";
export {
  isLexicalNumber,
  lexicalNumber,
  parseValueText,
  writeValueText,
  type LexicalNumber,
  type ValueOnly,
} from "./value-form/value-text.ts";
export { isMetadata, metadataOf } from "./value-form/metadata-of.ts";
export { pathsOf } from "./value-form/paths-of.ts";
export { referenceTo } from "./value-form/reference-to.ts";
export { semanticIds } from "./semantic-ids.ts";
export { jsonOfLexical, lexicalOfJson } from "./value-form/lexical-json.ts";
