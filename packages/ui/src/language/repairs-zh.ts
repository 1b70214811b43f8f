import type { Repair, RepairCode } from "@doppelwerk/aas";
import type { Language } from "../time/format.ts";

/** What repairs say in Chinese, by their code; {{1}}, {{2}} are their values. English is what the repair itself says. */
const repairsZh: Readonly<Record<RepairCode, string>> = {
  renameInForm: "将 {{1}} 改名为 {{2}}（只含字母、数字、连字符和下划线）。",
  renameApart: "将 {{1}} 改名为 {{2}}（使名称不重复）。",
  setVersion: "将版本号设为“0”。",
  coManaged: "将实体改为共管实体（CoManagedEntity）。",
  withoutOwnSemanticId: "去掉元素自己的语义标识：以列表声明的为准。",
  withoutSemanticId: "去掉元素自己的语义标识。",
  withoutReservedName: "去掉使用保留名称的特定资产标识。",
  conceptQualifier: "将限定符改为 ConceptQualifier。",
  withoutValue: "去掉单个值，保留值列表。",
  withoutTwin: "去掉第二个：两者内容相同。",
  withoutOther: "去掉第二个，它的内容与第一个不同。",
  listOfText: "声明列表元素的值类型为 xs:string。",
  firstSupplemental: "将第一个补充语义标识作为主语义标识。",
  modelReference: "改为模型引用：从它的键可以看出。",
  withoutControls: "用 U+FFFD 代替 XML 不能容纳的字符。",
  withoutText: "去掉空文本。",
  withoutReference: "去掉此引用：它什么也没有引用。",
  unknownLanguage: "将语言标为未知（“und”）。",
  withoutContentType: "去掉内容类型。",
  withoutEmptyValue: "去掉空值。",
  textValue: "将值改为文本（xs:string）。",
  externalReference: "改为外部引用：所有键均为全局名称。",
  nameElement: "将元素命名为 {{1}}。",
  renameIt: "改名为 {{1}}。",
  listOf: "声明列表元素的类为 {{1}}。",
  listOfValues: "声明列表元素的值类型为 {{1}}。",
  byIndex: "改用索引 {{1}} 引用该元素。",
  inEnglish: "用现有文本补上英文：{{1}}。",
  withoutUnknown: "去掉元模型中没有的 {{1}}。",
  cutText: "将文本截短到 {{1}} 个字符。",
  writeLanguage: "将语言写为 {{1}}。",
  writeContentType: "将内容类型写为 {{1}}。",
  writeNumber: "将 {{1}} 写为 {{2}}。",
  writePath: "将路径写为 {{1}}。",
  writeAs: "写为 {{1}}。",
  withoutAttribute: "去掉 {{1}}：{{2}} 不是允许的值。",
  writeValue: "将值写为 {{1}}。",
};

/** What a repair would do, in the reader's language; in English where the server knows a repair that this page does not. */
export function repairText({ how, told }: Pick<Repair, "how" | "told">, language: Language): string {
  const own: string | undefined = language === "zh" ? repairsZh[told.code] : undefined;
  return own?.replace(/\{\{(\d)\}\}/g, (_, place: string) => told.values[Number(place) - 1] ?? "") ?? how;
}
