import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/kit/studio";
import { OriginLegend } from "./origin-marks.tsx";

/** Where values are from, and the words that stand beside them. */
export default function OriginsHelp(): ReactNode {
  const { t } = useWords();
  return (
    <section>
      <h3>{t("history.originTitle")}</h3>
      <OriginLegend />
    </section>
  );
}
