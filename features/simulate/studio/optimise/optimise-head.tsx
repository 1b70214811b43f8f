import { Button, SegmentedControl } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useStudio, useWords } from "@doppelwerk/kit/studio";

/** What can be optimised; an address says it after `optimise`. */
export const optimiseKinds = ["line", "schedule", "balance", "layout", "blend"] as const;
export type OptimiseKind = (typeof optimiseKinds)[number];

/** Back to Decide, and what is optimised: the same head over every kind. */
export function OptimiseHead({ kind }: { readonly kind: OptimiseKind }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  return (
    <div className="dw-optimise-head">
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconArrowLeft size={15} />}
        onClick={() => studio.address.go({ detail: undefined })}
      >
        {t("simulate.optimise.back")}
      </Button>
      <SegmentedControl
        size="xs"
        aria-label={t("simulate.optimise.kinds")}
        value={kind}
        onChange={(value) => studio.address.go({ detail: `optimise:${value}` })}
        data={optimiseKinds.map((value) => ({ value, label: t(`simulate.optimise.kind.${value}`) }))}
      />
    </div>
  );
}
