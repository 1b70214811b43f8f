import type { Environment } from "@doppelwerk/aas";

/** Length of the names of the flood, in both languages. */
export const LONG = 60;
const FILLERS: Readonly<Record<string, string>> = {
  en: " beside the compressed air main of the northern assembly hall, second floor",
  zh: "位于北部总装车间二层压缩空气主管道旁，由设备维护一班负责日常点检与保养，备用设备存放于中央仓库三号货架区域并按季度盘点登记在册，责任人为当班班长",
};

/** A name filled up to its full length; what is longer stays. */
export function longName(name: string, language: string): string {
  const filler = FILLERS[language] ?? FILLERS["en"]!;
  return name.length >= LONG ? name : `${name}${filler.repeat(3)}`.slice(0, LONG).trimEnd().padEnd(LONG, "x");
}

/** The same plant whose display names are long wherever it has one. */
export function withLongNames(environment: Environment): Environment {
  const lengthened = (key: string, value: unknown): unknown =>
    key === "displayName" && Array.isArray(value)
      ? (value as readonly { readonly language: string; readonly text: string }[]).map((each) => ({
          ...each,
          text: longName(each.text, each.language),
        }))
      : value;
  return JSON.parse(JSON.stringify(environment, lengthened)) as Environment;
}
