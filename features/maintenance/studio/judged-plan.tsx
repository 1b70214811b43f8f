import { Button, NumberInput } from "@mantine/core";
import { IconGitFork } from "@tabler/icons-react";
import { useState } from "react";
import type { MouseEvent, ReactNode } from "react";
import {
  AddressLink,
  FormDialog,
  inLanguage,
  LIVE,
  messageText,
  numberText,
  OriginMark,
  percentText,
  useSentForm,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownPlan } from "../contract.ts";
import type {} from "../message-codes.ts";

interface Props {
  readonly plan: KnownPlan;
  readonly branch: string;
  readonly onJudged: () => void;
}

/** What a plan was judged to bring, with its interval and on which assumption; or a button that judges it. */
export function JudgedPlan({ plan, branch, onJudged }: Props): ReactNode {
  const { t } = useWords();
  const [isAsking, setAsking] = useState(false);
  const stop = (event: MouseEvent): void => event.stopPropagation();
  return (
    <span className="dw-plan-judged" onClick={stop}>
      {plan.judged !== undefined && <Verdict judged={plan.judged} branch={branch} />}
      {plan.fields.trigger.kind !== "condition" && (
        <Button size="compact-xs" variant="subtle" leftSection={<IconGitFork size={12} />} onClick={() => setAsking(true)}>
          {t(plan.judged === undefined ? "maintenance.judge.ask" : "maintenance.judge.again")}
        </Button>
      )}
      {isAsking && <JudgeDialog plan={plan} branch={branch} onClose={() => setAsking(false)} onJudged={onJudged} />}
    </span>
  );
}

const VERDICTS = { better: "better", worse: "worse", "no evidence": "noEvidence" } as const;

function Verdict({ judged, branch }: { readonly judged: NonNullable<KnownPlan["judged"]>; readonly branch: string }): ReactNode {
  const { t } = useWords();
  const { effect, prevented, byName, durationS } = judged;
  const { mean, halfWidth } = effect.difference;
  const units = (value: number): string => numberText(Math.round(value));
  return (
    <span className="dw-plan-name">
      <b>{t(`maintenance.judge.${VERDICTS[effect.verdict]}`)}</b> <OriginMark origin="simulated" />
      <small>
        {t("maintenance.judge.difference", {
          low: units(mean - halfWidth),
          high: units(mean + halfWidth),
          days: Math.round(effect.horizonS / 86_400),
        })}
      </small>
      <small>{t("maintenance.judge.assumed", { share: percentText(prevented), name: byName, minutes: numberText(durationS / 60) })}</small>
      {!effect.knowsFailures && <small>{t("maintenance.judge.noFailures")}</small>}
      {branch === LIVE && <AddressLink to={{ branch: judged.branch }}>{t("maintenance.judge.open")}</AddressLink>}
    </span>
  );
}

function JudgeDialog({ plan, branch, onClose, onJudged }: Props & { readonly onClose: () => void }): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { code, title } = plan.fields;
  const before = plan.judged;
  const form = useSentForm(
    { minutes: before === undefined ? 30 : before.durationS / 60, prevented: before === undefined ? 0 : before.prevented * 100 },
    async ({ minutes, prevented }) => {
      const name = t("maintenance.judge.name", { plan: inLanguage(title, language) }).slice(0, 80);
      const body = { minutes: Number(minutes), prevented: Number(prevented) / 100, name };
      const { why } = await calls.judge(studio.client, { params: { code }, query: { branch }, body });
      if (why !== undefined) studio.notify("trouble", t("maintenance.judge.failed"), messageText("", why));
      onJudged();
      onClose();
    },
  );
  return (
    <FormDialog form={form} title={t("maintenance.judge.title")} submit={t("maintenance.judge.now")} onClose={onClose}>
      <p className="dw-quiet-text">{t("maintenance.judge.text")}</p>
      <NumberInput label={t("maintenance.judge.minutes")} min={1} max={100_000} suffix=" min" data-autofocus {...form.field("minutes")} />
      <NumberInput
        label={t("maintenance.judge.prevented")}
        description={t("maintenance.judge.preventedHint")}
        min={0}
        max={95}
        suffix=" %"
        {...form.field("prevented")}
      />
    </FormDialog>
  );
}
