import { Button, NumberInput, SegmentedControl } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { Card, useWords } from "@doppelwerk/kit/studio";
import { EFFORTS, type Effort, type RequestDraft } from "./request-draft.ts";

/** How much a search may spend, from which start and seed, and its start. */
export function EffortCard({
  draft: { effort, kind, seed },
  set,
  branch,
  isReady,
  busy,
  onStart,
}: {
  readonly draft: RequestDraft;
  readonly set: (change: Partial<RequestDraft>) => void;
  readonly branch: string;
  readonly isReady: boolean;
  readonly busy: boolean;
  readonly onStart: () => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <Card
      className="dw-search-last"
      title={t("simulate.optimise.effort")}
      note={t("simulate.optimise.effortText", { count: EFFORTS[effort] })}
    >
      <div className="dw-search-foot">
        <SegmentedControl
          size="xs"
          aria-label={t("simulate.optimise.effort")}
          value={effort}
          onChange={(value) => set({ effort: value as Effort })}
          data={(Object.keys(EFFORTS) as Effort[]).map((value) => ({ value, label: t(`simulate.optimise.${value}`) }))}
        />
        <SegmentedControl
          size="xs"
          value={kind}
          onChange={(value) => set({ kind: value as typeof kind })}
          data={[
            { value: "study", label: t("simulate.decide.study") },
            { value: "forecast", label: t("simulate.decide.forecast") },
          ]}
        />
        <NumberInput
          size="xs"
          label={t("simulate.decide.seed")}
          value={seed}
          min={0}
          max={2 ** 31 - 1}
          allowDecimal={false}
          onChange={(value) => set({ seed: value })}
          w={90}
        />
        <Button size="sm" loading={busy} disabled={!isReady} leftSection={<IconPlayerPlay size={15} />} onClick={onStart}>
          {t(branch === LIVE ? "simulate.optimise.startOnLive" : "simulate.optimise.start")}
        </Button>
      </div>
      {branch === LIVE && <p className="dw-fine">{t("simulate.optimise.liveText")}</p>}
    </Card>
  );
}
