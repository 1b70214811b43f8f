/** `stopBetween/microStop` in words; an unknown name is shown as it came. */
export function parameterWords(name: string, t: (key: string, values?: Record<string, unknown>) => string): string {
  const [kind = name, detail = ""] = name.split("/");
  const what = /^\d+$/.test(detail) ? t("parameter.try", { number: detail }) : t(`parameter.of.${detail}`, { defaultValue: detail });
  const words = t(`parameter.${kind}`, { what, defaultValue: kind });
  return detail === "" || words.includes(what) ? words : `${words}, ${what}`;
}
