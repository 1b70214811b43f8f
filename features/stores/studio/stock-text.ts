import { numberText, useWords } from "@doppelwerk/kit/studio";
import type { KnownPart } from "../contract.ts";
import type {} from "../message-codes.ts";

type Translate = ReturnType<typeof useWords>["t"];

/** A quantity with its unit; codes of UN/ECE Recommendation 20 that people do not read are words. */
export function useUnit(): (quantity: number, unit: string) => string {
  const { t } = useWords();
  return (quantity, unit) => {
    const isPieces = unit === "PCE" || unit === "EA" || unit === "C62";
    return `${numberText(quantity)} ${isPieces ? t("stores.pieces") : unit}`;
  };
}

export function daysText(days: number, t: Translate): string {
  return t("stores.days", { days: days < 10 ? Math.round(days * 10) / 10 : Math.round(days) });
}

/** Days until it is used up, with the interval of 80 %. */
export function reachText({ days, low, high }: NonNullable<KnownPart["reach"]>, t: Translate): string {
  const whole = (each: number): number => (each < 10 ? Math.round(each * 10) / 10 : Math.round(each));
  return t("stores.reachDays", { days: whole(days), low: whole(low), high: whole(high) });
}
