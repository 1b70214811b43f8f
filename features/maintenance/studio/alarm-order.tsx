import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import {
  AddressLink,
  answerOf,
  CardPart,
  useLoad,
  useScope,
  useStudio,
  useTask,
  useWords,
  type AlarmOfBlock,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";
import "./maintenance.css";

/** The work order of an alarm: one click opens it with what the alarm says, or it is there already. */
export default function AlarmOrder({ alarm }: { readonly alarm: AlarmOfBlock }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const loaded = useLoad(
    answerOf(
      calls.ofAlarm,
      { query: { branch, rule: alarm.rule, raised: alarm.raised } },
      { topics: { "maintenance.changed": () => true } },
    ),
  );
  const task = useTask((_, error) => studio.notifyFailure(error, t("maintenance.failed")));
  if (loaded.value === undefined || (!loaded.value.canOpen && loaded.value.orders.length === 0)) return null;
  const { orders, canOpen } = loaded.value;
  const open = (): void =>
    task.run(async () => {
      const { id } = await calls.openOfAlarm(studio.client, { query: { branch }, body: { rule: alarm.rule, raised: alarm.raised } });
      studio.address.go({ view: "maintenance", detail: id });
    });
  return (
    <CardPart title={t("maintenance.ofAlarm")}>
      {orders.length > 0 ? (
        <ul className="dw-maintenance-links">
          {orders.map(({ id, number, state }) => (
            <li key={id}>
              <AddressLink to={{ view: "maintenance", detail: id }}>{number}</AddressLink> {t(`maintenance.state.${state}`)}
            </li>
          ))}
        </ul>
      ) : (
        <p className="dw-quiet-text">{t("maintenance.noOrderOfAlarm")}</p>
      )}
      {canOpen && (
        <Button size="compact-md" variant="default" loading={task.busy} onClick={open}>
          {t("maintenance.openOfAlarm")}
        </Button>
      )}
    </CardPart>
  );
}
