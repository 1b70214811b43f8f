import type { ReactNode } from "react";
import type { MergeRequest } from "@doppelwerk/client";
import { useWords } from "@doppelwerk/kit/studio";

export function StatusBadge({ request }: { readonly request: MergeRequest }): ReactNode {
  const { t } = useWords();
  return (
    <span className={`dw-status is-${request.stale && request.status !== "merged" ? "stale" : request.status}`}>
      {request.stale && request.status !== "merged" ? t("changes.stale") : t(`changes.status.${request.status}`)}
    </span>
  );
}
