import type { Translate } from "@doppelwerk/kit/studio";

/** Kinds whose detail is an attribute of a product, named by the plant in one word. Of others it is an id, which is shown as it is. */
const OF_ATTRIBUTE: ReadonlySet<string> = new Set(["setUp"]);

/** `stopBetween/microStop` in words; an unknown name is shown as it came. */
export function parameterWords(name: string, t: Translate): string {
  const [kind = name, detail = ""] = name.split("/");
  const what = /^\d+$/.test(detail)
    ? t("simulate.parameter.try", { number: detail })
    : t.or(`simulate.parameter.of.${detail}`, OF_ATTRIBUTE.has(kind) ? spelledOut(detail) : detail);
  const words = t.or(`simulate.parameter.${kind}`, kind, { what });
  return detail === "" || words.includes(what) ? words : `${words}, ${what}`;
}

/** `BottleSize` → `bottle size`; a name that is not of such words (`RFID`, `PN16`, `class_A`) stays as the plant writes it. */
function spelledOut(name: string): string {
  return /^[A-Za-z]?[a-z]+(?:[A-Z][a-z]+)*$/.test(name) ? name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase() : name;
}
