import { Button, MultiSelect, Select, Switch, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { durationText, Form, LoadedCard, MINUTE, useLoad, useSentForm, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Own } from "../contract.ts";
import type {} from "../message-codes.ts";
import { clockOf, minuteOf, ownZone, timeZones } from "./times.ts";
import { SoundPart } from "./sound-part.tsx";
import "./notifications.css";

const PRIORITIES = ["1", "2", "3", "4"] as const;

/** How one is reached: addresses, language, hours; which alarms do; and what is heard in this browser. */
export default function OwnCard(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const loaded = useLoad((signal) => calls.own(client, {}, { signal }), []);
  return (
    <LoadedCard title={t("notifications.own")} note={() => t("notifications.ownNote")} loaded={loaded}>
      {(known) => (
        <>
          {!known.hasMail && <p className="dw-fine">{t("notifications.noMailServer")}</p>}
          <Addresses key={JSON.stringify(known.addresses)} known={known} onChanged={loaded.reload} />
          <Reaches reaches={known.reaches} />
          <SoundPart />
        </>
      )}
    </LoadedCard>
  );
}

function Addresses({ known: { addresses, hasMail }, onChanged }: { readonly known: Own; readonly onChanged: () => void }): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { quiet } = addresses ?? {};
  const initial = {
    mail: (addresses?.mail ?? []).join(", "),
    language: addresses?.language ?? language,
    timeZone: addresses?.timeZone ?? ownZone(),
    priorities: (addresses?.priorities ?? [1, 2, 3, 4]).map(String),
    isQuiet: quiet !== undefined,
    from: clockOf(quiet?.from ?? 1_320),
    to: clockOf(quiet?.to ?? 360),
    quietFor: (quiet?.priorities ?? [3, 4]).map(String),
  };
  const form = useSentForm(initial, async (typed) => {
    const mail = typed.mail.split(/[,;\s]+/).filter((text) => text !== "");
    const [from, to] = [minuteOf(typed.from) ?? 0, minuteOf(typed.to) ?? 0];
    const held = { priorities: typed.quietFor.map(Number) as never, from, to };
    const body = {
      mail,
      language: typed.language as never,
      timeZone: typed.timeZone,
      priorities: typed.priorities.map(Number) as never,
      ...(typed.isQuiet && { quiet: held }),
    };
    await calls.setOwn(studio.client, { body });
    studio.notify("good", t("notifications.ownStored"));
    onChanged();
  });
  const { values, set } = form;
  const areTimes = minuteOf(values.from) !== undefined && minuteOf(values.to) !== undefined;
  return (
    <Form
      form={form}
      layout="grid"
      submit={t("notifications.store")}
      isWhole={form.isChanged && (!values.isQuiet || (areTimes && values.quietFor.length > 0))}
      buttons={
        <OwnButtons hasAddress={hasMail && (addresses?.mail.length ?? 0) > 0} isThere={addresses !== undefined} onChanged={onChanged} />
      }
    >
      <TextInput label={t("notifications.mailAddresses")} type="email" multiple autoComplete="email" {...form.field("mail")} />
      <Select
        label={t("notifications.language")}
        allowDeselect={false}
        data={[
          { value: "en", label: "English" },
          { value: "zh", label: t("notifications.chinese") },
        ]}
        {...form.field("language")}
      />
      <Select label={t("notifications.timeZone")} searchable allowDeselect={false} data={[...timeZones()]} {...form.field("timeZone")} />
      <MultiSelect label={t("notifications.priorities")} data={[...PRIORITIES]} {...form.field("priorities")} />
      <Switch
        label={t("notifications.quiet")}
        checked={values.isQuiet}
        onChange={(event) => set({ isQuiet: event.currentTarget.checked })}
      />
      {values.isQuiet && (
        <>
          <TextInput label={t("notifications.from")} placeholder="22:00" {...form.field("from")} />
          <TextInput label={t("notifications.to")} placeholder="06:00" {...form.field("to")} />
          <MultiSelect label={t("notifications.quietPriorities")} data={["2", "3", "4"]} {...form.field("quietFor")} />
        </>
      )}
    </Form>
  );
}

function OwnButtons({
  hasAddress,
  isThere,
  onChanged,
}: {
  readonly hasAddress: boolean;
  readonly isThere: boolean;
  readonly onChanged: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const task = useTask((_, error) => studio.notifyFailure(error, t("notifications.testFailed")));
  const test = (): void => task.run(() => calls.testOwn(studio.client).then(() => studio.notify("good", t("notifications.testSent"))));
  const remove = (): void => task.run(() => calls.removeOwn(studio.client).then(onChanged));
  return (
    <>
      <Button variant="default" disabled={!hasAddress} loading={task.busy} onClick={test}>
        {t("notifications.sendTest")}
      </Button>
      {isThere && (
        <Button variant="default" color="red" loading={task.busy} onClick={remove}>
          {t("notifications.removeAddresses")}
        </Button>
      )}
    </>
  );
}

/** Which alarms reach one, by which rule and step. */
function Reaches({ reaches }: Pick<Own, "reaches">): ReactNode {
  const { t, language } = useWords();
  return (
    <section className="dw-notify-part">
      <h3>{t("notifications.reaches")}</h3>
      {reaches.length === 0 ? (
        <p className="dw-fine">{t("notifications.reachesNone")}</p>
      ) : (
        <ul className="dw-notify-list">
          {reaches.map(({ rule, step, afterMinutes, calendar, isOnCall }) => (
            <li key={`${rule.id} ${step} ${calendar?.id ?? ""}`}>
              <b>{rule.name}</b>{" "}
              <span className="dw-quiet">
                {afterMinutes === 0
                  ? t("notifications.reachAtOnce", { step })
                  : t("notifications.reachStep", { step, after: durationText(afterMinutes * MINUTE, language) })}
                {calendar !== undefined && ` · ${calendar.name}`}
              </span>{" "}
              {isOnCall === true && <span className="dw-badge">{t("notifications.onCallNow")}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
