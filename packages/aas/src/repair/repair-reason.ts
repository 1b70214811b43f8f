import type { Message } from "@doppelwerk/messages";

/** What a repair would do, by its code, with up to two values. */
export type RepairCode =
  | "renameInForm"
  | "renameApart"
  | "setVersion"
  | "coManaged"
  | "withoutOwnSemanticId"
  | "withoutSemanticId"
  | "withoutReservedName"
  | "conceptQualifier"
  | "withoutValue"
  | "withoutTwin"
  | "withoutOther"
  | "listOfText"
  | "firstSupplemental"
  | "modelReference"
  | "withoutControls"
  | "withoutText"
  | "withoutReference"
  | "unknownLanguage"
  | "withoutContentType"
  | "withoutEmptyValue"
  | "textValue"
  | "externalReference"
  | "nameElement"
  | "renameIt"
  | "listOf"
  | "listOfValues"
  | "byIndex"
  | "inEnglish"
  | "withoutUnknown"
  | "cutText"
  | "writeLanguage"
  | "writeContentType"
  | "writeNumber"
  | "writePath"
  | "writeAs"
  | "withoutAttribute"
  | "writeValue";

/** What a repair would do, for a screen of any language. */
export function repairReason(code: RepairCode, [first = "", second = ""]: readonly string[]): Message {
  return { code: `aas.repair.${code}`, params: { first, second } };
}
