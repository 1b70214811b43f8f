import type { Translate } from "@doppelwerk/kit/studio";

/** `stopBetween/microStop` in words; an unknown name is shown as it came. */
export function parameterWords(name: string, t: Translate): string {
  const [kind = name, detail = ""] = name.split("/");
  const what = /^\d+$/.test(detail)
    ? t("simulate.parameter.try", { number: detail })
    : t.or(`simulate.parameter.of.${detail}`, spelledOut(detail));
  const words = t.or(`simulate.parameter.${kind}`, kind, { what });
  return detail === "" || words.includes(what) ? words : `${words}, ${what}`;
}

/** `BottleSize` → `bottle size`: the name of an attribute is the plant's own. */
function spelledOut(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
}
