import type { ReactNode } from "react";
import type { Language, Message } from "@doppelwerk/messages";
import { messageText } from "../language/catalogues.ts";
import { inLanguage } from "../language/language.ts";
import { useWords } from "../session/context.tsx";
import { operation } from "../session/operation.ts";
import { fixedText, withUnit } from "./number.ts";
import { TargetMark } from "./target-mark.tsx";

/** A KPI that a pack declares, over a period. */
export interface ShownKpi {
  readonly id: string;
  readonly feature: string;
  readonly pack: string;
  readonly title: { readonly en: string; readonly zh: string };
  readonly description?: { readonly en: string; readonly zh: string };
  readonly unit?: string;
  readonly iso22400?: string;
  readonly better: "more" | "less";
  readonly digits: number;
  readonly target?: { readonly target: number; readonly warning: number };
  readonly value?: number;
  readonly n?: number;
  readonly fault?: Message;
}

/** KPIs that packs declare: query `from`, `to` in µs, `feature` and `place` where it is of one. */
export const declaredKpis = operation<{ readonly kpis: readonly ShownKpi[] }>("GET /declared-kpis");

/** Key figures with unit, target and how many things each is of. What is not known is a dash, with why. */
export function KpiFigures({ kpis }: { readonly kpis: readonly ShownKpi[] }): ReactNode {
  const { language } = useWords();
  return (
    <dl className="dw-kpi-figures">
      {kpis.map((kpi) => (
        <div key={kpi.id}>
          <dt title={aboutKpi(kpi, language)}>{inLanguage(kpi.title, language)}</dt>
          <Figure kpi={kpi} />
        </div>
      ))}
    </dl>
  );
}

function aboutKpi({ description, iso22400 }: ShownKpi, language: Language): string | undefined {
  const parts = [
    ...(description ? [inLanguage(description, language)] : []),
    ...(iso22400 === undefined ? [] : [`ISO 22400-2: ${iso22400}`]),
  ];
  return parts.length === 0 ? undefined : parts.join(" · ");
}

function Figure({ kpi: { value, n, unit, digits, target, better, fault } }: { readonly kpi: ShownKpi }): ReactNode {
  const { t } = useWords();
  const goal = target && ({ ...target, better: better === "more" ? 1 : -1 } as const);
  const why = fault === undefined ? undefined : messageText("", fault);
  return (
    <dd>
      <b>{value === undefined ? "–" : withUnit(fixedText(value, digits), unit)}</b>{" "}
      <TargetMark value={value} target={goal} digits={digits} />
      <small title={why}>
        {[...(value === undefined ? [why ?? t("kpi.unknown")] : []), ...(n === undefined ? [] : [`n = ${n}`])].join(" · ")}
      </small>
    </dd>
  );
}
