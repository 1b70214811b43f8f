import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { useStudio, useWords } from "../session/context.tsx";
import { auditPage } from "../slots/audit-page.ts";

/** A quiet way to how a figure is computed; nothing where the product does not show it. */
export function AuditLink({
  figure,
  place,
}: {
  readonly figure: string;
  /** Of this place, whichever is at hand. */ readonly place?: string;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  if (studio.views.of(auditPage).length === 0) return null;
  return (
    <UnstyledButton
      className="dw-audit-link"
      aria-label={t("kpi.howComputed")}
      title={t("kpi.howComputed")}
      onClick={() => studio.address.go({ audit: figure, ...(place !== undefined && { detail: place }) })}
    >
      ƒ
    </UnstyledButton>
  );
}
