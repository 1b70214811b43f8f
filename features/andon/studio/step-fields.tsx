import { Button, MultiSelect } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { answerOf, useLoad, useScope, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";
import type { AndonRuleFields } from "../model/andon-kinds.ts";
import { MinutesInput } from "./minutes-input.tsx";

type Steps = AndonRuleFields["steps"];
type To = Steps[number]["to"][number];

const MAX_STEPS = 10;

const keyOf = (to: To): string => `${to.kind} ${to.kind === "onCall" ? to.calendar : to.kind === "person" ? to.person : to.channel}`;

/** Who is notified at once, and who next where nobody takes the andon. */
export function StepFields({ steps, onChange }: { readonly steps: Steps; readonly onChange: (steps: Steps) => void }): ReactNode {
  const { t } = useWords();
  const { branch } = useScope();
  const known = useLoad(answerOf(calls.recipients, { query: { branch } })).value ?? [];
  const byKey = new Map(known.map(({ recipient }) => [keyOf(recipient), recipient]));
  for (const { to } of steps) for (const each of to) if (!byKey.has(keyOf(each))) byKey.set(keyOf(each), each);
  const names = new Map(known.map(({ recipient, name }) => [keyOf(recipient), name]));
  const data = [...byKey].map(([value, { kind }]) => ({
    value,
    label: t(`andon.rule.to.${kind}`, { name: names.get(value) ?? value }),
  }));
  const change = (at: number, step: Partial<Steps[number]>): void =>
    onChange(steps.map((each, index) => (index === at ? { ...each, ...step } : each)));
  return (
    <fieldset className="dw-andon-steps">
      <legend>{t("andon.rule.steps")}</legend>
      {steps.map((step, at) => (
        <div key={at} className="dw-andon-row">
          <MinutesInput
            label={t("andon.rule.after")}
            value={step.afterMinutes}
            max={1_440}
            onChange={(afterMinutes) => change(at, { afterMinutes })}
          />
          <MultiSelect
            label={t("andon.rule.notified")}
            value={step.to.map(keyOf)}
            data={data}
            searchable
            onChange={(keys) => change(at, { to: keys.flatMap((key) => byKey.get(key) ?? []) })}
          />
          <Button
            variant="subtle"
            color="gray"
            aria-label={t("andon.rule.removeStep", { at: at + 1 })}
            onClick={() => onChange(steps.filter((_, index) => index !== at))}
          >
            {t("andon.rule.remove")}
          </Button>
        </div>
      ))}
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconPlus size={14} />}
        disabled={steps.length >= MAX_STEPS}
        onClick={() => onChange([...steps, { afterMinutes: (steps.at(-1)?.afterMinutes ?? -5) + 5, to: [] }])}
      >
        {t("andon.rule.addStep")}
      </Button>
    </fieldset>
  );
}
