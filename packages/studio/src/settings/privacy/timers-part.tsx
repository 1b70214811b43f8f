import { NumberInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { PrivacyTimers } from "@doppelwerk/client";
import { CardPart, Form, LoadedPart, momentText, useLoad, useSentForm, useStudio, useWords } from "@doppelwerk/ui";

const TIMERS = ["texts", "entries", "accounts"] as const;

/** After how many days data of people goes by itself, and when that was done last. */
export function TimersPart(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const loaded = useLoad((signal) => client.privacyTimers({ signal }), []);
  return (
    <CardPart title={t("settings.privacyTimers")}>
      <LoadedPart loaded={loaded}>
        {(value) => <Timers key={JSON.stringify(value.timers)} value={value} onChanged={loaded.reload} />}
      </LoadedPart>
    </CardPart>
  );
}

function Timers({ value: { timers, ran }, onChanged }: { readonly value: PrivacyTimers; readonly onChanged: () => void }): ReactNode {
  const { client } = useStudio();
  const { t, zone, language } = useWords();
  const initial: Readonly<Record<string, number | string>> = Object.fromEntries(TIMERS.map((name) => [name, timers[name] ?? ""]));
  const form = useSentForm(initial, async (values) => {
    await client.setPrivacyTimers(Object.fromEntries(Object.entries(values).filter(([, days]) => typeof days === "number")));
    onChanged();
  });
  return (
    <>
      <Form form={form} submit={t("settings.privacySave")} isWhole={form.isChanged}>
        {TIMERS.map((name) => (
          <NumberInput
            key={name}
            label={t(`settings.privacyTimer.${name}`)}
            placeholder={t("settings.privacyTimerNone")}
            suffix={t("settings.privacyDays")}
            min={1}
            max={36_500}
            allowDecimal={false}
            {...form.field(name)}
          />
        ))}
      </Form>
      <p className="dw-fine">
        {ran === undefined
          ? t("settings.privacyNotRun")
          : t("settings.privacyRan", {
              time: momentText(ran.at, zone, language),
              count: ran.documents + ran.keys + ran.salts + ran.accounts,
            })}
      </p>
    </>
  );
}
