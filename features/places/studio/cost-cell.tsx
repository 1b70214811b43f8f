import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";
import type { Cost } from "../contract.ts";
import { moneyDigits } from "../model/remainder.ts";
import { atLeast, useWhy } from "./known.ts";

/** An amount of money with what it is made of on hover; nothing where no price holds. */
export function CostText({ cost, unknownS }: { readonly cost: Cost | undefined; readonly unknownS?: number | undefined }): ReactNode {
  const { t, language } = useWords();
  const why = useWhy(unknownS);
  if (cost === undefined) return null;
  const { amount, currency, energy, scrap, atLeast: isBound } = cost;
  const parts = [
    ...(energy === undefined ? [] : [t("places.cost.energy", { amount: moneyText(energy, currency, language) })]),
    ...(scrap === undefined ? [] : [t("places.cost.scrap", { amount: moneyText(scrap, currency, language) })]),
  ];
  const said = [...parts, ...(why.atLeast === undefined ? [] : [why.atLeast]), ...(isBound ? [t("places.cost.atLeast")] : [])];
  return <span title={said.join(" · ")}>{atLeast(moneyText(amount, currency, language), isBound === true || unknownS !== undefined)}</span>;
}

export function moneyText(amount: number, currency: string, language: "en" | "zh", digits = moneyDigits(amount)): string {
  return new Intl.NumberFormat(language === "zh" ? "zh-CN" : "en-GB", {
    style: "currency",
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(amount);
}
