import type { Origin } from "@doppelwerk/world";
import type { ReactNode } from "react";
import type { Translate } from "../language/catalogues.ts";
import { useWords } from "../session/context.tsx";

/** Where something shown is from: the origins of values, a forecast, and a run of a model that is watched. */
export type ShownOrigin = Origin | "forecast" | "simulation";

/** The one word for where something is from, as the legend, exports and the glossary have it; what it means stands on hover. */
export function OriginMark({ origin }: { readonly origin: ShownOrigin }): ReactNode {
  const { t } = useWords();
  return (
    <span className="dw-badge dw-origin" title={t(`origin.meaning.${origin}`)}>
      {t(`origin.${origin}`)}
    </span>
  );
}

/** `measured: read from a machine or sent by it`. */
export function originText(origin: ShownOrigin, t: Translate): string {
  return t("origin.valueIs", { origin: t(`origin.${origin}`), meaning: t(`origin.meaning.${origin}`) });
}
